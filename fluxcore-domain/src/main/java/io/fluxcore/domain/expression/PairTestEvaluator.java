package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.expression.kernel.RowLists;
import org.jspecify.annotations.Nullable;

/** A test of two operands of one type that is null where one of them is. */
final class PairTestEvaluator extends PredicateEvaluator {
  /** Finds the rows of a selection that have the wanted answer, and maybe some that are null. */
  @FunctionalInterface
  interface PairTest {
    int select(
        Column left,
        Column right,
        boolean wanted,
        int @Nullable [] selection,
        int count,
        int[] out);
  }

  private final Evaluator left;
  private final Evaluator right;
  private final PairTest test;

  PairTestEvaluator(Evaluator left, Evaluator right, PairTest test) {
    this.left = left;
    this.right = right;
    this.test = test;
  }

  @Override
  int select(Rows rows, boolean wanted, int[] out) {
    Column a = left.evaluate(rows);
    Column b = right.evaluate(rows);
    int found = test.select(a, b, wanted, rows.selection(), rows.count(), out);
    return RowLists.dropNulls(out, RowLists.dropNulls(out, found, a.nulls()), b.nulls());
  }

  @Override
  public Column evaluate(Rows rows) {
    Column a = left.evaluate(rows);
    Column b = right.evaluate(rows);
    int[] found = new int[rows.count()];
    int count = test.select(a, b, true, rows.selection(), rows.count(), found);
    return trueFor(rows, found, count, NullBits.or(a.nulls(), b.nulls()));
  }
}
