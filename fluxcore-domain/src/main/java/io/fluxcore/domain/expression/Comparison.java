package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DataType.Kind;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.event.Values;
import io.fluxcore.domain.expression.PairTestEvaluator.PairTest;
import io.fluxcore.domain.expression.kernel.DoubleRange;
import io.fluxcore.domain.expression.kernel.LongRange;
import io.fluxcore.domain.expression.kernel.RowLists;
import io.fluxcore.domain.expression.kernel.TextEquality;
import io.fluxcore.domain.expression.kernel.TextTest;
import io.fluxcore.domain.expression.kernel.TextTests;
import io.fluxcore.domain.expression.syntax.BinaryOperator;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Makes the evaluators of comparisons. A comparison with a constant becomes a test of one operand:
 * for longs and compact decimals a {@link LongRange}, exact whatever the constant's digits; for
 * doubles a {@link DoubleRange}; for strings a {@link TextTest}.
 */
final class Comparison {
  private static final BigDecimal MIN_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MAX_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

  private Comparison() {}

  /** A comparison of two operands of one type. */
  static Evaluator of(BinaryOperator operator, Evaluator left, Evaluator right) {
    if (operator == BinaryOperator.DISTINCT || operator == BinaryOperator.NOT_DISTINCT) {
      PairTest equal = PairTests.equal(left.type());
      return new DistinctEvaluator(left, right, equal, operator == BinaryOperator.DISTINCT);
    }
    if (left.isConstant() && !right.isConstant()) {
      return of(operator.mirrored(), right, left);
    }
    Evaluator test = right.isConstant() ? withConstant(operator, left, right.constant()) : null;
    return test != null
        ? test
        : new PairTestEvaluator(left, right, PairTests.of(operator, left.type()));
  }

  /** A comparison of LONG and DECIMAL operands of any digits, value by value. */
  static Evaluator ofDecimals(BinaryOperator operator, Evaluator left, Evaluator right) {
    return operator == BinaryOperator.DISTINCT || operator == BinaryOperator.NOT_DISTINCT
        ? new DistinctEvaluator(
            left, right, PairTests.equal(Decimals.WIDEST), operator == BinaryOperator.DISTINCT)
        : new PairTestEvaluator(left, right, PairTests.of(operator, Decimals.WIDEST));
  }

  /**
   * A comparison of a LONG or DECIMAL operand with an exact number of any type, without converting
   * the operand; null if that cannot be done.
   */
  static @Nullable Evaluator exact(BinaryOperator operator, Evaluator left, Evaluator right) {
    if (left.isConstant()) {
      return right.isConstant() ? null : exact(operator.mirrored(), right, left);
    }
    if (!right.isConstant() || !isOrdinary(operator)) {
      return null;
    }
    BigDecimal bound = exactNumber(right.constant());
    if (bound == null || !Decimals.isExact(left.type())) {
      return null;
    }
    LongRange range = range(operator, bound.scaleByPowerOfTen(left.type().scale()));
    return left.type().kind() == Kind.LONG || Decimals.isCompact(left.type())
        ? inRange(left, range)
        : new TestEvaluator(left, new WideDecimalTest(operator, bound, range));
  }

  private static boolean isOrdinary(BinaryOperator operator) {
    return operator != BinaryOperator.DISTINCT && operator != BinaryOperator.NOT_DISTINCT;
  }

  private static @Nullable BigDecimal exactNumber(@Nullable Object value) {
    if (value instanceof Long number) {
      return BigDecimal.valueOf(number);
    }
    return value instanceof BigDecimal number ? number : null;
  }

  private static @Nullable Evaluator withConstant(
      BinaryOperator operator, Evaluator left, @Nullable Object bound) {
    if (bound == null) {
      return null;
    }
    DataType type = left.type();
    if (type.isLongBacked()) {
      return inRange(left, range(operator, BigDecimal.valueOf(Values.toLong(type, bound))));
    }
    if (Decimals.isCompact(type)) {
      return inRange(left, range(operator, ((BigDecimal) bound).scaleByPowerOfTen(type.scale())));
    }
    if (bound instanceof Double number && !number.isNaN()) {
      return inRange(left, range(operator, number));
    }
    return bound instanceof String text ? textTest(operator, left, text) : null;
  }

