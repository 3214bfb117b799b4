package io.fluxcore.adapters.in.outbox;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of a row that a database has written as JSON, as values of fields: times in ISO-8601 or
 * with a space in place of the T, bytes as PostgreSQL's {@code \x…} or in Base64.
 */
final class ChangeValue {
  private static final String HEX = "\\x";

  private ChangeValue() {}

  /**
   * The value as one of a field.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Object of(Field field, Object value) {
    try {
      Object fitting = fit(field.type(), value);
      if (fitting != null) {
        return fitting;
      }
    } catch (ArithmeticException | DateTimeException | NumberFormatException e) {
      throw wrong(field, value, e);
    } catch (IllegalArgumentException e) {
      throw wrong(field, value, e);
    }
    throw wrong(field, value, null);
  }

  private static IllegalArgumentException wrong(
      Field field, Object value, @Nullable Exception cause) {
    String shown = String.valueOf(value);
    return new IllegalArgumentException(
        "column '"
            + field.name()
            + "' is "
            + (shown.length() <= 80 ? shown : shown.substring(0, 80) + "…")
            + ", not "
            + field.type()
            + (cause == null ? "" : ": " + cause.getMessage()),
        cause);
  }

  private static @Nullable Object fit(DataType type, Object value) {
    return switch (type.kind()) {
      case BOOLEAN ->
          value instanceof Boolean
              ? value
              : value instanceof Number number ? (Boolean) (number.intValue() != 0) : null;
      case LONG -> isNumber(value) ? (Long) decimal(value).longValueExact() : null;
      case DOUBLE ->
          isNumber(value)
              ? (Double) decimal(value).doubleValue()
              : value instanceof String text && text.matches("NaN|-?Infinity")
                  ? (Double) Double.parseDouble(text)
                  : null;
      case DECIMAL -> isNumber(value) ? scaled(type, decimal(value)) : null;
      case STRING ->
          value instanceof List || value instanceof Map
              ? null
              : value instanceof BigDecimal number ? number.toPlainString() : value.toString();
      case BYTES -> value instanceof String text ? bytes(text) : null;
      case DATE -> value instanceof String text ? LocalDate.parse(text) : null;
      case TIMESTAMP -> value instanceof String text ? LocalDateTime.parse(iso(text)) : null;
      case TIMESTAMP_TZ -> value instanceof String text ? instant(iso(text)) : null;
      case NESTED -> value;
    };
  }

  private static boolean isNumber(Object value) {
    return value instanceof Number;
  }

  private static BigDecimal decimal(Object number) {
    return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
  }

  private static BigDecimal scaled(DataType type, BigDecimal value) {
    BigDecimal scaled = value.setScale(type.scale());
    if (scaled.precision() > type.precision()) {
      throw new ArithmeticException("it has more digits");
    }
    return scaled;
  }

  private static byte[] bytes(String text) {
    return text.startsWith(HEX)
        ? HexFormat.of().parseHex(text.substring(HEX.length()))
        : Base64.getMimeDecoder().decode(text);
  }

  private static String iso(String text) {
    return text.length() > 10 && text.charAt(10) == ' ' ? text.replaceFirst(" ", "T") : text;
  }

  private static Instant instant(String text) {
    boolean isZoned = text.endsWith("Z") || text.matches(".*[+-]\\d\\d(:\\d\\d)*");
    return isZoned && text.length() > 10
        ? OffsetDateTime.parse(text).toInstant()
        : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
  }
}
