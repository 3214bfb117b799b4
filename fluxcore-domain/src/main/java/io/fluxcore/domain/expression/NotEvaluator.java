package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.Column;

/** {@code not}: null stays null. */
final class NotEvaluator extends PredicateEvaluator {
  private final Evaluator operand;

  NotEvaluator(Evaluator operand) {
    this.operand = operand;
  }

  @Override
  int select(Rows rows, boolean wanted, int[] out) {
    return operand.select(rows, !wanted, out);
  }

  @Override
  public Column evaluate(Rows rows) {
    BooleanColumn column = (BooleanColumn) operand.evaluate(rows);
    boolean[] source = column.values();
    boolean[] values = new boolean[rows.rowCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = !source[i];
    }
    return new BooleanColumn(values.length, values, column.nulls());
  }
}
