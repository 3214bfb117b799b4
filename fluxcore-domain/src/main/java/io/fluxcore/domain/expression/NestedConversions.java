package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.NestedColumn;
import io.fluxcore.domain.expression.RowLoops.Failure;
import java.math.BigDecimal;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What a NESTED value is as another type. A cast parses text; without a cast text is only text, or
 * a date or timestamp, which JSON has no other form for.
 */
final class NestedConversions {
  private NestedConversions() {}

  static @Nullable Conversion find(DataType to, ZoneId zone, boolean explicit) {
    return switch (to.kind()) {
      case LONG ->
          (rows, c, failure) ->
              loops(rows, c, failure).longs(to, row -> toLong(value(c, row), explicit));
      case DOUBLE ->
          (rows, c, failure) ->
              loops(rows, c, failure).doubles(row -> toDouble(value(c, row), explicit));
      case DECIMAL ->
          (rows, c, failure) ->
              loops(rows, c, failure).decimals(to, row -> toDecimal(value(c, row), explicit));
      case BOOLEAN ->
          (rows, c, failure) ->
              loops(rows, c, failure).booleans(row -> toBoolean(value(c, row), explicit));
      case STRING ->
          (rows, c, failure) ->
              loops(rows, c, failure).strings(row -> TextValues.text(value(c, row)));
      case DATE, TIMESTAMP, TIMESTAMP_TZ ->
          (rows, c, failure) ->
              loops(rows, c, failure)
                  .longs(to, row -> TemporalConversions.parse(to, text(value(c, row)), zone));
      case BYTES -> null;
      case NESTED -> (rows, c, failure) -> c;
    };
  }

  private static RowLoops loops(Rows rows, Column column, Failure failure) {
    return new RowLoops(rows, failure, column);
  }

  private static Object value(Column column, int row) {
    return ((NestedColumn) column).value(row);
  }

  /** Without a cast, nothing is cut off. */
  private static long toLong(Object value, boolean explicit) {
    if (value instanceof Long number) {
      return number;
    }
    if (value instanceof Number) {
      BigDecimal number = toDecimal(value, explicit);
      return explicit ? Conversions.truncated(number) : number.longValueExact();
    }
    return TextValues.toLong(parseable(value, explicit));
  }

  private static double toDouble(Object value, boolean explicit) {
    return value instanceof Number number
        ? number.doubleValue()
        : TextValues.toDouble(parseable(value, explicit));
  }

  private static BigDecimal toDecimal(Object value, boolean explicit) {
    if (value instanceof BigDecimal number) {
      return number;
    }
    if (value instanceof Long number) {
      return BigDecimal.valueOf(number);
    }
    return value instanceof Double number
        ? BigDecimal.valueOf(number)
        : TextValues.toDecimal(parseable(value, explicit));
  }

  private static boolean toBoolean(Object value, boolean explicit) {
    return value instanceof Boolean bool ? bool : TextValues.toBoolean(parseable(value, explicit));
  }

  private static String parseable(Object value, boolean explicit) {
    if (!explicit) {
      throw new IllegalArgumentException("text is not converted without a cast");
    }
    return text(value);
  }

  private static String text(Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("neither of the type nor text");
  }
}
