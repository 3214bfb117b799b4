package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NullBits;

/** Bits of a LONG field, put together: those set in all values, in any, or in an odd number. */
record BitsKernel(int field, Operation operation) implements CellKernel {
  /** How two values are put together. */
  enum Operation {
    AND,
    OR,
    XOR;

    private long of(long a, long b) {
      return switch (this) {
        case AND -> a & b;
        case OR -> a | b;
        case XOR -> a ^ b;
      };
    }
  }

  @Override
  public long initial() {
    return operation == Operation.AND ? -1 : 0;
  }

  /** A row that is taken back changes the same bits as one that is added, where rows can be. */
  @Override
  public void accumulate(
      long[] cells, int stride, int offset, int[] slots, EventBatch batch, int[] rows, int count) {
    LongColumn column = (LongColumn) batch.column(field);
    long[] values = column.values();
    long[] nulls = column.nulls();
    for (int i = 0; i < count; i++) {
      if (!NullBits.isSet(nulls, rows[i])) {
        int cell = slots[i] * stride + offset;
        cells[cell] = operation.of(cells[cell], values[rows[i]]);
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
      cells[cell] = operation.of(cells[cell], values[valueRows[i] * valueStride + valueOffset]);
    }
  }

  @Override
  public boolean canRetract() {
    return operation == Operation.XOR;
  }
}
