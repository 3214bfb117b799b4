package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.expression.kernel.LikePattern;
import org.jspecify.annotations.Nullable;

/** {@code like} with a pattern that differs from row to row. */
final class LikeEvaluator extends Evaluator {
  private final Evaluator operand;
  private final Evaluator pattern;
  private final @Nullable Integer escape;

  LikeEvaluator(Evaluator operand, Evaluator pattern, @Nullable Integer escape) {
    super(DataType.BOOLEAN);
    this.operand = operand;
    this.pattern = pattern;
    this.escape = escape;
  }

  @Override
  public Column evaluate(Rows rows) {
    StringColumn texts = (StringColumn) operand.evaluate(rows);
    StringColumn patterns = (StringColumn) pattern.evaluate(rows);
    RowLoops.Failure failure =
        (row, error) ->
            rows.fail(
                row,
                new RecordException(
                    "FLX-EXPR-0104",
                    "'like' " + patterns.value(row) + ": " + error.getMessage(),
                    error));
    return new RowLoops(rows, failure, texts, patterns)
        .booleans(row -> LikePattern.of(patterns.value(row), escape).test(texts.value(row)));
  }
}
