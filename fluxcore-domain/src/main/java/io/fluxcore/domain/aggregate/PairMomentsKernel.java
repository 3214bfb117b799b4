package io.fluxcore.domain.aggregate;

import static io.fluxcore.domain.aggregate.MomentCells.add;
import static io.fluxcore.domain.aggregate.MomentCells.clear;
import static io.fluxcore.domain.aggregate.MomentCells.get;
import static io.fluxcore.domain.aggregate.MomentCells.set;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.RowKind;

/**
 * Moments of pairs of numeric fields in six cells: a count, both means, and the sums of the squared
 * and mixed differences from them, as bits of doubles. The same updating formulas as those of
 * {@link MomentsKernel}; taking rows back costs some digits.
 */
record PairMomentsKernel(int y, int x) implements CellKernel {
  private static final int MEAN_Y = 1;
  private static final int MEAN_X = 2;
  private static final int YY = 3;
  private static final int XX = 4;
  private static final int XY = 5;
  private static final int WIDTH = 6;

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
    Column ys = batch.column(y);
    Column xs = batch.column(x);
    byte[] kinds = batch.rowKinds();
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      if (!NullBits.isSet(ys.nulls(), row) && !NullBits.isSet(xs.nulls(), row)) {
        int cell = slots[i] * stride + offset;
        boolean takesBack = kinds != null && RowKind.of(kinds[row]).isRetraction();
        change(
            cells,
            cell,
            takesBack ? -1 : 1,
            MomentsKernel.number(ys, row),
            MomentsKernel.number(xs, row));
      }
    }
  }

  /** A pair more, or one less: the same formulas with the sign of the pair. */
  private static void change(long[] cells, int cell, int sign, double y, double x) {
    cells[cell] += sign;
    long count = cells[cell];
    if (count == 0) {
      clear(cells, cell, WIDTH);
      return;
    }
    double beforeY = y - get(cells, cell + MEAN_Y);
    double beforeX = x - get(cells, cell + MEAN_X);
    add(cells, cell + MEAN_Y, sign * beforeY / count);
    add(cells, cell + MEAN_X, sign * beforeX / count);
    double afterY = y - get(cells, cell + MEAN_Y);
    double afterX = x - get(cells, cell + MEAN_X);
    set(cells, cell + YY, Math.max(0, get(cells, cell + YY) + sign * beforeY * afterY));
    set(cells, cell + XX, Math.max(0, get(cells, cell + XX) + sign * beforeX * afterX));
    add(cells, cell + XY, sign * beforeX * afterY);
    if (sign < 0 && count == 1) { // a single pair differs from no mean
      cells[cell + YY] = 0;
      cells[cell + XX] = 0;
      cells[cell + XY] = 0;
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
      merge(cells, slots[i] * stride + offset, values, valueRows[i] * valueStride + valueOffset);
    }
  }

  private static void merge(long[] cells, int cell, long[] others, int other) {
    if (MomentCells.mergeEmpty(cells, cell, others, other, WIDTH)) {
      return;
    }
    long theirs = others[other];
    long mine = cells[cell];
    if (mine + theirs == 0) {
      clear(cells, cell, WIDTH);
      return;
    }
    double share = theirs / ((double) mine + theirs);
    double apartY = get(others, other + MEAN_Y) - get(cells, cell + MEAN_Y);
    double apartX = get(others, other + MEAN_X) - get(cells, cell + MEAN_X);
    cells[cell] = mine + theirs;
    add(cells, cell + MEAN_Y, apartY * share);
    add(cells, cell + MEAN_X, apartX * share);
    add(cells, cell + YY, get(others, other + YY) + apartY * apartY * (mine * share));
    add(cells, cell + XX, get(others, other + XX) + apartX * apartX * (mine * share));
    add(cells, cell + XY, get(others, other + XY) + apartX * apartY * (mine * share));
  }

  @Override
  public boolean canRetract() {
    return true;
  }

  /** Whether there is a result; of a count there always is. */
  static boolean isPresent(PairStatistic statistic, long[] cells, int cell) {
    long count = cells[cell];
    boolean isFlat = get(cells, cell + XX) == 0;
    return switch (statistic) {
      case REGR_COUNT -> true;
      case COVAR_SAMP -> count > 1;
      case CORR -> count > 0 && !isFlat && get(cells, cell + YY) != 0;
      case REGR_SLOPE, REGR_INTERCEPT, REGR_R2 -> count > 0 && !isFlat;
      default -> count > 0;
    };
  }

  /** The result, where there is one; NaN where a value is no finite number. */
  static double result(PairStatistic statistic, long[] cells, int cell) {
    double count = cells[cell];
    double yy = get(cells, cell + YY);
    double xx = get(cells, cell + XX);
    double xy = get(cells, cell + XY);
    double meanY = get(cells, cell + MEAN_Y);
    double meanX = get(cells, cell + MEAN_X);
    return switch (statistic) {
      case REGR_COUNT -> count;
      case REGR_AVGX -> meanX;
      case REGR_AVGY -> meanY;
      case REGR_SXX -> xx;
      case REGR_SYY -> yy;
      case REGR_SXY -> xy;
      case COVAR_POP -> xy / count;
      case COVAR_SAMP -> xy / (count - 1);
      case CORR -> within(xy / (Math.sqrt(xx) * Math.sqrt(yy)));
      case REGR_SLOPE -> xy / xx;
      case REGR_INTERCEPT -> meanY - xy / xx * meanX;
      case REGR_R2 -> yy == 0 ? 1 : Math.min(1, xy / xx * (xy / yy));
    };
  }

  /** Rounding does not lead out of the range of correlations. */
  private static double within(double correlation) {
    return Math.max(-1, Math.min(1, correlation));
  }
}
