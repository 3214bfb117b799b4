package io.fluxcore.domain.join;

import java.time.Duration;

/**
 * How a lookup join remembers what it was answered. The keys that were not asked for longest are
 * forgotten first.
 *
 * @param entries keys that a subtask remembers at most
 * @param timeToLive how long the rows of a key are taken for what the table has, in processing time
 * @param absentTimeToLive how long a key without rows is; zero: it is asked for each time
 */
public record LookupCache(int entries, Duration timeToLive, Duration absentTimeToLive) {
  public LookupCache {
    if (entries < 1) {
      throw new IllegalArgumentException("entries is " + entries + ", must be positive");
    }
    if (timeToLive.isNegative() || timeToLive.isZero()) {
      throw new IllegalArgumentException("timeToLive is " + timeToLive + ", must be positive");
    }
    if (absentTimeToLive.isNegative()) {
      throw new IllegalArgumentException(
          "absentTimeToLive is " + absentTimeToLive + ", must not be negative");
    }
  }
}
