package io.fluxcore.domain.time;

import java.time.Duration;

/**
 * Keeps sources of a job, and the partitions of each, close together in event time: a partition
 * whose watermark is further ahead of the slowest one of the group than the drift is not read until
 * the others have caught up. The window state between a fast and a slow source stays small. Idle
 * and ended partitions hold nobody back; one that has not given a row yet does. The same as Flink's
 * {@code withWatermarkAlignment}.
 *
 * @param group sources that name the same group are aligned with each other
 * @param maxDrift how far ahead a partition may be; it is exceeded by one batch at most
 * @param updateInterval how long a source that reads on may keep its progress to itself
 */
public record WatermarkAlignment(String group, Duration maxDrift, Duration updateInterval) {
  /** How often sources tell each other where they are unless said otherwise. */
  public static final Duration DEFAULT_UPDATE_INTERVAL = Duration.ofMillis(50);

  public WatermarkAlignment {
    if (group.isBlank()) {
      throw new IllegalArgumentException("the alignment group has no name");
    }
    if (maxDrift.isNegative() || maxDrift.isZero()) {
      throw new IllegalArgumentException("maxDrift " + maxDrift + " is not positive");
    }
    if (updateInterval.isNegative()) {
      throw new IllegalArgumentException("updateInterval " + updateInterval + " is negative");
    }
  }

  public WatermarkAlignment(String group, Duration maxDrift) {
    this(group, maxDrift, DEFAULT_UPDATE_INTERVAL);
  }

  /** The largest watermark that is read on when the slowest of the group is this. */
  long limit(long slowest) {
    long drift = maxDrift.toMillis();
    return slowest > Long.MAX_VALUE - drift ? Long.MAX_VALUE : slowest + drift;
  }

  /** What the slowest of the group must reach before this watermark is read on. */
  long awaited(long watermark) {
    long drift = maxDrift.toMillis();
    return watermark < Long.MIN_VALUE + drift ? Long.MIN_VALUE : watermark - drift;
  }
}
