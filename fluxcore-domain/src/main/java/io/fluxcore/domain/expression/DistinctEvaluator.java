package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.expression.PairTestEvaluator.PairTest;
import io.fluxcore.domain.expression.kernel.RowLists;
import io.fluxcore.domain.expression.kernel.RowMarks;

/** {@code is [not] distinct from}: inequality for which nulls are equal. Never null itself. */
final class DistinctEvaluator extends PredicateEvaluator {
  private final Evaluator left;
  private final Evaluator right;
  private final PairTest equal;
  private final boolean distinct;
  private final RowMarks same = new RowMarks();

  DistinctEvaluator(Evaluator left, Evaluator right, PairTest equal, boolean distinct) {
    this.left = left;
    this.right = right;
    this.equal = equal;
    this.distinct = distinct;
  }

  @Override
  int select(Rows rows, boolean wanted, int[] out) {
    Column a = left.evaluate(rows);
    Column b = right.evaluate(rows);
    same.reset(rows.rowCount());
    int[] found = new int[rows.count()];
    int equalCount = equal.select(a, b, true, rows.selection(), rows.count(), found);
    equalCount = RowLists.dropNulls(found, equalCount, a.nulls());
    same.add(found, RowLists.dropNulls(found, equalCount, b.nulls()));
    int nullCount = RowLists.selectNulls(a.nulls(), true, rows.selection(), rows.count(), found);
    same.add(found, RowLists.selectNulls(b.nulls(), true, found, nullCount, found));
    return same.select(wanted != distinct, rows.selection(), rows.count(), out);
  }

  @Override
  public Column evaluate(Rows rows) {
    int[] found = new int[rows.count()];
    return trueFor(rows, found, select(rows, true, found), null);
  }
}
