package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.expression.kernel.LongArithmetic;
import io.fluxcore.domain.expression.syntax.BinaryOperator;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** {@code + - * / %} where one side is a decimal and the other a decimal or a long. */
final class DecimalArithmetic {
  private DecimalArithmetic() {}

  static Arithmetic.Plan plan(BinaryOperator operator, Operand left, Operand right) {
    DataType a = Decimals.typeOf(left);
    DataType b = Decimals.typeOf(right);
    DataType result = Decimals.typeOf(operator, a, b);
    boolean compact = Decimals.isCompact(a) && Decimals.isCompact(b) && Decimals.isCompact(result);
    Arithmetic.ColumnOperator kernel =
        compact && operator != BinaryOperator.DIVIDE && operator != BinaryOperator.REMAINDER
            ? (rows, x, y) -> compact(operator, result, rows, (DecimalColumn) x, (DecimalColumn) y)
            : (rows, x, y) -> wide(operator, result, rows, x, y);
    return new Arithmetic.Plan(
        result,
        compact || left.isConstant() ? a : left.type(),
        compact || right.isConstant() ? b : right.type(),
        kernel);
  }

  /** The result's type has room for every result, so nothing overflows. */
  private static Column compact(
      BinaryOperator operator,
      DataType result,
      Rows rows,
      DecimalColumn left,
      DecimalColumn right) {
    long[] out = new long[rows.rowCount()];
    boolean product = operator == BinaryOperator.MULTIPLY;
    long[] a = product ? left.unscaled() : scaled(left, result.scale(), rows);
    long[] b = product ? right.unscaled() : scaled(right, result.scale(), rows);
    switch (operator) {
      case ADD -> LongArithmetic.add(a, b, out, rows.selection(), rows.count());
      case SUBTRACT -> LongArithmetic.subtract(a, b, out, rows.selection(), rows.count());
      default -> LongArithmetic.multiply(a, b, out, rows.selection(), rows.count());
    }
    return DecimalColumn.compact(result, out.length, out, NullBits.or(left.nulls(), right.nulls()));
  }

  private static long[] scaled(DecimalColumn column, int scale, Rows rows) {
    if (column.type().scale() == scale) {
      return column.unscaled();
    }
    long factor = Decimals.power(scale - column.type().scale());
    long[] values = column.unscaled();
    long[] out = new long[rows.rowCount()];
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.row(i);
      out[row] = values[row] * factor;
    }
    return out;
  }

  private static Column wide(
      BinaryOperator operator, DataType result, Rows rows, Column left, Column right) {
    RowLoops.Failure failure =
        (row, error) -> {
          BigDecimal divisor = Decimals.value(right, row);
          rows.fail(
              row,
              Arithmetic.error(
                  operator, Decimals.value(left, row), divisor, divisor.signum() == 0));
        };
    return new RowLoops(rows, failure, left, right)
        .decimals(
            result,
            row ->
                combine(operator, result, Decimals.value(left, row), Decimals.value(right, row)));
  }

  private static @Nullable BigDecimal combine(
      BinaryOperator operator, DataType result, BigDecimal a, BigDecimal b) {
    return switch (operator) {
      case ADD -> a.add(b);
      case SUBTRACT -> a.subtract(b);
      case MULTIPLY -> a.multiply(b, MathContext.UNLIMITED);
      case DIVIDE -> a.divide(b, result.scale(), RoundingMode.HALF_UP);
      default -> a.remainder(b);
    };
  }
}
