package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;

/** A conversion; a value that has no counterpart fails the row, or is null if it is lenient. */
final class CastEvaluator extends Evaluator {
  private static final int SHOWN = 80;

  private final Evaluator operand;
  private final Conversion conversion;
  private final boolean lenient;

  CastEvaluator(Evaluator operand, DataType type, Conversion conversion, boolean lenient) {
    super(type);
    this.operand = operand;
    this.conversion = conversion;
    this.lenient = lenient;
  }

  @Override
  public Column evaluate(Rows rows) {
    Column source = operand.evaluate(rows);
    return conversion.apply(
        rows,
        source,
        lenient ? (row, error) -> {} : (row, error) -> fail(rows, source, row, error));
  }

  private void fail(Rows rows, Column source, int row, RuntimeException cause) {
    String value = String.valueOf(source.get(row));
    String shown = value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
    rows.fail(
        row,
        new RecordException(
            "FLX-EXPR-0103", "'" + shown + "' (" + source.type() + ") is not a " + type(), cause));
  }
}
