package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.DOUBLE;
import static io.fluxcore.domain.event.DataType.LONG;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DataType.Kind;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.expression.syntax.BinaryOperator;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Functions of numbers. Those of doubles are IEEE's: outside their domain they are NaN. */
final class NumberFunctions {
  private NumberFunctions() {}

  static List<ScalarFunction> all() {
    return List.of(
        StandardFunction.typed(
            "abs(number) → number",
            "Without its sign.",
            1,
            1,
            List.of(DOUBLE),
            (function, arguments, context) -> {
              DataType type = numeric(function, arguments.get(0));
              return new ScalarFunction.Binding(type, List.of(type), NumberFunctions::abs);
            }),
        StandardFunction.typed(
            "sign(number) → long or double",
            "-1, 0 or 1; of a double a double.",
            1,
            1,
            List.of(DOUBLE),
            (function, arguments, context) -> {
              DataType type = numeric(function, arguments.get(0));
              DataType result = type.kind() == Kind.DOUBLE ? DOUBLE : LONG;
              return new ScalarFunction.Binding(result, List.of(type), NumberFunctions::sign);
            }),
        StandardFunction.typed(
            "mod(dividend, divisor) → number",
            "The remainder, with the sign of the dividend: dividend % divisor.",
            2,
            2,
            List.of(DOUBLE),
            NumberFunctions::mod),
        combined("power(base, exponent) → double", "Base to the power of exponent.", Math::pow),
        mapped("sqrt", "Square root.", Math::sqrt),
        mapped("exp", "e to the power of a number.", Math::exp),
        mapped("ln", "Natural logarithm.", Math::log),
        mapped("log10", "Logarithm to the base of 10.", Math::log10));
  }

  /** The type of an argument that must be a number; null is a LONG, and what is nested a DOUBLE. */
  static DataType numeric(ScalarFunction function, Operand argument) {
    if (Coercion.isUntypedNull(argument)) {
      return LONG;
    }
    if (argument.type().kind() == Kind.NESTED) {
      return DOUBLE;
    }
    if (!argument.type().isNumeric()) {
      throw Arguments.mismatch(
          function, "needs a number, and this is " + Coercion.describe(argument));
    }
    return argument.type();
  }

  private static Column abs(Rows rows, List<Operand> arguments) {
    Column column = arguments.get(0).evaluate(rows);
    RowLoops loops = new RowLoops(rows, StandardFunction.failure(rows, "abs"), column);
    if (column instanceof LongColumn longs) {
      return loops.longs(LONG, row -> absolute(longs.value(row)));
    }
    if (column instanceof DoubleColumn doubles) {
      return loops.doubles(row -> Math.abs(doubles.value(row)));
    }
    DecimalColumn decimals = (DecimalColumn) column;
    return loops.decimals(decimals.type(), row -> decimals.value(row).abs());
  }

  private static long absolute(long value) {
    return value < 0 ? Math.negateExact(value) : value;
  }

  private static Column sign(Rows rows, List<Operand> arguments) {
    Column column = arguments.get(0).evaluate(rows);
    RowLoops loops = new RowLoops(rows, StandardFunction.failure(rows, "sign"), column);
    return column instanceof DoubleColumn doubles
        ? loops.doubles(row -> Math.signum(doubles.value(row)))
        : loops.longs(LONG, row -> Decimals.value(column, row).signum());
  }

  private static ScalarFunction.Binding mod(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    Operand left = arguments.get(0);
    Operand right = arguments.get(1);
    DataType a = numeric(function, left);
    DataType b = numeric(function, right);
    Operand dividend = left.type().equals(a) ? left : ConstantEvaluator.of(a, null);
    Operand divisor = right.type().equals(b) ? right : ConstantEvaluator.of(b, null);
    Arithmetic.Plan plan = Arithmetic.plan(BinaryOperator.REMAINDER, dividend, divisor);
    return new ScalarFunction.Binding(
        plan.result(),
        List.of(plan.left(), plan.right()),
        (rows, operands) ->
            plan.operator()
                .apply(rows, operands.get(0).evaluate(rows), operands.get(1).evaluate(rows)));
  }

  private static StandardFunction mapped(
      String name, String description, DoubleUnaryOperator function) {
    return StandardFunction.fixed(
        name + "(number) → double",
        description,
        DOUBLE,
        List.of(DOUBLE),
        1,
        (rows, arguments) -> {
          DoubleColumn values = (DoubleColumn) arguments.get(0).evaluate(rows);
          return new RowLoops(rows, StandardFunction.failure(rows, name), values)
              .doubles(row -> function.applyAsDouble(values.value(row)));
        });
  }

  private static StandardFunction combined(
      String signature, String description, DoubleBinaryOperator function) {
    return StandardFunction.fixed(
        signature,
        description,
        DOUBLE,
        List.of(DOUBLE, DOUBLE),
        2,
        (rows, arguments) -> {
          DoubleColumn a = (DoubleColumn) arguments.get(0).evaluate(rows);
          DoubleColumn b = (DoubleColumn) arguments.get(1).evaluate(rows);
          return new RowLoops(rows, StandardFunction.failure(rows, "power"), a, b)
              .doubles(row -> function.applyAsDouble(a.value(row), b.value(row)));
        });
  }
}
