package io.fluxcore.adapters.in.cdc;

import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.PlainValues;
import io.fluxcore.domain.event.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Values of a database's columns, as Debezium gives them, as values of fields. */
final class ColumnValue {
  /** What Debezium puts where the log has no value, since it was large and did not change. */
  static final String UNAVAILABLE = "__debezium_unavailable_value";

  private ColumnValue() {}

  /**
   * Appends a value.
   *
   * @throws BadChange if it does not go with the field
   */
  static void append(Field field, Schema schema, @Nullable Object value, ColumnBuilder column) {
    if (value == null) {
      column.appendNull();
      return;
    }
    if (isUnavailable(value)) {
      throw new BadChange(
          BadChange.UNAVAILABLE,
          "the log has no value of column '"
              + field.name()
              + "', which is large and was not changed; let the table have REPLICA IDENTITY FULL");
    }
    Object plain = typed(schema, value);
    try {
      Object fitting = fit(field.type(), plain);
      if (fitting != null) {
        column.append(fitting);
        return;
      }
    } catch (ArithmeticException | DateTimeException | IllegalArgumentException e) {
      throw wrong(field, schema, plain, e);
    }
    throw wrong(field, schema, plain, null);
  }

  private static boolean isUnavailable(Object value) {
    if (value instanceof ByteBuffer bytes) {
      return bytes.remaining() == UNAVAILABLE.length()
          && Arrays.equals(bytes(bytes), UNAVAILABLE.getBytes(StandardCharsets.UTF_8));
    }
    return UNAVAILABLE.equals(value);
  }

  private static BadChange wrong(
      Field field, Schema schema, Object value, @Nullable Exception cause) {
    String shown = String.valueOf(value);
    return new BadChange(
        BadChange.WRONG_TYPE,
        "column '"
            + field.name()
            + "' is "
            + (shown.length() <= 80 ? shown : shown.substring(0, 80) + "…")
            + " ("
            + (schema.name() == null ? schema.type() : schema.name())
            + "), not "
            + field.type()
            + (cause == null ? "" : ": " + cause.getMessage()));
  }

  /** The value as the object of the type that the column has. */
  private static Object typed(Schema schema, Object value) {
    String name = schema.name() == null ? "" : schema.name();
    return switch (name) {
      case "io.debezium.time.Date" -> LocalDate.ofEpochDay(((Number) value).longValue());
      case "io.debezium.time.Timestamp" -> local(((Number) value).longValue(), 1000L);
      case "io.debezium.time.MicroTimestamp" -> local(((Number) value).longValue(), 1L);
      case "io.debezium.time.NanoTimestamp" ->
          local(Math.floorDiv(((Number) value).longValue(), 1000L), 1L);
      case "io.debezium.time.ZonedTimestamp" -> OffsetDateTime.parse((String) value).toInstant();
      case "io.debezium.data.VariableScaleDecimal" -> {
        Struct decimal = (Struct) value;
        yield new BigDecimal(new BigInteger(decimal.getBytes("value")), decimal.getInt32("scale"));
      }
      default -> plain(schema, value);
    };
  }

  private static LocalDateTime local(long value, long microsPerUnit) {
    return (LocalDateTime)
        Values.ofLong(DataType.TIMESTAMP, Math.multiplyExact(value, microsPerUnit));
  }

  private static Object plain(Schema schema, Object value) {
    if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
      return ((Number) value).longValue();
    }
    if (value instanceof Float number) {
      return number.doubleValue();
    }
    if (value instanceof ByteBuffer bytes) {
      return bytes(bytes);
    }
    if (value instanceof java.util.Date date) {
      return date.toInstant();
    }
    if (value instanceof List<?> list) {
      return list.stream()
          .map(item -> item == null ? null : PlainValues.plain(typed(schema.valueSchema(), item)))
          .toList();
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> result = new LinkedHashMap<>();
      map.forEach(
          (key, item) ->
              result.put(
                  String.valueOf(key),
                  item == null ? null : PlainValues.plain(typed(schema.valueSchema(), item))));
      return result;
    }
    if (value instanceof Struct struct) {
      Map<String, @Nullable Object> result = new LinkedHashMap<>();
      struct
          .schema()
          .fields()
          .forEach(
              part -> {
                Object item = struct.get(part);
                result.put(
                    part.name(),
                    item == null ? null : PlainValues.plain(typed(part.schema(), item)));
              });
      return result;
    }
    return value;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  /** The value as one of a type; null if it is none. */
  private static @Nullable Object fit(DataType type, Object value) {
    return switch (type.kind()) {
      case BOOLEAN -> value instanceof Boolean ? value : null;
      case LONG ->
          value instanceof Long
              ? value
              : value instanceof BigDecimal decimal ? (Long) decimal.longValueExact() : null;
      case DOUBLE -> value instanceof Number number ? (Double) number.doubleValue() : null;
      case DECIMAL ->
          value instanceof BigDecimal decimal
              ? decimal(type, decimal)
              : value instanceof Long number ? decimal(type, BigDecimal.valueOf(number)) : null;
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
          value instanceof java.time.Instant
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
