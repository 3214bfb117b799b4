package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.state.SlotTable;
import java.math.BigDecimal;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * How one aggregate's result column is read from the state of slots. A group without a value that
 * is not null gives null, as SQL says, except that counts give 0.
 */
sealed interface AggregateResult {
  DataType type();

  Column column(SlotTable table, int[] slots, int count);

  /** Values that are not null, of a slot: all rows less those with a null. */
  static long present(SlotTable table, int slot, int rowsCell, int nullsCell) {
    long[] cells = table.cells();
    int base = slot * table.stride();
    return cells[base + table.offset(rowsCell)] - cells[base + table.offset(nullsCell)];
  }

  /** Null bits of the slots that have no value. */
  static long @Nullable [] nulls(
      SlotTable table, int[] slots, int count, int rowsCell, int nullsCell) {
    long[] bits = null;
    for (int i = 0; i < count; i++) {
      if (present(table, slots[i], rowsCell, nullsCell) == 0) {
        bits = bits == null ? NullBits.create(count) : bits;
        NullBits.set(bits, i);
      }
    }
    return bits;
  }

  /** Rows, less those with a null where a null count is given. */
  record Count(int rowsCell, int nullsCell) implements AggregateResult {
    @Override
    public DataType type() {
      return DataType.LONG;
    }

    @Override
    public Column column(SlotTable table, int[] slots, int count) {
      long[] values = new long[count];
      long[] cells = table.cells();
      int stride = table.stride();
      int rows = table.offset(rowsCell);
      for (int i = 0; i < count; i++) {
        values[i] = cells[slots[i] * stride + rows];
      }
      if (nullsCell >= 0) {
        int nulls = table.offset(nullsCell);
        for (int i = 0; i < count; i++) {
          values[i] -= cells[slots[i] * stride + nulls];
        }
      }
      return new LongColumn(count, values);
    }
  }

  /** A cell that holds the result. */
  record OfLong(DataType type, int cell, int rowsCell, int nullsCell) implements AggregateResult {
    @Override
    public Column column(SlotTable table, int[] slots, int count) {
      long[] values = new long[count];
      long[] cells = table.cells();
      int stride = table.stride();
      int offset = table.offset(cell);
      for (int i = 0; i < count; i++) {
        values[i] = cells[slots[i] * stride + offset];
      }
      return new LongColumn(type, count, values, nulls(table, slots, count, rowsCell, nullsCell));
    }
  }

  /** A cell that holds the bits of the result, sortable ones for min and max. */
  record OfDouble(int cell, int rowsCell, int nullsCell, boolean sortable)
      implements AggregateResult {
    @Override
    public DataType type() {
      return DataType.DOUBLE;
    }

    @Override
    public Column column(SlotTable table, int[] slots, int count) {
      double[] values = new double[count];
      for (int i = 0; i < count; i++) {
        long bits = table.cells()[slots[i] * table.stride() + table.offset(cell)];
        values[i] =
            sortable ? CellKernels.ExtremeDouble.fromCell(bits) : Double.longBitsToDouble(bits);
      }
      return new DoubleColumn(count, values, nulls(table, slots, count, rowsCell, nullsCell));
    }
  }

  /** A sum of doubles over the number of values. */
  record Mean(int sumCell, int rowsCell, int nullsCell) implements AggregateResult {
    @Override
    public DataType type() {
      return DataType.DOUBLE;
    }

    @Override
    public Column column(SlotTable table, int[] slots, int count) {
      double[] values = new double[count];
      for (int i = 0; i < count; i++) {
        long bits = table.cells()[slots[i] * table.stride() + table.offset(sumCell)];
        values[i] = Double.longBitsToDouble(bits) / present(table, slots[i], rowsCell, nullsCell);
      }
      return new DoubleColumn(count, values, nulls(table, slots, count, rowsCell, nullsCell));
    }
  }

  /** A decimal sum, or its mean. */
  record OfDecimal(DataType type, int object, int rowsCell, int nullsCell, boolean mean)
      implements AggregateResult {
    @Override
    public Column column(SlotTable table, int[] slots, int count) {
      ColumnBuilder builder = new ColumnBuilder(type, count);
      for (int i = 0; i < count; i++) {
        long present = present(table, slots[i], rowsCell, nullsCell);
        BigDecimal sum = (BigDecimal) table.objects(object)[slots[i]];
        if (present == 0 || sum == null) {
          builder.appendNull();
        } else {
          builder.append(
              ObjectKernels.checked(mean ? ObjectKernels.mean(sum, present, type) : sum));
        }
      }
      return builder.build();
    }
  }

