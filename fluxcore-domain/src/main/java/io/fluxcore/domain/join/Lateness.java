package io.fluxcore.domain.join;

import io.fluxcore.domain.window.WindowSpec;

/**
 * How long after the watermark has reached a time a join still takes rows of that time. Results
 * wait as long, and so does the watermark behind the join, so that they are never late.
 *
 * @param millis from 0
 */
public record Lateness(long millis) {
  /** Rows at or below the watermark are late. */
  public static final Lateness NONE = new Lateness(0);

  public Lateness {
    if (millis < 0 || millis > WindowSpec.MAX_TIME) {
      throw new IllegalArgumentException(
          "allowed lateness " + millis + " ms is not within 0.." + WindowSpec.MAX_TIME);
    }
  }

  /** Whether nothing of a time, or before it, is taken any more. */
  boolean isOver(long time, long watermark) {
    return time + millis <= watermark;
  }

  /** The last time of which {@link #isOver} is true. */
  long horizon(long watermark) {
    return horizon(watermark, millis);
  }

  /** A watermark that is so much behind another one, but for the last of all. */
  static long horizon(long watermark, long behind) {
    return watermark == Long.MAX_VALUE
        ? watermark
        : Math.max(watermark, Long.MIN_VALUE + behind) - behind;
  }
}
