package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.time.Instant;

/**
 * What does not follow from rows: the clock and chance. Functions that ask it are not
 * deterministic. Implementations are thread-safe.
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
}
