package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.RowKind;

/**
 * The kernels of cells. Each method is a loop over primitive arrays that the JIT compiles for one
 * record class; checks of nulls and row kinds are done once per batch. Doubles are held as raw
 * bits.
 */
final class CellKernels {
  private CellKernels() {}

  /** +1 for a row that adds, −1 for one that takes back. */
  private static int sign(byte[] kinds, int row) {
    return RowKind.of(kinds[row]).isRetraction() ? -1 : 1;
  }

  private static void addLongs(
      long[] cells,
      int stride,
      int offset,
      int[] slots,
      long[] values,
      int valueStride,
      int valueOffset,
      int[] valueRows,
      int count) {
    for (int i = 0; i < count; i++) {
      cells[slots[i] * stride + offset] += values[valueRows[i] * valueStride + valueOffset];
    }
  }

  private static void subtractLongs(
      long[] cells,
      int stride,
      int offset,
      int[] slots,
      long[] values,
      int valueStride,
      int valueOffset,
      int[] valueRows,
      int count) {
    for (int i = 0; i < count; i++) {
      cells[slots[i] * stride + offset] -= values[valueRows[i] * valueStride + valueOffset];
    }
  }

  /** Rows of the group. */
  record CountRows() implements CellKernel {
    @Override
    public long initial() {
      return 0;
    }

    @Override
    public void accumulate(
        long[] cells,
        int stride,
        int offset,
        int[] slots,
        EventBatch batch,
        int[] rows,
        int count) {
      byte[] kinds = batch.rowKinds();
      if (kinds == null) {
        for (int i = 0; i < count; i++) {
          cells[slots[i] * stride + offset]++;
        }
      } else {
        for (int i = 0; i < count; i++) {
          cells[slots[i] * stride + offset] += sign(kinds, rows[i]);
        }
      }
    }

    @Override
    public void merge(
        long[] cells,
        int stride,
        int offset,
        int[] slots,
        long[] values,
        int valueStride,
        int valueOffset,
        int[] valueRows,
        int count) {
      addLongs(cells, stride, offset, slots, values, valueStride, valueOffset, valueRows, count);
    }

    @Override
    public boolean canSubtract() {
      return true;
    }

    @Override
    public void subtract(
        long[] cells,
        int stride,
        int offset,
        int[] slots,
        long[] values,
        int valueStride,
        int valueOffset,
        int[] valueRows,
        int count) {
      subtractLongs(
          cells, stride, offset, slots, values, valueStride, valueOffset, valueRows, count);
    }

    @Override
    public boolean canRetract() {
      return true;
    }
  }

  /** Rows in which a field is null: free where a column has no nulls. */
  record CountNulls(int field) implements CellKernel {
    @Override
    public long initial() {
      return 0;
    }

    @Override
    public void accumulate(
        long[] cells,
        int stride,
        int offset,
        int[] slots,
        EventBatch batch,
        int[] rows,
        int count) {
      long[] nulls = batch.column(field).nulls();
      if (nulls == null) {
        return;
      }
      byte[] kinds = batch.rowKinds();
      for (int i = 0; i < count; i++) {
        if (NullBits.isSet(nulls, rows[i])) {
          cells[slots[i] * stride + offset] += kinds == null ? 1 : sign(kinds, rows[i]);
        }
      }
    }

    @Override
    public void merge(
        long[] cells,
        int stride,
        int offset,
        int[] slots,
        long[] values,
        int valueStride,
        int valueOffset,
        int[] valueRows,
        int count) {
      addLongs(cells, stride, offset, slots, values, valueStride, valueOffset, valueRows, count);
    }

    @Override
    public boolean canSubtract() {
      return true;
    }

    @Override
    public void subtract(
        long[] cells,
        int stride,
        int offset,
        int[] slots,
        long[] values,
        int valueStride,
        int valueOffset,
        int[] valueRows,
        int count) {
      subtractLongs(
          cells, stride, offset, slots, values, valueStride, valueOffset, valueRows, count);
    }

    @Override
    public boolean canRetract() {
      return true;
    }
  }

