package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.expression.kernel.RowLists;
import io.fluxcore.domain.expression.kernel.RowMarks;
import io.fluxcore.domain.expression.syntax.Node;

/** {@code is null}, {@code is true}, {@code is false}: never null itself. */
final class IsEvaluator extends PredicateEvaluator {
  private final Evaluator operand;
  private final Node.Truth truth;
  private final RowMarks marks = new RowMarks();
  private int[] scratch = new int[0];

  IsEvaluator(Evaluator operand, Node.Truth truth) {
    this.operand = operand;
    this.truth = truth;
  }

  @Override
  int select(Rows rows, boolean wanted, int[] out) {
    if (truth == Node.Truth.NULL) {
      Column column = operand.evaluate(rows);
      return RowLists.selectNulls(column.nulls(), wanted, rows.selection(), rows.count(), out);
    }
    if (wanted) {
      return operand.select(rows, truth == Node.Truth.TRUE, out);
    }
    if (scratch.length < rows.count()) {
      scratch = new int[rows.count()];
    }
    marks.reset(rows.rowCount());
    marks.add(scratch, operand.select(rows, truth == Node.Truth.TRUE, scratch));
    return marks.select(false, rows.selection(), rows.count(), out);
  }

  @Override
  public Column evaluate(Rows rows) {
    int[] found = new int[rows.count()];
    return trueFor(rows, found, select(rows, true, found), null);
  }
}
