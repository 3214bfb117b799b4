package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.kernel.ColumnAssembler;
import io.fluxcore.domain.expression.kernel.RowMarks;
import org.jspecify.annotations.Nullable;

/** {@code case}: each branch is evaluated for the rows that take it, and for no others. */
final class CaseEvaluator extends Evaluator {
  private final Evaluator[] conditions;
  private final Evaluator[] results;
  private final @Nullable Evaluator otherwise;

  CaseEvaluator(
      DataType type, Evaluator[] conditions, Evaluator[] results, @Nullable Evaluator otherwise) {
    super(type);
    this.conditions = conditions;
    this.results = results;
    this.otherwise = otherwise;
  }

  @Override
  public Column evaluate(Rows rows) {
    ColumnAssembler result = new ColumnAssembler(type(), rows.rowCount());
    int[] taken = new int[rows.count()];
    int[] open = new int[rows.count()];
    RowMarks decided = new RowMarks();
    decided.reset(rows.rowCount());
    Rows left = rows;
    for (int i = 0; i < conditions.length && left.count() > 0; i++) {
      int count = conditions[i].select(left, true, taken);
      if (count > 0) {
        result.copy(results[i].evaluate(rows.only(taken, count)), taken, count);
        decided.add(taken, count);
        int rest = decided.select(false, left.selection(), left.count(), open);
        left = rows.only(open, rest);
      }
    }
    if (otherwise != null && left.count() > 0) {
      result.copy(otherwise.evaluate(left), left.selection(), left.count());
    }
    return result.build();
  }
}
