package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.LongColumn;

/** {@code -} before a number. */
final class NegationEvaluator extends Evaluator {
  private final Evaluator operand;

  NegationEvaluator(Evaluator operand) {
    super(operand.type());
    this.operand = operand;
  }

  @Override
  public Column evaluate(Rows rows) {
    Column column = operand.evaluate(rows);
    RowLoops loops =
        new RowLoops(
            rows,
            (row, error) ->
                rows.fail(
                    row,
                    new RecordException(
                        "FLX-EXPR-0101", "-(" + column.get(row) + ") is out of range")),
            column);
    if (column instanceof LongColumn longs) {
      return loops.longs(DataType.LONG, row -> Math.negateExact(longs.value(row)));
    }
    if (column instanceof DoubleColumn doubles) {
      return loops.doubles(row -> -doubles.value(row));
    }
    DecimalColumn decimals = (DecimalColumn) column;
    return loops.decimals(type(), row -> decimals.value(row).negate());
  }
}
