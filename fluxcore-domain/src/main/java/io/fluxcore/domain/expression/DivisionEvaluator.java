package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.expression.kernel.Divisibility;
import io.fluxcore.domain.expression.kernel.LongDivisor;
import io.fluxcore.domain.expression.kernel.LongRange;
import io.fluxcore.domain.expression.kernel.RowLists;

/** A long divided by a constant of 2 or more, or the remainder: neither can fail. */
final class DivisionEvaluator extends Evaluator {
  private final Evaluator operand;
  private final LongDivisor divisor;
  private final boolean remainder;

  DivisionEvaluator(Evaluator operand, LongDivisor divisor, boolean remainder) {
    super(DataType.LONG);
    this.operand = operand;
    this.divisor = divisor;
    this.remainder = remainder;
  }

  @Override
  boolean isCheapAndSafe() {
    return operand.isCheapAndSafe();
  }

  boolean isRemainder() {
    return remainder;
  }

  /** The test of the remainder, without a column of remainders. */
  Evaluator remainderIn(LongRange range) {
    if (range.low() == 0 && range.high() == 0) {
      return multiples(range.inside());
    }
    LongRange contrary = range.negated();
    return new TestEvaluator(
        operand,
        (column, wanted, selection, count, out) -> {
          LongRange wantedRange = wanted ? range : contrary;
          long[] values = ((LongColumn) column).values();
          int found = wantedRange.selectRemainders(divisor, values, selection, count, out);
          return RowLists.dropNulls(out, found, column.nulls());
        });
  }

  private Evaluator multiples(boolean inside) {
    Divisibility divisibility = Divisibility.by(divisor.divisor());
    return new TestEvaluator(
        operand,
        (column, wanted, selection, count, out) -> {
          long[] values = ((LongColumn) column).values();
          int found = divisibility.select(values, wanted == inside, selection, count, out);
          return RowLists.dropNulls(out, found, column.nulls());
        });
  }

  @Override
  public Column evaluate(Rows rows) {
    LongColumn column = (LongColumn) operand.evaluate(rows);
    long[] out = new long[rows.rowCount()];
    if (remainder) {
      divisor.remainder(column.values(), out, rows.selection(), rows.count());
    } else {
      divisor.divide(column.values(), out, rows.selection(), rows.count());
    }
    return new LongColumn(DataType.LONG, out.length, out, column.nulls());
  }
}
