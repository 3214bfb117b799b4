package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;

/** A field, by its position in the schema. */
final class FieldEvaluator extends Evaluator {
  private final int ordinal;

  FieldEvaluator(int ordinal, DataType type) {
    super(type);
    this.ordinal = ordinal;
  }

  @Override
  boolean isCheapAndSafe() {
    return switch (type().kind()) {
      case BOOLEAN, LONG, DOUBLE, DATE, TIMESTAMP, TIMESTAMP_TZ -> true;
      case DECIMAL, STRING, BYTES, NESTED -> false;
    };
  }

  @Override
  public Column evaluate(Rows rows) {
    return rows.batch().column(ordinal);
  }
}
