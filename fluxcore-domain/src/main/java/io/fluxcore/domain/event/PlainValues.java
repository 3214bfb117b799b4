package io.fluxcore.domain.event;

import io.fluxcore.domain.error.RecordException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Field values as the plain values of JSON: null, Boolean, numbers, String, List, Map. What JSON
 * has no form for is text: bytes in Base64, dates and times as ISO 8601 writes them, and a double
 * that is no number as {@code NaN}, {@code Infinity} or {@code -Infinity}.
 */
public final class PlainValues {
  private static final String WRONG = "FLX-EVENT-0005";

  private PlainValues() {}

  /** The plain value of an object of {@link Values}' classes. */
  public static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    }
    if (value instanceof Double number && (number.isNaN() || number.isInfinite())) {
      return number.toString();
    }
    return value instanceof LocalDate || value instanceof LocalDateTime || value instanceof Instant
        ? value.toString()
        : value;
  }

  /**
   * The object of a type's class that a plain value stands for.
   *
   * @throws RecordException if it stands for none; the message names the field
   */
  public static @Nullable Object parse(Field field, @Nullable Object plain) {
    if (plain == null) {
      return null;
    }
    try {
      Object value = parse(field.type(), plain);
      if (value != null) {
        return value;
      }
    } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
      throw wrong(field, plain, e);
    }
    throw wrong(field, plain, null);
  }

  private static RecordException wrong(Field field, Object plain, @Nullable Throwable cause) {
    return new RecordException(
        WRONG,
        "field '"
            + field.name()
            + "' is "
            + field.type()
            + ", but the value is "
            + (plain instanceof String ? "'" + plain + "'" : plain),
        cause);
  }

  /** Null where the value is of another kind. */
  private static @Nullable Object parse(DataType type, Object plain) {
    return switch (type.kind()) {
      case BOOLEAN -> plain instanceof Boolean ? plain : null;
      case LONG -> plain instanceof Number number ? decimal(number).longValueExact() : null;
      case DOUBLE -> parseDouble(plain);
      case DECIMAL -> parseDecimal(type, plain);
      case STRING -> plain instanceof String ? plain : null;
      case BYTES -> plain instanceof String text ? Base64.getDecoder().decode(text) : null;
      case DATE -> plain instanceof String text ? LocalDate.parse(text) : null;
      case TIMESTAMP -> plain instanceof String text ? LocalDateTime.parse(text) : null;
      case TIMESTAMP_TZ -> plain instanceof String text ? Instant.parse(text) : null;
      case NESTED -> nested(plain);
    };
  }

  private static @Nullable Object parseDouble(Object plain) {
    if (plain instanceof Number number) {
      return number.doubleValue();
    }
    if (plain instanceof String text) {
      return switch (text) {
        case "NaN" -> Double.NaN;
        case "Infinity" -> Double.POSITIVE_INFINITY;
        case "-Infinity" -> Double.NEGATIVE_INFINITY;
        default -> null;
      };
    }
    return null;
  }

  private static @Nullable Object parseDecimal(DataType type, Object plain) {
    if (plain instanceof Number number) {
      BigDecimal value = decimal(number).setScale(type.scale());
      return value.precision() <= type.precision() ? value : null;
    }
    return null;
  }

  private static BigDecimal decimal(Number number) {
    if (number instanceof BigDecimal value) {
      return value;
    }
    if (number instanceof BigInteger value) {
      return new BigDecimal(value);
    }
    return number instanceof Double || number instanceof Float
        ? BigDecimal.valueOf(number.doubleValue())
        : BigDecimal.valueOf(number.longValue());
  }

  private static Object nested(Object plain) {
    if (plain instanceof Integer || plain instanceof Short || plain instanceof Byte) {
      return ((Number) plain).longValue();
    }
    if (plain instanceof Float number) {
      return number.doubleValue();
    }
    if (plain instanceof BigInteger number) {
      return new BigDecimal(number);
    }
    if (plain instanceof List<?> list) {
      return list.stream().map(item -> item == null ? null : nested(item)).toList();
    }
    if (plain instanceof Map<?, ?> map) {
      java.util.LinkedHashMap<String, @Nullable Object> copy = new java.util.LinkedHashMap<>();
      map.forEach((key, item) -> copy.put(String.valueOf(key), item == null ? null : nested(item)));
      return copy;
    }
    return plain;
  }
}
