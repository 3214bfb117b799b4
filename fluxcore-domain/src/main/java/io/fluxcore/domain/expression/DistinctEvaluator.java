package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.expression.PairTestEvaluator.PairTest;
import io.fluxcore.domain.expression.kernel.RowLists;

/** {@code is [not] distinct from}: inequality for which nulls are equal. Never null itself. */
final class DistinctEvaluator extends PredicateEvaluator {
  private final Evaluator left;
  private final Evaluator right;
  private final PairTest equal;
  private final boolean distinct;

  DistinctEvaluator(Evaluator left, Evaluator right, boolean distinct) {
    this.left = left;
    this.right = right;
    this.equal = PairTests.equal(left.type());
    this.distinct = distinct;
  }

  @Override
  int select(Rows rows, boolean wanted, int[] out) {
    Column a = left.evaluate(rows);
    Column b = right.evaluate(rows);
    int[] same = new int[rows.count()];
    int sameCount = selectSame(rows, a, b, same);
    if (wanted == distinct) {
      return RowLists.without(rows.selection(), rows.count(), same, sameCount, out);
    }
    System.arraycopy(same, 0, out, 0, sameCount);
    return sameCount;
  }

  private int selectSame(Rows rows, Column a, Column b, int[] same) {
    int[] equalRows = new int[rows.count()];
    int equalCount = equal.select(a, b, true, rows.selection(), rows.count(), equalRows);
    equalCount = RowLists.dropNulls(equalRows, equalCount, a.nulls());
    equalCount = RowLists.dropNulls(equalRows, equalCount, b.nulls());
    int[] nullRows = new int[rows.count()];
    int nullCount = RowLists.selectNulls(a.nulls(), true, rows.selection(), rows.count(), nullRows);
    nullCount = RowLists.selectNulls(b.nulls(), true, nullRows, nullCount, nullRows);
    return RowLists.merge(equalRows, equalCount, nullRows, nullCount, same);
  }

  @Override
  public Column evaluate(Rows rows) {
    int[] found = new int[rows.count()];
    return trueFor(rows, found, select(rows, true, found), null);
  }
}
