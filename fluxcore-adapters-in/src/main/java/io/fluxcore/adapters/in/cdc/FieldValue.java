package io.fluxcore.adapters.in.cdc;

import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.PlainValues;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of columns, as the objects of their types, as values of fields. */
final class FieldValue {
  private FieldValue() {}

  /**
   * Appends a value.
   *
   * @param type of the column, for people
   * @throws BadChange if the value does not go with the field
   */
  static void append(Field field, String type, Object value, ColumnBuilder column) {
    try {
      Object fitting = fit(field.type(), value);
      if (fitting != null) {
        column.append(fitting);
        return;
      }
    } catch (ArithmeticException | DateTimeException | IllegalArgumentException e) {
      throw wrong(field, type, value, e);
    }
    throw wrong(field, type, value, null);
  }

  private static BadChange wrong(
      Field field, String type, Object value, @Nullable Exception cause) {
    String shown = String.valueOf(value);
    return new BadChange(
        BadChange.WRONG_TYPE,
        "column '"
            + field.name()
            + "' is "
            + (shown.length() <= 80 ? shown : shown.substring(0, 80) + "…")
            + " ("
            + type
            + "), not "
            + field.type()
            + (cause == null ? "" : ": " + cause.getMessage()));
  }

  /** The value as one of a type; null if it is none. */
  private static @Nullable Object fit(DataType type, Object value) {
    return switch (type.kind()) {
      case BOOLEAN -> value instanceof Boolean ? value : null;
      case LONG ->
          value instanceof Long
              ? value
              : value instanceof BigDecimal decimal
                  ? (Long) decimal.longValueExact()
                  : value instanceof BigInteger number ? (Long) number.longValueExact() : null;
      case DOUBLE -> value instanceof Number number ? (Double) number.doubleValue() : null;
      case DECIMAL ->
          value instanceof BigDecimal decimal
              ? decimal(type, decimal)
              : value instanceof Long number
                  ? decimal(type, BigDecimal.valueOf(number))
                  : value instanceof BigInteger number
                      ? decimal(type, new BigDecimal(number))
                      : null;
      case STRING ->
          value instanceof String
              ? value
              : value instanceof byte[] || value instanceof List || value instanceof Map
                  ? null
                  : value.toString();
      case BYTES -> value instanceof byte[] ? value : null;
      case DATE -> value instanceof LocalDate ? value : null;
      case TIMESTAMP -> value instanceof LocalDateTime ? value : null;
      case TIMESTAMP_TZ ->
          value instanceof Instant
              ? value
              : value instanceof LocalDateTime local ? local.toInstant(ZoneOffset.UTC) : null;
      case NESTED -> PlainValues.plain(value);
    };
  }

  private static BigDecimal decimal(DataType type, BigDecimal value) {
    BigDecimal scaled = value.setScale(type.scale());
    if (scaled.precision() > type.precision()) {
      throw new ArithmeticException("it has more digits");
    }
    return scaled;
  }
}
