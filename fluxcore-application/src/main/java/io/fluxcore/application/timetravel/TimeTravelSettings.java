package io.fluxcore.application.timetravel;

import java.time.Duration;

/**
 * What looking into the past may take.
 *
 * @param maxDuration for which a job is replayed to a time at most
 * @param maxBytes of the state of a view, and of all views that are kept
 * @param maxRuns jobs that are replayed to a time at once
 */
public record TimeTravelSettings(Duration maxDuration, long maxBytes, int maxRuns) {
  public static final TimeTravelSettings DEFAULT =
      new TimeTravelSettings(Duration.ofMinutes(1), 256L << 20, 2);

  public TimeTravelSettings {
    if (maxDuration.isNegative() || maxDuration.isZero() || maxBytes < 1 || maxRuns < 1) {
      throw new IllegalArgumentException(
          "limits of time travel are positive, not "
              + maxDuration
              + ", "
              + maxBytes
              + " bytes and "
              + maxRuns
              + " runs");
    }
  }
}