  /** Sum of a LONG field; an overflow is an error, never a wrong number. */
  record SumLong(int field, String name) implements CellKernel {
    @Override
    public long initial() {
      return 0;
    }

    @Override
    public void accumulate(
        long[] cells,
        int stride,
        int offset,
        int[] slots,
        EventBatch batch,
        int[] rows,
        int count) {
      LongColumn column = (LongColumn) batch.column(field);
      long[] values = column.values();
      long[] nulls = column.nulls();
      byte[] kinds = batch.rowKinds();
      if (nulls == null && kinds == null) {
        long overflow = 0;
        for (int i = 0; i < count; i++) {
          int cell = slots[i] * stride + offset;
          long old = cells[cell];
          long add = values[rows[i]];
          long sum = old + add;
          overflow |= (old ^ sum) & (add ^ sum);
          cells[cell] = sum;
        }
        check(overflow);
        return;
      }
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        if (!NullBits.isSet(nulls, row)) {
          int cell = slots[i] * stride + offset;
          boolean takesBack = kinds != null && sign(kinds, row) < 0;
          long old = cells[cell];
          long sum = takesBack ? old - values[row] : old + values[row];
          check(takesBack ? (old ^ values[row]) & (old ^ sum) : (old ^ sum) & (values[row] ^ sum));
          cells[cell] = sum;
        }
      }
    }

    @Override
    public void merge(
        long[] cells,
        int stride,
        int offset,
        int[] slots,
        long[] values,
        int valueStride,
        int valueOffset,
        int[] valueRows,
        int count) {
      long overflow = 0;
      for (int i = 0; i < count; i++) {
        int cell = slots[i] * stride + offset;
        long old = cells[cell];
        long add = values[valueRows[i] * valueStride + valueOffset];
        long sum = old + add;
        overflow |= (old ^ sum) & (add ^ sum);
        cells[cell] = sum;
      }
      check(overflow);
    }

    @Override
    public boolean canSubtract() {
      return true;
    }

    @Override
    public void subtract(
        long[] cells,
        int stride,
        int offset,
        int[] slots,
        long[] values,
        int valueStride,
        int valueOffset,
        int[] valueRows,
        int count) {
      long overflow = 0;
      for (int i = 0; i < count; i++) {
        int cell = slots[i] * stride + offset;
        long old = cells[cell];
        long value = values[valueRows[i] * valueStride + valueOffset];
        long rest = old - value;
        overflow |= (old ^ value) & (old ^ rest);
        cells[cell] = rest;
      }
      check(overflow);
    }

    private void check(long overflow) {
      if (overflow < 0) {
        throw new FluxCoreException(
            ErrorCategory.USER,
            Diagnostic.error(
                "FLX-AGG-0001",
                Place.of("sum(" + name + ")"),
                "the sum of a group leaves the range of a 64-bit integer",
                "sum cast(" + name + " as decimal(38,0)) instead"));
      }
    }

