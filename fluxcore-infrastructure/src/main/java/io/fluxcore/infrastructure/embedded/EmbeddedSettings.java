package io.fluxcore.infrastructure.embedded;

import java.time.Duration;

/**
 * Settings of the embedded runtime that jobs do not choose.
 *
 * @param channelBytes bound of the rows under way between two tasks
 * @param discoveryInterval how often unbounded sources are asked for new splits
 */
public record EmbeddedSettings(long channelBytes, Duration discoveryInterval) {
  /** What suits a machine of a few cores. */
  public static final EmbeddedSettings DEFAULT =
      new EmbeddedSettings(1L << 20, Duration.ofSeconds(30));

  public EmbeddedSettings {
    if (channelBytes < 1) {
      throw new IllegalArgumentException("channelBytes is " + channelBytes + ", must be positive");
    }
    if (discoveryInterval.isNegative() || discoveryInterval.isZero()) {
      throw new IllegalArgumentException(
          "discoveryInterval is " + discoveryInterval + ", must be positive");
    }
  }
}
