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
        operator == BinaryOperator.DIVIDE || operator == BinaryOperator.REMAINDER
            ? (rows, x, y) -> byValue(operator, result, rows, x, y)
            : (rows, x, y) -> {
              Column longs = inLongs(operator, result, rows, x, y);
              return longs != null ? longs : byValue(operator, result, rows, x, y);
            };
    return new Arithmetic.Plan(
        result,
        compact || left.isConstant() ? a : left.type(),
        compact || right.isConstant() ? b : right.type(),
        kernel);
  }

  /**
   * In longs, if both sides are held so and all results fit: not if one does not, perhaps in a row
   * that is null, nor if the result's type has fewer digits after the point than results have.
   */
  private static @Nullable Column inLongs(
      BinaryOperator operator, DataType result, Rows rows, Column left, Column right) {
    boolean product = operator == BinaryOperator.MULTIPLY;
    int scale =
        product
            ? Decimals.scale(left) + Decimals.scale(right)
            : Math.max(Decimals.scale(left), Decimals.scale(right));
    if (scale != result.scale()) {
      return null;
    }
    long[] a = product ? Decimals.unscaled(left) : Decimals.scaledTo(scale, left, rows);
    long[] b = product ? Decimals.unscaled(right) : Decimals.scaledTo(scale, right, rows);
    if (a == null || b == null) {
      return null;
    }
    long[] out = new long[rows.rowCount()];
    boolean overflow =
        switch (operator) {
          case ADD -> LongArithmetic.add(a, b, out, rows.selection(), rows.count());
          case SUBTRACT -> LongArithmetic.subtract(a, b, out, rows.selection(), rows.count());
          default -> LongArithmetic.multiply(a, b, out, rows.selection(), rows.count());
        };
    return overflow
        ? null
        : DecimalColumn.ofLongs(result, out.length, out, NullBits.or(left.nulls(), right.nulls()));
  }

  private static Column byValue(
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
