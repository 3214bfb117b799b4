package io.fluxcore.domain.event;

import io.fluxcore.domain.error.RecordException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The conversions that {@link Event}'s typed getters promise. */
final class EventValues {
  private EventValues() {}

  static double toDouble(String field, @Nullable Object value) {
    if (value == null) {
      return Double.NaN;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw wrongType(field, value, "a number");
  }

  static long toLong(String field, @Nullable Object value) {
    if (value instanceof Long number) {
      return number;
    }
    if (value instanceof Double number
        && number == Math.rint(number)
        && number >= -0x1p63
        && number < 0x1p63) {
      return number.longValue();
    }
    if (value instanceof BigDecimal number) {
      try {
        return number.longValueExact();
      } catch (ArithmeticException e) {
        throw new RecordException(
            "FLX-EVENT-0002", "field '" + field + "' is " + value + ", not a 64-bit integer", e);
      }
    }
    throw wrongType(field, value, "a 64-bit integer");
  }

  static @Nullable BigDecimal toDecimal(String field, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (value instanceof BigDecimal number) {
      return number;
    }
    if (value instanceof Long number) {
      return BigDecimal.valueOf(number);
    }
    if (value instanceof Double number && !number.isNaN() && !number.isInfinite()) {
      return BigDecimal.valueOf(number);
    }
    throw wrongType(field, value, "a decimal");
  }

  static @Nullable String toText(String field, @Nullable Object value) {
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw wrongType(field, value, "a string");
  }

  static boolean toBoolean(String field, @Nullable Object value) {
    if (value == null) {
      return false;
    }
    if (value instanceof Boolean bool) {
      return bool;
    }
    throw wrongType(field, value, "a boolean");
  }

  private static RecordException wrongType(String field, @Nullable Object value, String wanted) {
    return new RecordException(
        "FLX-EVENT-0002",
        value == null
            ? "field '" + field + "' is null where " + wanted + " was asked for"
            : "field '"
                + field
                + "' is "
                + abbreviate(value)
                + " ("
                + value.getClass().getSimpleName()
                + "), not "
                + wanted);
  }

  private static String abbreviate(Object value) {
    String text = String.valueOf(value);
    return text.length() <= 80 ? "'" + text + "'" : "'" + text.substring(0, 80) + "…'";
  }
}
