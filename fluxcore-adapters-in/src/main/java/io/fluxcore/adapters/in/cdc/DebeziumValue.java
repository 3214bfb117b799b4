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
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Values of a database's columns, as Debezium gives them. */
final class DebeziumValue {
  /** What Debezium puts where the log has no value, since it was large and did not change. */
  static final String UNAVAILABLE = "__debezium_unavailable_value";

  private DebeziumValue() {}

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
    FieldValue.append(
        field,
        schema.name() == null ? schema.type().toString() : schema.name(),
        typed(schema, value),
        column);
  }

  private static boolean isUnavailable(Object value) {
    if (value instanceof ByteBuffer bytes) {
      return bytes.remaining() == UNAVAILABLE.length()
          && Arrays.equals(bytes(bytes), UNAVAILABLE.getBytes(StandardCharsets.UTF_8));
    }
    return UNAVAILABLE.equals(value);
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
}
