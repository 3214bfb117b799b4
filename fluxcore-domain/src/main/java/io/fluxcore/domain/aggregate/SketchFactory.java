package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.state.StateSerializer;

/**
 * Port: sketches, which answer for very many values in little memory and nearly right. What a
 * sketch answers depends on the values alone, not on their order nor on how they were spread over
 * sketches that were merged; so rows may be aggregated before an exchange, and results are the same
 * at any parallelism. Thread-safe; the sketches are not.
 */
public interface SketchFactory {
  /** No sketches: asking for one is an error that says so. */
  SketchFactory NONE =
      new SketchFactory() {
        @Override
        public QuantileSketch quantiles() {
          throw missing();
        }

        @Override
        public DistinctSketch distinct() {
          throw missing();
        }

        @Override
        public StateSerializer<QuantileSketch> quantileSerializer() {
          throw missing();
        }

        @Override
        public StateSerializer<DistinctSketch> distinctSerializer() {
          throw missing();
        }

        private FluxCoreException missing() {
          return new FluxCoreException(
              ErrorCategory.USER,
              Diagnostic.error(
                  "FLX-AGG-0006",
                  Place.WHOLE,
                  "quantiles and approximate distinct counts need sketches, and there are none",
                  "give the planner the SketchFactory of fluxcore-infrastructure"));
        }
      };

  /** An empty sketch of a distribution. */
  QuantileSketch quantiles();

  /** An empty sketch of a set. */
  DistinctSketch distinct();

  StateSerializer<QuantileSketch> quantileSerializer();

  StateSerializer<DistinctSketch> distinctSerializer();
}
