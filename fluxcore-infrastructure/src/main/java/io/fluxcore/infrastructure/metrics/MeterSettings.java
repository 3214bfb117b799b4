package io.fluxcore.infrastructure.metrics;

import java.time.Duration;

/**
 * How many meters there may be, and how fresh they are.
 *
 * @param maxJobs jobs that have meters; further ones are only counted
 * @param maxOperators operators of a job that have meters, in the order of its plan
 * @param refreshInterval how often jobs are read
 * @param endedJobRetention how long the meters of a job stay after its end, so that a collector
 *     sees the last counts
 */
public record MeterSettings(
    int maxJobs, int maxOperators, Duration refreshInterval, Duration endedJobRetention) {
  /** For a server with a few dozen jobs that is scraped every 15 seconds or so. */
  public static final MeterSettings DEFAULT =
      new MeterSettings(100, 100, Duration.ofSeconds(2), Duration.ofMinutes(5));

  public MeterSettings {
    if (maxJobs < 0 || maxOperators < 0) {
      throw new IllegalArgumentException(
          "maxJobs is " + maxJobs + " and maxOperators " + maxOperators + ", must be 0 or more");
    }
    if (refreshInterval.toMillis() < 1) {
      throw new IllegalArgumentException(
          "refreshInterval is " + refreshInterval + ", must be a millisecond or more");
    }
    if (endedJobRetention.isNegative()) {
      throw new IllegalArgumentException(
          "endedJobRetention is " + endedJobRetention + ", must be 0 or more");
    }
  }
}
