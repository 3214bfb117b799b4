package io.fluxcore.domain.job;

import java.time.Duration;

/**
 * When so much fails that a job is suspended rather than go on with it: more failures within a time
 * than a number or a share of the rows that sources read in it.
 *
 * @param failures most failures within the window; {@link #ANY}: the share alone counts
 * @param share most failures for each row that sources read, 0..1; 1: the number alone counts
 * @param window the time
 * @param rows that sources must have read in the window before the share counts
 */
public record ErrorBreaker(long failures, double share, Duration window, long rows) {
  /** As many failures as there are. */
  public static final long ANY = Long.MAX_VALUE;

  public ErrorBreaker {
    check(failures >= 1, "failures is " + failures + ", must be at least 1");
    check(share > 0 && share <= 1, "share is " + share + ", must be above 0 and at most 1");
    check(failures != ANY || share < 1, "a breaker needs a number of failures or a share below 1");
    check(
        window.compareTo(Duration.ofSeconds(1)) >= 0,
        "window is " + window + ", must be a second at least");
    check(rows >= 1, "rows is " + rows + ", must be at least 1");
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** More than so many failures within a time. */
  public static ErrorBreaker ofFailures(long failures, Duration window) {
    return new ErrorBreaker(failures, 1, window, 1);
  }

  /** More than a share of at least so many rows within a time. */
  public static ErrorBreaker ofShare(double share, Duration window, long rows) {
    return new ErrorBreaker(ANY, share, window, rows);
  }
}
