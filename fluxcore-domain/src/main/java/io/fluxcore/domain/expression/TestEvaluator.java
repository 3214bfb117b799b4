package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import org.jspecify.annotations.Nullable;

/** A test of one operand that is null where the operand is. */
final class TestEvaluator extends PredicateEvaluator {
  /** Finds the rows of a selection that are not null and have the wanted answer. */
  @FunctionalInterface
  interface ColumnTest {
    int select(Column column, boolean wanted, int @Nullable [] selection, int count, int[] out);
  }

  private final Evaluator operand;
  private final ColumnTest test;

  TestEvaluator(Evaluator operand, ColumnTest test) {
    this.operand = operand;
    this.test = test;
  }

  @Override
  boolean isCheapAndSafe() {
    return operand.isCheapAndSafe();
  }

  @Override
  int select(Rows rows, boolean wanted, int[] out) {
    Column column = operand.evaluate(rows);
    return test.select(column, wanted, rows.selection(), rows.count(), out);
  }

  @Override
  public Column evaluate(Rows rows) {
    Column column = operand.evaluate(rows);
    int[] found = new int[rows.count()];
    int count = test.select(column, true, rows.selection(), rows.count(), found);
    return trueFor(rows, found, count, column.nulls());
  }
}