  /** The values that compare so with a bound that need be neither integral nor a long. */
  private static LongRange range(BinaryOperator operator, BigDecimal bound) {
    return switch (operator) {
      case EQUAL -> equalTo(bound);
      case NOT_EQUAL -> equalTo(bound).negated();
      case LESS -> atMost(bound.setScale(0, RoundingMode.CEILING).subtract(BigDecimal.ONE));
      case LESS_OR_EQUAL -> atMost(bound.setScale(0, RoundingMode.FLOOR));
      case GREATER -> atMost(bound.setScale(0, RoundingMode.FLOOR)).negated();
      default -> atMost(bound.setScale(0, RoundingMode.CEILING).subtract(BigDecimal.ONE)).negated();
    };
  }

  private static LongRange equalTo(BigDecimal bound) {
    boolean inside = bound.compareTo(MIN_LONG) >= 0 && bound.compareTo(MAX_LONG) <= 0;
    BigDecimal whole = bound.setScale(0, RoundingMode.FLOOR);
    return inside && whole.compareTo(bound) == 0
        ? LongRange.equalTo(whole.longValueExact())
        : LongRange.NONE;
  }

  private static LongRange atMost(BigDecimal bound) {
    if (bound.compareTo(MIN_LONG) < 0) {
      return LongRange.NONE;
    }
    BigInteger limit = bound.min(MAX_LONG).toBigInteger();
    return LongRange.atMost(limit.longValueExact());
  }

  private static DoubleRange range(BinaryOperator operator, double bound) {
    return switch (operator) {
      case EQUAL -> DoubleRange.equalTo(bound);
      case NOT_EQUAL -> DoubleRange.equalTo(bound).negated();
      case LESS -> DoubleRange.below(bound);
      case LESS_OR_EQUAL -> DoubleRange.atMost(bound);
      case GREATER -> DoubleRange.atMost(bound).negated();
      default -> DoubleRange.below(bound).negated();
    };
  }

  /** The test that a LONG, date, timestamp or compact decimal is in a range. */
  static Evaluator inRange(Evaluator operand, LongRange range) {
    if (operand instanceof DivisionEvaluator division && division.isRemainder()) {
      return division.remainderIn(range);
    }
    LongRange contrary = range.negated();
    return new TestEvaluator(
        operand,
        (column, wanted, selection, count, out) -> {
          LongRange wantedRange = wanted ? range : contrary;
          int found = wantedRange.select(longs(column), selection, count, out);
          return RowLists.dropNulls(out, found, column.nulls());
        });
  }

  /** The longs of a LONG, date, timestamp or compact decimal column. */
  static long[] longs(Column column) {
    long[] values = Decimals.unscaled(column);
    if (values == null) {
      throw new IllegalStateException(column.type() + " is not held as long");
    }
    return values;
  }

  static Evaluator inRange(Evaluator operand, DoubleRange range) {
    DoubleRange contrary = range.negated();
    return new TestEvaluator(
        operand,
        (column, wanted, selection, count, out) -> {
          DoubleRange wantedRange = wanted ? range : contrary;
          double[] values = ((DoubleColumn) column).values();
          int found = wantedRange.select(values, selection, count, out);
          return RowLists.dropNulls(out, found, column.nulls());
        });
  }

  /** A string is at most the bound if it comes before the bound's successor. */
  private static Evaluator textTest(BinaryOperator operator, Evaluator left, String bound) {
    return switch (operator) {
      case EQUAL -> text(left, new TextEquality(bound), true);
      case NOT_EQUAL -> text(left, new TextEquality(bound), false);
      case LESS -> text(left, TextTests.before(bound), true);
      case LESS_OR_EQUAL -> text(left, TextTests.before(bound + "\0"), true);
      case GREATER -> text(left, TextTests.before(bound + "\0"), false);
      default -> text(left, TextTests.before(bound), false);
    };
  }

  /** A test of a string, or its contrary. */
  static Evaluator text(Evaluator operand, TextTest test, boolean affirmative) {
    return new TestEvaluator(
        operand,
        (column, wanted, selection, count, out) ->
            test.select((StringColumn) column, wanted == affirmative, selection, count, out));
  }
}
