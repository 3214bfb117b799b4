package io.fluxcore.domain.window;

/**
 * Windows that share their start and grow by a step until they have the full size, when the next
 * ones start (the CUMULATE function of Flink SQL): of one hour by steps of ten minutes are {@code
 * [0:00, 0:10)}, {@code [0:00, 0:20)} … {@code [0:00, 1:00)}, {@code [1:00, 1:10)} …
 *
 * @param sizeMillis length of the longest window, a multiple of the step
 * @param stepMillis by how much the next window is longer, positive
 * @param offsetMillis shift of all starts from the multiples of the size
 */
public record CumulativeWindows(long sizeMillis, long stepMillis, long offsetMillis)
    implements TimeWindows {
  public CumulativeWindows {
    if (sizeMillis <= 0 || stepMillis <= 0 || sizeMillis % stepMillis != 0) {
      throw new IllegalArgumentException(
          "size "
              + sizeMillis
              + " ms and step "
              + stepMillis
              + " ms must be positive, and the size a multiple of the step");
    }
    if (sizeMillis > MAX_TIME || offsetMillis > MAX_TIME || offsetMillis < -MAX_TIME) {
      throw new IllegalArgumentException("size and offset are at most " + MAX_TIME + " ms");
    }
  }

  @Override
  public boolean isTumbling() {
    return sizeMillis == stepMillis;
  }

  /** Start of the windows that hold a time. */
  private long base(long time) {
    return time - Math.floorMod(time - offsetMillis, sizeMillis);
  }

  @Override
  public long sliceStart(long time) {
    return time - Math.floorMod(time - offsetMillis, stepMillis);
  }

  @Override
  public long sliceEnd(long sliceStart) {
    return sliceStart + stepMillis;
  }

  @Override
  public boolean isGap(long sliceStart) {
    return false;
  }

  @Override
  public long firstEnd(long sliceStart) {
    return sliceStart + stepMillis;
  }

  @Override
  public long lastEnd(long sliceStart) {
    return base(sliceStart) + sizeMillis;
  }

  @Override
  public long nextEnd(long end) {
    return end + stepMillis;
  }

  @Override
  public long start(long end) {
    return base(end - 1);
  }

  @Override
  public String toString() {
    return "cumulative "
        + sizeMillis
        + " ms by "
        + stepMillis
        + " ms"
        + (offsetMillis == 0 ? "" : " offset " + offsetMillis + " ms");
  }
}
