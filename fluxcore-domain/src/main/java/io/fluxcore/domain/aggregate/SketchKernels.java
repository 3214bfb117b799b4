package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.state.StateSerializer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Approximate aggregates, whose state is a sketch of a {@link SketchFactory}. */
final class SketchKernels {
  private SketchKernels() {}

  /** How often a value counts: not at all where that is null. */
  static long weight(Column weights, int row) {
    return weights.isNull(row) ? 0 : ((LongColumn) weights).value(row);
  }

  private abstract static class Sketched<A> extends ObjectKernel<A> {
    Sketched(int field) {
      super(field);
    }

    abstract void add(A sketch, EventBatch batch, Column column, int row);

    @Override
    @SuppressWarnings("unchecked")
    final void accumulate(
        @Nullable Object[] objects,
        int[] slots,
        EventBatch batch,
        int[] rows,
        int count,
        RowErrors errors) {
      Column column = batch.column(field());
      for (int i = 0; i < count; i++) {
        if (!column.isNull(rows[i])) {
          A sketch = (A) objects[slots[i]];
          if (sketch == null) {
            sketch = create();
            objects[slots[i]] = sketch;
          }
          add(sketch, batch, column, rows[i]);
        }
      }
    }

    @Override
    final boolean isPartial() {
      return true;
    }
  }

  /** The distribution of a numeric field; several aggregates may share it. */
  static final class Quantiles extends Sketched<QuantileSketch> {
    private final SketchFactory sketches;
    private final int weightField;

    /** Of a field; a negative weight field: each value once. */
    Quantiles(int field, int weightField, SketchFactory sketches) {
      super(field);
      this.sketches = sketches;
      this.weightField = weightField;
    }

    @Override
    QuantileSketch create() {
      return sketches.quantiles();
    }

    @Override
    void add(QuantileSketch sketch, EventBatch batch, Column column, int row) {
      double value = MomentsKernel.number(column, row);
      if (weightField < 0) {
        sketch.add(value);
        return;
      }
      long times = weight(batch.column(weightField), row);
      if (times > 0) {
        sketch.add(value, times);
      }
    }

    @Override
    QuantileSketch merge(QuantileSketch left, QuantileSketch right) {
      left.merge(right);
      return left;
    }

    @Override
    @Nullable Object result(@Nullable QuantileSketch accumulator) {
      throw new UnsupportedOperationException("a result needs its fractions");
    }

    /** One number, or a list of several; null where there are none. */
    static @Nullable Object result(@Nullable QuantileSketch sketch, List<Double> fractions) {
      if (sketch == null || sketch.count() == 0) {
        return null;
      }
      if (fractions.size() == 1) {
        return sketch.quantile(fractions.get(0));
      }
      List<Object> list = new ArrayList<>();
      fractions.forEach(fraction -> list.add(sketch.quantile(fraction)));
      return list;
    }

    @Override
    StateSerializer<QuantileSketch> serializer() {
      return sketches.quantileSerializer();
    }
  }

  /** The number of different values, about. */
  static final class Distinct extends Sketched<DistinctSketch> {
    private final SketchFactory sketches;

    Distinct(int field, SketchFactory sketches) {
      super(field);
      this.sketches = sketches;
    }

    @Override
    DistinctSketch create() {
      return sketches.distinct();
    }

    @Override
    void add(DistinctSketch sketch, EventBatch batch, Column column, int row) {
      if (column instanceof LongColumn longs) {
        sketch.add(longs.value(row));
      } else if (column instanceof DoubleColumn doubles) {
        sketch.add(Double.doubleToLongBits(doubles.value(row) + 0.0)); // both zeros are one value
      } else if (column instanceof BooleanColumn booleans) {
        sketch.add(booleans.value(row) ? 1 : 0);
      } else if (column instanceof StringColumn strings) {
        sketch.add(strings.value(row));
      } else if (column instanceof BytesColumn bytes) {
        sketch.add(bytes.value(row));
      } else {
        sketch.add(((DecimalColumn) column).value(row).unscaledValue().toByteArray());
      }
    }

    @Override
    DistinctSketch merge(DistinctSketch left, DistinctSketch right) {
      left.merge(right);
      return left;
    }

    @Override
    Object result(@Nullable DistinctSketch accumulator) {
      return accumulator == null ? 0L : accumulator.estimate();
    }

    @Override
    StateSerializer<DistinctSketch> serializer() {
      return sketches.distinctSerializer();
    }
  }
}
