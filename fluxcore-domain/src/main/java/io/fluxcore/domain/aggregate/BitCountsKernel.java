package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.RowKind;

/**
 * How many values of a LONG field have each bit set, in 64 cells: what is left when rows of a
 * changelog are taken back, from which the bits of all values and of any are read.
 */
record BitCountsKernel(int field) implements CellKernel {
  @Override
  public int width() {
    return Long.SIZE;
  }

  @Override
  public long initial() {
    return 0;
  }

  @Override
  public void accumulate(
      long[] cells, int stride, int offset, int[] slots, EventBatch batch, int[] rows, int count) {
    LongColumn column = (LongColumn) batch.column(field);
    long[] nulls = column.nulls();
    byte[] kinds = batch.rowKinds();
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      if (!NullBits.isSet(nulls, row)) {
        int cell = slots[i] * stride + offset;
        int sign = kinds != null && RowKind.of(kinds[row]).isRetraction() ? -1 : 1;
        for (long left = column.value(row); left != 0; left &= left - 1) {
          cells[cell + Long.numberOfTrailingZeros(left)] += sign;
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
    for (int i = 0; i < count; i++) {
      int cell = slots[i] * stride + offset;
      int value = valueRows[i] * valueStride + valueOffset;
      for (int bit = 0; bit < Long.SIZE; bit++) {
        cells[cell + bit] += values[value + bit];
      }
    }
  }

  @Override
  public boolean canRetract() {
    return true;
  }

  /** The bits that are set in at least so many values. */
  static long result(long[] cells, int cell, long least) {
    long bits = 0;
    for (int bit = 0; bit < Long.SIZE; bit++) {
      if (cells[cell + bit] >= least) {
        bits |= 1L << bit;
      }
    }
    return bits;
  }
}
