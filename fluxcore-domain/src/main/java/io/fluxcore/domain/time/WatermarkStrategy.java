package io.fluxcore.domain.time;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a source's watermarks are made, per partition.
 *
 * @param maxOutOfOrderness how far a timestamp may lie behind the largest one before it is late;
 *     the watermark is the largest timestamp − this − 1 ms; zero for monotonous timestamps
 * @param idleTimeout after how long without events a partition steps aside; null: never
 * @param maxFuture how far ahead of the host's clock a timestamp may lie; a row beyond it is
 *     absurd: counted as failed, kept, and kept from moving the watermark; null: no bound
 */
public record WatermarkStrategy(
    Duration maxOutOfOrderness, @Nullable Duration idleTimeout, @Nullable Duration maxFuture) {

  /**
   * Rows more than this ahead of the host's clock are absurd unless the strategy says otherwise.
   */
  public static final Duration DEFAULT_MAX_FUTURE = Duration.ofDays(1);

  public WatermarkStrategy {
    if (maxOutOfOrderness.isNegative()) {
      throw new IllegalArgumentException("maxOutOfOrderness " + maxOutOfOrderness + " is negative");
    }
    if (idleTimeout != null && (idleTimeout.isNegative() || idleTimeout.isZero())) {
      throw new IllegalArgumentException("idleTimeout " + idleTimeout + " is not positive");
    }
    if (maxFuture != null && maxFuture.isNegative()) {
      throw new IllegalArgumentException("maxFuture " + maxFuture + " is negative");
    }
  }

  public static WatermarkStrategy boundedOutOfOrderness(Duration bound) {
    return new WatermarkStrategy(bound, null, DEFAULT_MAX_FUTURE);
  }

  public static WatermarkStrategy monotonous() {
    return boundedOutOfOrderness(Duration.ZERO);
  }

  public WatermarkStrategy withIdleTimeout(@Nullable Duration timeout) {
    return new WatermarkStrategy(maxOutOfOrderness, timeout, maxFuture);
  }

  public WatermarkStrategy withMaxFuture(@Nullable Duration bound) {
    return new WatermarkStrategy(maxOutOfOrderness, idleTimeout, bound);
  }
}
