package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.event.EventBatch;

/**
 * What one 64-bit cell of a slot (or several side by side) counts, sums or keeps: loops over the
 * rows of a batch and over pairs of slots. The first cell of slot {@code s} is {@code cells[s *
 * stride + offset]}. Records, so that two aggregates that keep the same share one cell.
 */
sealed interface CellKernel
    permits CellKernels.CountRows,
        CellKernels.CountNulls,
        CellKernels.SumLong,
        CellKernels.SumDouble,
        CellKernels.ExtremeLong,
        CellKernels.ExtremeDouble,
        MomentsKernel,
        PairMomentsKernel,
        BitsKernel,
        BitCountsKernel {
  /** Cells side by side. */
  default int width() {
    return 1;
  }

  /** The value of each cell in a new slot; neutral for {@link #merge}. */
  long initial();

  /** Adds rows; the slot of {@code rows[i]} is {@code slots[i]}. */
  void accumulate(
      long[] cells, int stride, int offset, int[] slots, EventBatch batch, int[] rows, int count);

  /**
   * Adds cells of other slots, or of partial results: the first of them are {@code
   * values[valueRows[i] * valueStride + valueOffset]}.
   */
  void merge(
      long[] cells,
      int stride,
      int offset,
      int[] slots,
      long[] values,
      int valueStride,
      int valueOffset,
      int[] valueRows,
      int count);

  /**
   * Whether {@link #subtract} takes back exactly what {@link #merge} added, whatever came between.
   */
  default boolean canSubtract() {
    return false;
  }

  /** Takes off what {@link #merge} has added; only where {@link #canSubtract}. */
  default void subtract(
      long[] cells,
      int stride,
      int offset,
      int[] slots,
      long[] values,
      int valueStride,
      int valueOffset,
      int[] valueRows,
      int count) {
    throw new UnsupportedOperationException(toString());
  }

  /** Whether rows can be taken back. */
  boolean canRetract();
}
