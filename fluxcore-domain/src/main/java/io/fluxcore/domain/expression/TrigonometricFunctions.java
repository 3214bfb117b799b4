package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.DOUBLE;
import static io.fluxcore.domain.event.DataType.LONG;
import static io.fluxcore.domain.event.DataType.STRING;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DoubleColumn;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Functions of angles and logarithms, IEEE's, and constants; whole numbers to other bases. */
final class TrigonometricFunctions {
  private static final double LN_2 = Math.log(2);

  private TrigonometricFunctions() {}

  static List<ScalarFunction> all() {
    return List.of(
        mapped("sin", "Sine of an angle in radians.", Math::sin),
        mapped("cos", "Cosine of an angle in radians.", Math::cos),
        mapped("tan", "Tangent of an angle in radians.", Math::tan),
        mapped("cot", "Cotangent of an angle in radians.", value -> 1 / Math.tan(value)),
        mapped("asin", "Arc sine, in radians.", Math::asin),
        mapped("acos", "Arc cosine, in radians.", Math::acos),
        mapped("atan", "Arc tangent, in radians.", Math::atan),
        mapped("sinh", "Hyperbolic sine.", Math::sinh),
        mapped("cosh", "Hyperbolic cosine.", Math::cosh),
        mapped("tanh", "Hyperbolic tangent.", Math::tanh),
        mapped("degrees", "Radians in degrees.", Math::toDegrees),
        mapped("radians", "Degrees in radians.", Math::toRadians),
        mapped("cbrt", "Cube root.", Math::cbrt),
        mapped("log2", "Logarithm to the base of 2.", value -> Math.log(value) / LN_2),
        combined("atan2(y, x) → double", "The angle of a point, in radians.", 2, Math::atan2),
        combined(
            "log([base,] number) → double",
            "Logarithm to a base; without one the natural logarithm.",
            1,
            (base, number) -> Math.log(number) / Math.log(base)),
        constant(
            "pi() → double", "The ratio of a circle's circumference to its diameter.", Math.PI),
        constant("e() → double", "The base of natural logarithms.", Math.E),
        StandardFunction.ofValues(
            "bin(number) → string",
            "The binary digits, of a negative number those of its 64 bits.",
            STRING,
            List.of(LONG),
            1,
            arguments -> Long.toBinaryString((Long) arguments[0])),
        StandardFunction.typed(
            "hex(value) → string",
            "The hexadecimal digits, in upper case, of a number or of the bytes of a text.",
            1,
            1,
            List.of(LONG),
            TrigonometricFunctions::hex));
  }

  private static StandardFunction mapped(
      String name, String description, DoubleUnaryOperator function) {
    return StandardFunction.fixed(
        name + "(number) → double",
        description,
        DOUBLE,
        List.of(DOUBLE),
        1,
        (rows, operands) -> {
          DoubleColumn numbers = (DoubleColumn) operands.get(0).evaluate(rows);
          return new RowLoops(rows, StandardFunction.failure(rows, name), numbers)
              .doubles(row -> function.applyAsDouble(numbers.value(row)));
        });
  }

  /** Of one argument alone the first is {@code e}. */
  private static StandardFunction combined(
      String signature, String description, int least, DoubleBinaryOperator function) {
    return StandardFunction.fixed(
        signature,
        description,
        DOUBLE,
        List.of(DOUBLE, DOUBLE),
        least,
        (rows, operands) -> {
          DoubleColumn first = (DoubleColumn) operands.get(0).evaluate(rows);
          if (operands.size() == 1) {
            return new RowLoops(rows, StandardFunction.failure(rows, signature), first)
                .doubles(row -> function.applyAsDouble(Math.E, first.value(row)));
          }
          DoubleColumn second = (DoubleColumn) operands.get(1).evaluate(rows);
          return new RowLoops(rows, StandardFunction.failure(rows, signature), first, second)
              .doubles(row -> function.applyAsDouble(first.value(row), second.value(row)));
        });
  }

  private static StandardFunction constant(String signature, String description, double value) {
    return StandardFunction.fixed(
        signature,
        description,
        DOUBLE,
        List.of(),
        0,
        (rows, operands) ->
            new RowLoops(rows, StandardFunction.failure(rows, signature)).doubles(row -> value));
  }

  private static ScalarFunction.Binding hex(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    DataType given = arguments.get(0).type();
    DataType type =
        switch (given.kind()) {
          case LONG, BYTES -> given;
          default -> STRING;
        };
    return new ScalarFunction.Binding(
        STRING,
        List.of(type),
        StandardFunction.body(
            "hex",
            STRING,
            values ->
                values[0] instanceof Long number
                    ? Long.toHexString(number).toUpperCase(Locale.ROOT)
                    : Encodings.hex(Encodings.bytes(values[0])).toUpperCase(Locale.ROOT)));
  }
}
