package io.fluxcore.domain.window;

/**
 * Tumbling and sliding windows over a time axis in milliseconds: {@code [start, start + size)} for
 * every start with {@code start ≡ offset (mod slide)}. Tumbling windows slide by their size; a
 * slide larger than the size leaves gaps whose rows belong to no window. Pure functions, floor
 * division throughout, so that negative times work.
 *
 * <p>Each window is a union of <em>slices</em>: the time between two neighbouring window edges.
 * Where the size is a multiple of the slide a slice is as long as the slide; otherwise there are
 * two a slide. Rows are aggregated once per slice, whatever the number of windows it is in
 * (Krishnamurthy et al., 2006; Carbone et al., 2016).
 *
 * @param sizeMillis length of a window, positive
 * @param slideMillis distance between starts, positive
 * @param offsetMillis shift of all starts
 */
public record WindowSpec(long sizeMillis, long slideMillis, long offsetMillis) {
  /**
   * Times beyond this (some 73,000 years from the epoch) are refused, so that no sum of theirs
   * overflows, in microseconds either.
   */
  public static final long MAX_TIME = Long.MAX_VALUE / 4000;

  public WindowSpec {
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

  public static WindowSpec tumbling(long sizeMillis, long offsetMillis) {
    return new WindowSpec(sizeMillis, sizeMillis, offsetMillis);
  }

  public static WindowSpec sliding(long sizeMillis, long slideMillis, long offsetMillis) {
    return new WindowSpec(sizeMillis, slideMillis, offsetMillis);
  }

  public boolean isTumbling() {
    return sizeMillis == slideMillis;
  }

  /** Where the second slice of a slide begins, counted from a window start; 0 if there is one. */
  private long secondSlice() {
    return sizeMillis >= slideMillis ? sizeMillis % slideMillis : sizeMillis;
  }

  /** Start of the last window that begins at or before a time. */
  public long lastStart(long time) {
    return time - Math.floorMod(time - offsetMillis, slideMillis);
  }

  /** Start of the slice that holds a time. */
  public long sliceStart(long time) {
    long base = lastStart(time);
    long second = secondSlice();
    return second != 0 && time - base >= second ? base + second : base;
  }

  /** End of the slice that starts there, exclusive. */
  public long sliceEnd(long sliceStart) {
    long base = lastStart(sliceStart);
    long second = secondSlice();
    return second != 0 && sliceStart == base ? base + second : base + slideMillis;
  }

  /** Whether a slice lies between two windows. */
  public boolean isGap(long sliceStart) {
    return sliceStart - lastStart(sliceStart) >= sizeMillis;
  }

  /** Start of the first window that holds a slice which is not a gap. */
  public long firstStart(long sliceStart) {
    long last = lastStart(sliceStart);
    long before = (sizeMillis - 1 - (sliceStart - last)) / slideMillis;
    return last - before * slideMillis;
  }

  /** End of a window, exclusive. */
  public long end(long windowStart) {
    return windowStart + sizeMillis;
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
