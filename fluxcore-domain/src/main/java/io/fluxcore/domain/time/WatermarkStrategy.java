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
 * @param silenceFallback after how long without events from any partition of the source its
 *     watermark goes on with the clock, so that open windows give results ({@link SourceSilence});
 *     null: never
 * @param alignment keeps the source close to others in event time; null: it reads as fast as it can
 */
public record WatermarkStrategy(
    Duration maxOutOfOrderness,
    @Nullable Duration idleTimeout,
    @Nullable Duration maxFuture,
    @Nullable Duration silenceFallback,
    @Nullable WatermarkAlignment alignment) {

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
    if (silenceFallback != null && silenceFallback.toMillis() <= 0) {
      throw new IllegalArgumentException(
          "silenceFallback " + silenceFallback + " is not a positive number of milliseconds");
    }
  }

  /** Neither a fallback nor alignment. */
  public WatermarkStrategy(
      Duration maxOutOfOrderness, @Nullable Duration idleTimeout, @Nullable Duration maxFuture) {
    this(maxOutOfOrderness, idleTimeout, maxFuture, null, null);
  }

  public static WatermarkStrategy boundedOutOfOrderness(Duration bound) {
    return new WatermarkStrategy(bound, null, DEFAULT_MAX_FUTURE);
  }

  public static WatermarkStrategy monotonous() {
    return boundedOutOfOrderness(Duration.ZERO);
  }

  public WatermarkStrategy withMaxOutOfOrderness(Duration bound) {
    return new WatermarkStrategy(bound, idleTimeout, maxFuture, silenceFallback, alignment);
  }

  public WatermarkStrategy withIdleTimeout(@Nullable Duration timeout) {
    return new WatermarkStrategy(maxOutOfOrderness, timeout, maxFuture, silenceFallback, alignment);
  }

  public WatermarkStrategy withMaxFuture(@Nullable Duration bound) {
    return new WatermarkStrategy(maxOutOfOrderness, idleTimeout, bound, silenceFallback, alignment);
  }

  /** After so long without any event the watermark goes on with the clock. */
  public WatermarkStrategy withSilenceFallback(@Nullable Duration timeout) {
    return new WatermarkStrategy(maxOutOfOrderness, idleTimeout, maxFuture, timeout, alignment);
  }

  /** Keeps the source close to the others of a group in event time. */
  public WatermarkStrategy withAlignment(@Nullable WatermarkAlignment group) {
    return new WatermarkStrategy(maxOutOfOrderness, idleTimeout, maxFuture, silenceFallback, group);
  }
}
