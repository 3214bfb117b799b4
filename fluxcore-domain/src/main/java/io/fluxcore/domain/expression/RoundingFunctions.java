package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.DOUBLE;
import static io.fluxcore.domain.event.DataType.LONG;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.LongColumn;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code ceil}, {@code floor}, {@code round} and {@code truncate}. Whole numbers stay what they
 * are; decimals get the digits that the result needs.
 */
final class RoundingFunctions {
  private static final int MOST_PLACES = 400;

  private RoundingFunctions() {}

  static List<ScalarFunction> all() {
    return List.of(
        toWhole("ceil", RoundingMode.CEILING),
        toWhole("ceiling", RoundingMode.CEILING),
        toWhole("floor", RoundingMode.FLOOR),
        toPlaces("round", "Half away from zero", RoundingMode.HALF_UP),
        toPlaces("truncate", "Towards zero", RoundingMode.DOWN));
  }

  private static StandardFunction toWhole(String name, RoundingMode mode) {
    return StandardFunction.typed(
        name + "(number) → number",
        "The next whole number " + (mode == RoundingMode.FLOOR ? "below." : "above."),
        1,
        1,
        List.of(DOUBLE),
        (function, arguments, context) -> {
          DataType type = NumberFunctions.numeric(function, arguments.get(0));
          return binding(name, List.of(type), resultType(type, 0L, mode), mode);
        });
  }

  private static StandardFunction toPlaces(String name, String description, RoundingMode mode) {
    return StandardFunction.typed(
        name + "(number [, places]) → number",
        description + " to places after the point, none if left out; before it if negative.",
        1,
        2,
        List.of(DOUBLE, LONG),
        (function, arguments, context) -> {
          DataType type = NumberFunctions.numeric(function, arguments.get(0));
          if (arguments.size() == 1) {
            return binding(name, List.of(type), resultType(type, 0L, mode), mode);
          }
          Operand places = arguments.get(1);
          Object constant = places.isConstant() ? places.constant() : null;
          DataType result = resultType(type, constant, mode);
          return binding(name, List.of(type, LONG), result, mode);
        });
  }

  /** A decimal keeps its scale where the places are not known. */
  private static DataType resultType(DataType type, @Nullable Object places, RoundingMode mode) {
    if (type.kind() != DataType.Kind.DECIMAL) {
      return type;
    }
    int carry = mode == RoundingMode.DOWN ? 0 : 1;
    int scale =
        places instanceof Long known
            ? (int) Math.max(0, Math.min(known, type.scale()))
            : type.scale();
    int whole = type.precision() - type.scale() + carry;
    int precision = Math.max(1, whole + scale);
    return DataType.decimal(Math.min(DataType.MAX_DECIMAL_PRECISION, precision), scale);
  }

  private static ScalarFunction.Binding binding(
      String name, List<DataType> parameters, DataType result, RoundingMode mode) {
    return new ScalarFunction.Binding(
        result, parameters, (rows, arguments) -> round(rows, arguments, name, result, mode));
  }

  private static Column round(
      Rows rows, List<Operand> arguments, String name, DataType result, RoundingMode mode) {
    Column column = arguments.get(0).evaluate(rows);
    Column places =
        arguments.size() > 1
            ? arguments.get(1).evaluate(rows)
            : ConstantEvaluator.of(LONG, 0L).evaluate(rows);
    LongColumn digits = (LongColumn) places;
    RowLoops loops = new RowLoops(rows, StandardFunction.failure(rows, name), column, digits);
    if (column instanceof LongColumn longs) {
      return loops.longs(LONG, row -> round(longs.value(row), digits.value(row), mode));
    }
    if (column instanceof DoubleColumn doubles) {
      return loops.doubles(row -> round(doubles.value(row), digits.value(row), mode));
    }
    DecimalColumn decimals = (DecimalColumn) column;
    return loops.decimals(
        result, row -> decimals.value(row).setScale(scale(digits.value(row)), mode));
  }

  private static int scale(long places) {
    return (int) Math.max(-MOST_PLACES, Math.min(places, MOST_PLACES));
  }

  private static long round(long value, long places, RoundingMode mode) {
    return places >= 0
        ? value
        : BigDecimal.valueOf(value).setScale(scale(places), mode).longValueExact();
  }

  private static double round(double value, long places, RoundingMode mode) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return value;
    }
    if (places == 0 && mode == RoundingMode.FLOOR) {
      return Math.floor(value);
    }
    if (places == 0 && mode == RoundingMode.CEILING) {
      return Math.ceil(value);
    }
    return BigDecimal.valueOf(value).setScale(scale(places), mode).doubleValue();
  }
}
