package io.fluxcore.domain.join;

import io.fluxcore.domain.rank.RankedRow;
import io.fluxcore.domain.rank.RankedRows;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * Finds the right row that is closest to a left one, and the left rows to which a right one may be.
 * The rows of both are in the order of their places, which begin with the values that are compared.
 */
final class ClosestRow {
  /** In place of an index where there is no row. */
  static final int NONE = -1;

  private final boolean isBackward;
  private final boolean isStrict;

  ClosestRow(AsOfMatch.Comparison comparison) {
    this.isBackward = comparison.isBackward();
    this.isStrict = comparison.isStrict();
  }

  boolean isBackward() {
    return isBackward;
  }

  /** Whether the comparison is true of a left and a right row. */
  private boolean matches(byte[] left, byte[] right) {
    int order = RankedRow.compareStart(left, right);
    return isStrict ? (isBackward ? order > 0 : order < 0) : isBackward ? order >= 0 : order <= 0;
  }

  /** The index of the right row that is closest to a left one, or {@link #NONE}. */
  int of(byte[] left, int size, IntFunction<byte[]> rights) {
    if (isBackward) {
      return first(size, i -> !matches(left, rights.apply(i))) - 1;
    }
    int index = first(size, i -> matches(left, rights.apply(i)));
    return index == size ? NONE : index;
  }

  /**
   * Where left rows begin to match a right one, if they match rows before them; or where they end
   * to, if they match rows behind them.
   */
  int border(RankedRows lefts, byte[] right) {
    return first(lefts.size(), i -> matches(lefts.get(i), right) == isBackward);
  }

  /** The first index of which something is true that is then true of all behind it, or the size. */
  private static int first(int size, IntPredicate isBehind) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (isBehind.test(middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
