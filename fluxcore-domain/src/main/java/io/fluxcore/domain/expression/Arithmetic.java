package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DataType.Kind;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.expression.kernel.DoubleArithmetic;
import io.fluxcore.domain.expression.kernel.LongArithmetic;
import io.fluxcore.domain.expression.syntax.BinaryOperator;

/**
 * {@code + - * / %} of numbers. Longs are exact: an overflow and a division by zero fail the row,
 * and {@code /} truncates. A double on one side makes it IEEE arithmetic, which never fails. A
 * decimal on one side and a decimal or long on the other are exact up to the result's scale.
 */
final class Arithmetic {
  /**
   * How two operands of certain types are combined.
   *
   * @param result type of the result
   * @param left type that the left operand must have
   * @param right type that the right operand must have
   */
  record Plan(DataType result, DataType left, DataType right, ColumnOperator operator) {}

  /** Combines two columns. */
  @FunctionalInterface
  interface ColumnOperator {
    Column apply(Rows rows, Column left, Column right);
  }

  private Arithmetic() {}

  /** The plan for two numbers. */
  static Plan plan(BinaryOperator operator, Operand left, Operand right) {
    if (left.type().kind() == Kind.DOUBLE || right.type().kind() == Kind.DOUBLE) {
      return new Plan(
          DataType.DOUBLE,
          DataType.DOUBLE,
          DataType.DOUBLE,
          (rows, a, b) -> doubles(operator, rows, (DoubleColumn) a, (DoubleColumn) b));
    }
    if (left.type().kind() == Kind.DECIMAL || right.type().kind() == Kind.DECIMAL) {
      return DecimalArithmetic.plan(operator, left, right);
    }
    return new Plan(
        DataType.LONG,
        DataType.LONG,
        DataType.LONG,
        (rows, a, b) -> longs(operator, rows, (LongColumn) a, (LongColumn) b));
  }

  private static Column doubles(
      BinaryOperator operator, Rows rows, DoubleColumn left, DoubleColumn right) {
    double[] a = left.values();
    double[] b = right.values();
    double[] out = new double[rows.rowCount()];
    switch (operator) {
      case ADD -> DoubleArithmetic.add(a, b, out, rows.selection(), rows.count());
      case SUBTRACT -> DoubleArithmetic.subtract(a, b, out, rows.selection(), rows.count());
      case MULTIPLY -> DoubleArithmetic.multiply(a, b, out, rows.selection(), rows.count());
      case DIVIDE -> DoubleArithmetic.divide(a, b, out, rows.selection(), rows.count());
      default -> DoubleArithmetic.remainder(a, b, out, rows.selection(), rows.count());
    }
    return new DoubleColumn(out.length, out, NullBits.or(left.nulls(), right.nulls()));
  }

  private static Column longs(
      BinaryOperator operator, Rows rows, LongColumn left, LongColumn right) {
    long[] a = left.values();
    long[] b = right.values();
    long[] out = new long[rows.rowCount()];
    boolean trouble =
        switch (operator) {
          case ADD -> LongArithmetic.add(a, b, out, rows.selection(), rows.count());
          case SUBTRACT -> LongArithmetic.subtract(a, b, out, rows.selection(), rows.count());
          case MULTIPLY -> LongArithmetic.multiply(a, b, out, rows.selection(), rows.count());
          case DIVIDE -> LongArithmetic.divide(a, b, out, rows.selection(), rows.count());
          default -> LongArithmetic.remainder(a, b, out, rows.selection(), rows.count());
        };
    NullsBuilder nulls =
        new NullsBuilder(NullBits.or(left.nulls(), right.nulls()), rows.rowCount());
    if (trouble) {
      failRows(operator, rows, a, b, nulls);
    }
    return new LongColumn(DataType.LONG, out.length, out, nulls.bits());
  }

  private static void failRows(
      BinaryOperator operator, Rows rows, long[] a, long[] b, NullsBuilder nulls) {
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.row(i);
      if (!nulls.isSet(row)) {
        try {
          exactly(operator, a[row], b[row]);
        } catch (ArithmeticException e) {
          nulls.set(row);
          rows.fail(row, error(operator, a[row], b[row], b[row] == 0));
        }
      }
    }
  }

  private static long exactly(BinaryOperator operator, long a, long b) {
    return switch (operator) {
      case ADD -> Math.addExact(a, b);
      case SUBTRACT -> Math.subtractExact(a, b);
      case MULTIPLY -> Math.multiplyExact(a, b);
      case DIVIDE -> b == -1 ? Math.negateExact(a) : a / b;
      default -> a % b;
    };
  }

  /** The error of a row. */
  static RecordException error(BinaryOperator operator, Object a, Object b, boolean zeroDivisor) {
    boolean division = operator == BinaryOperator.DIVIDE || operator == BinaryOperator.REMAINDER;
    String what = a + " " + operator.symbol() + " " + b;
    return zeroDivisor && division
        ? new RecordException("FLX-EXPR-0102", what + " is a division by zero")
        : new RecordException("FLX-EXPR-0101", what + " is out of range");
  }
}
