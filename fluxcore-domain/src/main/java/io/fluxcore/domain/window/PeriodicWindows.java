package io.fluxcore.domain.window;

/**
 * Tumbling and sliding windows: {@code [start, start + size)} for every start with {@code start ≡
 * offset (mod slide)}. Tumbling windows slide by their size; a slide larger than the size leaves
 * gaps whose rows belong to no window. Floor division throughout, so that negative times work.
 *
 * <p>Where the size is a multiple of the slide a slice is as long as the slide; otherwise there are
 * two a slide.
 *
 * @param sizeMillis length of a window, positive
 * @param slideMillis distance between starts, positive
 * @param offsetMillis shift of all starts
 */
public record PeriodicWindows(long sizeMillis, long slideMillis, long offsetMillis)
    implements TimeWindows {
  public PeriodicWindows {
    if (sizeMillis <= 0 || slideMillis <= 0) {
      throw new IllegalArgumentException(
          "size " + sizeMillis + " ms and slide " + slideMillis + " ms must be positive");
    }
    if (sizeMillis > MAX_TIME
        || slideMillis > MAX_TIME
        || offsetMillis > MAX_TIME
        || offsetMillis < -MAX_TIME) {
      throw new IllegalArgumentException("size, slide and offset are at most " + MAX_TIME + " ms");
    }
  }

  @Override
  public boolean isTumbling() {
    return sizeMillis == slideMillis;
  }

  /** Where the second slice of a slide begins, counted from a window start; 0 if there is one. */
  private long secondSlice() {
    return sizeMillis >= slideMillis ? sizeMillis % slideMillis : sizeMillis;
  }

  /** Start of the last window that begins at or before a time. */
  private long lastStart(long time) {
    return time - Math.floorMod(time - offsetMillis, slideMillis);
  }

  @Override
  public long sliceStart(long time) {
    long base = lastStart(time);
    long second = secondSlice();
    return second != 0 && time - base >= second ? base + second : base;
  }

  @Override
  public long sliceEnd(long sliceStart) {
    long base = lastStart(sliceStart);
    long second = secondSlice();
    return second != 0 && sliceStart == base ? base + second : base + slideMillis;
  }

  @Override
  public boolean isGap(long sliceStart) {
    return sliceStart - lastStart(sliceStart) >= sizeMillis;
  }

  /** Start of the first window that holds a slice which is not a gap. */
  private long firstStart(long sliceStart) {
    long last = lastStart(sliceStart);
    long before = (sizeMillis - 1 - (sliceStart - last)) / slideMillis;
    return last - before * slideMillis;
  }

  @Override
  public long firstEnd(long sliceStart) {
    return firstStart(sliceStart) + sizeMillis;
  }

  @Override
  public long lastEnd(long sliceStart) {
    return lastStart(sliceStart) + sizeMillis;
  }

  @Override
  public long nextEnd(long end) {
    return end + slideMillis;
  }

  @Override
  public long start(long end) {
    return end - sizeMillis;
  }

  /** Slices of a window. */
  public int slicesPerWindow() {
    long second = secondSlice();
    long whole = sizeMillis / slideMillis;
    return Math.toIntExact(second == 0 ? whole : whole == 0 ? 1 : 2 * whole + 1);
  }

  @Override
  public String toString() {
    return (isTumbling()
            ? "tumbling " + sizeMillis + " ms"
            : "sliding " + sizeMillis + " ms every " + slideMillis + " ms")
        + (offsetMillis == 0 ? "" : " offset " + offsetMillis + " ms");
  }
}
