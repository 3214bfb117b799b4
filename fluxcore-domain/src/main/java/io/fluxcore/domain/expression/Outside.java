package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.time.Instant;

/**
 * What does not follow from rows: the clock, chance, and how far the stream has come. Functions
 * that ask it are not deterministic. Implementations are thread-safe, but those of one operator.
 */
public interface Outside {
  /** There is none: functions that ask it cannot be used. */
  Outside NONE =
      new Outside() {
        @Override
        public void require() {
          throw FluxCoreException.user(
              "FLX-EXPR-0012",
              Place.WHOLE,
              "there is no clock and no chance here",
              "give the expression context an Outside, or use fields of the row");
        }

        @Override
        public Instant now() {
          throw new IllegalStateException("there is no clock");
        }

        @Override
        public long random() {
          throw new IllegalStateException("there is no chance");
        }
      };

  /**
   * Refuses functions that ask it, if it does not know.
   *
   * @throws FluxCoreException of category USER if there is none
   */
  default void require() {}

  Instant now();

  /** Any long, each as likely as the others. */
  long random();

  /**
   * The last watermark that the operator has got which asks, milliseconds; {@link Long#MIN_VALUE}
   * while it has none.
   *
   * @throws IllegalStateException where none comes by
   */
  default long watermark() {
    throw new IllegalStateException(
        "no watermark is known here: ask for it in a filter, a route or a projection");
  }
}
