package io.fluxcore.domain.window;

import java.math.BigInteger;

/**
 * After every {@code slide} rows of a group the result over its last {@code size} rows, as Flink's
 * {@code countWindow(size, slide)}: the first results of a sliding window are over fewer rows. With
 * a slide of the size rows fall into windows side by side. Time plays no part.
 *
 * <p>The rows are held in <em>panes</em> of as many rows as divide both numbers.
 *
 * @param size rows of a window, positive
 * @param slide rows from one result to the next, positive
 * @param incomplete whether the end of the input gives the rows of a window that is not full; only
 *     where the slide is the size
 */
public record CountWindows(long size, long slide, boolean incomplete) implements WindowSpec {
  /** Panes that a window may have. */
  public static final int MAX_PANES = 10_000;

  public CountWindows {
    if (size <= 0 || slide <= 0) {
      throw new IllegalArgumentException(
          "size " + size + " and slide " + slide + " must be positive");
    }
    if (size / gcd(size, slide) > MAX_PANES) {
      throw new IllegalArgumentException(
          "windows of "
              + size
              + " rows every "
              + slide
              + " have "
              + size / gcd(size, slide)
              + " panes, more than "
              + MAX_PANES);
    }
    if (incomplete && size != slide) {
      throw new IllegalArgumentException("sliding count windows give no incomplete results");
    }
  }

  private static long gcd(long a, long b) {
    return BigInteger.valueOf(a).gcd(BigInteger.valueOf(b)).longValueExact();
  }

  /** Rows of a pane. */
  long paneRows() {
    return gcd(size, slide);
  }

  /** Panes of a window. */
  int panes() {
    return Math.toIntExact(size / paneRows());
  }

  boolean isTumbling() {
    return size == slide;
  }

  @Override
  public String toString() {
    return "count " + size + (isTumbling() ? "" : " every " + slide);
  }
}