  /** A variance or its root; the first of the cells of a {@link MomentsKernel}. */
  record OfMoments(int cell, boolean sample, boolean root) implements AggregateResult {
    @Override
    public DataType type() {
      return DataType.DOUBLE;
    }

    @Override
    public Column column(SlotTable table, int[] slots, int count) {
      double[] values = new double[count];
      long[] bits = null;
      long[] cells = table.cells();
      for (int i = 0; i < count; i++) {
        int at = slots[i] * table.stride() + table.offset(cell);
        if (cells[at] < (sample ? 2 : 1)) {
          bits = bits == null ? NullBits.create(count) : bits;
          NullBits.set(bits, i);
        } else {
          double variance = MomentsKernel.variance(cells, at, sample);
          values[i] = root ? Math.sqrt(variance) : variance;
        }
      }
      return new DoubleColumn(count, values, bits);
    }
  }

  /** What is told of pairs; the first of the cells of a {@link PairMomentsKernel}. */
  record OfPairs(PairStatistic statistic, int cell) implements AggregateResult {
    @Override
    public DataType type() {
      return statistic.type();
    }

    @Override
    public Column column(SlotTable table, int[] slots, int count) {
      ColumnBuilder builder = new ColumnBuilder(type(), count);
      long[] cells = table.cells();
      for (int i = 0; i < count; i++) {
        int at = slots[i] * table.stride() + table.offset(cell);
        if (!PairMomentsKernel.isPresent(statistic, cells, at)) {
          builder.appendNull();
        } else if (statistic == PairStatistic.REGR_COUNT) {
          builder.append(cells[at]);
        } else {
          builder.append(PairMomentsKernel.result(statistic, cells, at));
        }
      }
      return builder.build();
    }
  }

  /** Bits of all values, or of any; the first of the cells of a {@link BitCountsKernel}. */
  record OfBitCounts(int cell, boolean all, int rowsCell, int nullsCell)
      implements AggregateResult {
    @Override
    public DataType type() {
      return DataType.LONG;
    }

    @Override
    public Column column(SlotTable table, int[] slots, int count) {
      long[] values = new long[count];
      for (int i = 0; i < count; i++) {
        int at = slots[i] * table.stride() + table.offset(cell);
        long least = all ? present(table, slots[i], rowsCell, nullsCell) : 1;
        values[i] = BitCountsKernel.result(table.cells(), at, least);
      }
      return new LongColumn(
          DataType.LONG, count, values, nulls(table, slots, count, rowsCell, nullsCell));
    }
  }

  /** Exact percentiles of values that several aggregates may share. */
  record OfPercentiles(DataType type, int object, Percentiles.Reading reading)
      implements AggregateResult {
    @Override
    @SuppressWarnings("unchecked")
    public Column column(SlotTable table, int[] slots, int count) {
      ColumnBuilder builder = new ColumnBuilder(type, count);
      @Nullable Object[] objects = table.objects(object);
      for (int i = 0; i < count; i++) {
        builder.append(reading.of((NavigableMap<Object, Long>) objects[slots[i]]));
      }
      return builder.build();
    }
  }

  /** Quantiles of a sketch that several aggregates may share. */
  record OfQuantiles(DataType type, int object, List<Double> fractions) implements AggregateResult {
    @Override
    public Column column(SlotTable table, int[] slots, int count) {
      ColumnBuilder builder = new ColumnBuilder(type, count);
      @Nullable Object[] objects = table.objects(object);
      for (int i = 0; i < count; i++) {
        QuantileSketch sketch = (QuantileSketch) objects[slots[i]];
        builder.append(SketchKernels.Quantiles.result(sketch, fractions));
      }
      return builder.build();
    }
  }

  /** The result of an object kernel. */
  record OfObject<A>(DataType type, int object, ObjectKernel<A> kernel) implements AggregateResult {
    @Override
    @SuppressWarnings("unchecked")
    public Column column(SlotTable table, int[] slots, int count) {
      ColumnBuilder builder = new ColumnBuilder(type, count);
      @Nullable Object[] objects = table.objects(object);
      for (int i = 0; i < count; i++) {
        builder.append(kernel.result((A) objects[slots[i]]));
      }
      return builder.build();
    }
  }
}
