package io.fluxcore.domain.aggregate;

import static io.fluxcore.domain.aggregate.MomentCells.get;
import static io.fluxcore.domain.aggregate.MomentCells.set;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.RowKind;

/**
 * Number, mean and sum of squared differences from the mean of a numeric field, in three cells: a
 * count and the bits of two doubles. Rows are added by Welford's method (Technometrics 4, 1962) and
 * parts by that of Chan, Golub and LeVeque (1979), which keep the digits that sums of squares lose
 * when the mean is large. Taking rows back costs some of them.
 */
record MomentsKernel(int field) implements CellKernel {
  private static final int MEAN = 1;
  private static final int SQUARES = 2;
  private static final int WIDTH = 3;

  @Override
  public int width() {
    return WIDTH;
  }

  @Override
  public long initial() {
    return 0; // also the bits of 0.0
  }

  @Override
  public void accumulate(
      long[] cells, int stride, int offset, int[] slots, EventBatch batch, int[] rows, int count) {
    Column column = batch.column(field);
    long[] nulls = column.nulls();
    byte[] kinds = batch.rowKinds();
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      if (!NullBits.isSet(nulls, row)) {
        int cell = slots[i] * stride + offset;
        if (kinds != null && RowKind.of(kinds[row]).isRetraction()) {
          takeBack(cells, cell, number(column, row));
        } else {
          add(cells, cell, number(column, row));
        }
      }
    }
  }

  /** A value of a numeric column that is not null. */
  static double number(Column column, int row) {
    if (column instanceof DoubleColumn doubles) {
      return doubles.value(row);
    }
    return column instanceof LongColumn longs
        ? longs.value(row)
        : ((DecimalColumn) column).value(row).doubleValue();
  }

  private static void add(long[] cells, int cell, double value) {
    long count = ++cells[cell];
    double before = value - get(cells, cell + MEAN);
    double mean = get(cells, cell + MEAN) + before / count;
    set(cells, cell + MEAN, mean);
    set(cells, cell + SQUARES, get(cells, cell + SQUARES) + before * (value - mean));
  }

  private static void takeBack(long[] cells, int cell, double value) {
    long count = --cells[cell];
    if (count == 0) {
      MomentCells.clear(cells, cell, WIDTH);
      return;
    }
    double after = value - get(cells, cell + MEAN);
    double mean = get(cells, cell + MEAN) - after / count;
    set(cells, cell + MEAN, mean);
    double squares = get(cells, cell + SQUARES) - after * (value - mean);
    set(cells, cell + SQUARES, Math.max(0, squares));
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
      merge(cells, slots[i] * stride + offset, values, valueRows[i] * valueStride + valueOffset);
    }
  }

  private static void merge(long[] cells, int cell, long[] others, int other) {
    if (MomentCells.mergeEmpty(cells, cell, others, other, WIDTH)) {
      return;
    }
    long theirs = others[other];
    long mine = cells[cell];
    double total = (double) mine + theirs;
    double apart = get(others, other + MEAN) - get(cells, cell + MEAN);
    cells[cell] = mine + theirs;
    MomentCells.add(cells, cell + MEAN, apart * (theirs / total));
    set(
        cells,
        cell + SQUARES,
        get(cells, cell + SQUARES)
            + get(others, other + SQUARES)
            + apart * apart * (mine * (theirs / total)));
  }

  @Override
  public boolean canRetract() {
    return true;
  }

  /**
   * A variance.
   *
   * @param sample divided by one less than the number of values
   * @return NaN where a value is no finite number
   */
  static double variance(long[] cells, int cell, boolean sample) {
    return get(cells, cell + SQUARES) / (cells[cell] - (sample ? 1 : 0));
  }
}