    @Override
    public boolean canRetract() {
      return true;
    }
  }

  /** Sum of a DOUBLE or LONG field as double. */
  record SumDouble(int field) implements CellKernel {
    @Override
    public long initial() {
      return 0; // the bits of 0.0
    }

    @Override
    public void accumulate(
        long[] cells,
        int stride,
        int offset,
        int[] slots,
        EventBatch batch,
        int[] rows,
        int count) {
      Column column = batch.column(field);
      long[] nulls = column.nulls();
      byte[] kinds = batch.rowKinds();
      double[] doubles = column instanceof DoubleColumn d ? d.values() : null;
      long[] longs = column instanceof LongColumn l ? l.values() : new long[0];
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        if (!NullBits.isSet(nulls, row)) {
          double value = doubles == null ? longs[row] : doubles[row];
          add(cells, slots[i] * stride + offset, kinds == null ? value : sign(kinds, row) * value);
        }
      }
    }

    private static void add(long[] cells, int cell, double value) {
      cells[cell] = Double.doubleToRawLongBits(Double.longBitsToDouble(cells[cell]) + value);
    }

    @Override
    public void merge(
        long[] cells,
        int stride,
        int offset,
        int[] slots,
        long[] values,
        int valueStride,
        int valueOffset,
        int[] valueRows,
        int count) {
      for (int i = 0; i < count; i++) {
        long bits = values[valueRows[i] * valueStride + valueOffset];
        add(cells, slots[i] * stride + offset, Double.longBitsToDouble(bits));
      }
    }

    @Override
    public boolean canRetract() {
      return true;
    }
  }

  /** Smallest or largest value of a long-backed field. */
  record ExtremeLong(int field, boolean max) implements CellKernel {
    @Override
    public long initial() {
      return max ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    @Override
    public void accumulate(
        long[] cells,
        int stride,
        int offset,
        int[] slots,
        EventBatch batch,
        int[] rows,
        int count) {
      LongColumn column = (LongColumn) batch.column(field);
      long[] values = column.values();
      long[] nulls = column.nulls();
      if (nulls == null) {
        keep(cells, stride, offset, slots, values, 1, 0, rows, count);
        return;
      }
      for (int i = 0; i < count; i++) {
        if (!NullBits.isSet(nulls, rows[i])) {
          int cell = slots[i] * stride + offset;
          long value = values[rows[i]];
          cells[cell] = max ? Math.max(cells[cell], value) : Math.min(cells[cell], value);
        }
      }
    }

    private void keep(
        long[] cells,
        int stride,
        int offset,
        int[] slots,
        long[] values,
        int valueStride,
        int valueOffset,
        int[] valueRows,
        int count) {
      if (max) {
        for (int i = 0; i < count; i++) {
          int cell = slots[i] * stride + offset;
          long value = values[valueRows[i] * valueStride + valueOffset];
          if (value > cells[cell]) {
            cells[cell] = value;
          }
        }
      } else {
        for (int i = 0; i < count; i++) {
          int cell = slots[i] * stride + offset;
          long value = values[valueRows[i] * valueStride + valueOffset];
          if (value < cells[cell]) {
            cells[cell] = value;
          }
        }
      }
    }

    @Override
    public void merge(
        long[] cells,
        int stride,
        int offset,
        int[] slots,
        long[] values,
        int valueStride,
        int valueOffset,
        int[] valueRows,
        int count) {
      keep(cells, stride, offset, slots, values, valueStride, valueOffset, valueRows, count);
    }

    @Override
    public boolean canRetract() {
      return false;
    }
  }

  /**
   * Smallest or largest value of a DOUBLE field, held as bits that sort like the values; NaN is the
   * greatest, as in PostgreSQL.
   */
  record ExtremeDouble(int field, boolean max) implements CellKernel {
    /** Bits that compare as signed longs like {@link Double#compare}; its own inverse. */
    static long sortable(long bits) {
      return bits ^ ((bits >> 63) & Long.MAX_VALUE);
    }

    static long toCell(double value) {
      return sortable(Double.doubleToLongBits(value));
    }

    static double fromCell(long cell) {
      return Double.longBitsToDouble(sortable(cell));
    }

    @Override
    public long initial() {
      return max ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    @Override
    public void accumulate(
        long[] cells,
        int stride,
        int offset,
        int[] slots,
        EventBatch batch,
        int[] rows,
        int count) {
      DoubleColumn column = (DoubleColumn) batch.column(field);
      double[] values = column.values();
      long[] nulls = column.nulls();
      for (int i = 0; i < count; i++) {
        if (!NullBits.isSet(nulls, rows[i])) {
          int cell = slots[i] * stride + offset;
          long value = toCell(values[rows[i]]);
          cells[cell] = max ? Math.max(cells[cell], value) : Math.min(cells[cell], value);
        }
      }
    }

    @Override
    public void merge(
        long[] cells,
        int stride,
        int offset,
        int[] slots,
        long[] values,
        int valueStride,
        int valueOffset,
        int[] valueRows,
        int count) {
      for (int i = 0; i < count; i++) {
        int cell = slots[i] * stride + offset;
        long value = values[valueRows[i] * valueStride + valueOffset];
        cells[cell] = max ? Math.max(cells[cell], value) : Math.min(cells[cell], value);
      }
    }

    @Override
    public boolean canRetract() {
      return false;
    }
  }
}
