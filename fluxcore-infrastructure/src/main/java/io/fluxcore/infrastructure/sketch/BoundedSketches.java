package io.fluxcore.infrastructure.sketch;

import io.fluxcore.domain.aggregate.DistinctSketch;
import io.fluxcore.domain.aggregate.QuantileSketch;
import io.fluxcore.domain.aggregate.SketchFactory;
import io.fluxcore.domain.state.StateSerializer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Sketches of bounded size whose answers do not depend on the order of values. Thread-safe. */
public final class BoundedSketches implements SketchFactory {
  private static final StateSerializer<QuantileSketch> QUANTILES =
      new StateSerializer<>() {
        @Override
        public String id() {
          return "quantiles:ddsketch";
        }

        @Override
        public int version() {
          return 1;
        }

        @Override
        public void write(QuantileSketch sketch, DataOutput out) throws IOException {
          ((RelativeErrorQuantiles) sketch).write(out);
        }

        @Override
        public QuantileSketch read(DataInput in, int version) throws IOException {
          return RelativeErrorQuantiles.read(in);
        }

        @Override
        public long estimatedBytes(QuantileSketch sketch) {
          return ((RelativeErrorQuantiles) sketch).estimatedBytes();
        }
      };

  private static final StateSerializer<DistinctSketch> DISTINCT =
      new StateSerializer<>() {
        @Override
        public String id() {
          return "distinct:ultraloglog";
        }

        @Override
        public int version() {
          return 1;
        }

        @Override
        public void write(DistinctSketch sketch, DataOutput out) throws IOException {
          ((HashedDistinct) sketch).write(out);
        }

        @Override
        public DistinctSketch read(DataInput in, int version) throws IOException {
          return HashedDistinct.read(in);
        }

        @Override
        public long estimatedBytes(DistinctSketch sketch) {
          return ((HashedDistinct) sketch).estimatedBytes();
        }
      };

  /** Sketches; there are no settings. */
  public BoundedSketches() {}

  @Override
  public QuantileSketch quantiles() {
    return new RelativeErrorQuantiles();
  }

  @Override
  public DistinctSketch distinct() {
    return new HashedDistinct();
  }

  @Override
  public StateSerializer<QuantileSketch> quantileSerializer() {
    return QUANTILES;
  }

  @Override
  public StateSerializer<DistinctSketch> distinctSerializer() {
    return DISTINCT;
  }
}
