package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How Debezium writes the values of a table in JSON: as the schema in the message says, or, in
 * messages without one, dates as days and timestamps as microseconds. Immutable.
 */
final class DebeziumTypes implements JsonNumbers {
  static final DebeziumTypes UNSAID = new DebeziumTypes(Map.of(), Map.of());

  static final long MICROS_PER_DAY = 86_400_000_000L;

  private final Map<String, Long> microsPerUnit;
  private final Map<String, Integer> scales;

  private DebeziumTypes(Map<String, Long> microsPerUnit, Map<String, Integer> scales) {
    this.microsPerUnit = Map.copyOf(microsPerUnit);
    this.scales = Map.copyOf(scales);
  }

  /** The types that a message's {@code schema} tells for its {@code before} and {@code after}. */
  static DebeziumTypes of(byte[] schema) {
    Map<String, Long> units = new HashMap<>();
    Map<String, Integer> scales = new HashMap<>();
    for (Object part : list(JsonValues.members(schema).get("fields"))) {
      if (part instanceof Map<?, ?> row
          && ("before".equals(row.get("field")) || "after".equals(row.get("field")))) {
        for (Object one : list(row.get("fields"))) {
          if (one instanceof Map<?, ?> field) {
            field(field, units, scales);
          }
        }
      }
    }
    return new DebeziumTypes(units, scales);
  }

  private static void field(Map<?, ?> field, Map<String, Long> units, Map<String, Integer> scales) {
    String name = String.valueOf(field.get("field"));
    switch (String.valueOf(field.get("name"))) {
      case "io.debezium.time.Date", "org.apache.kafka.connect.data.Date" ->
          units.put(name, MICROS_PER_DAY);
      case "io.debezium.time.Timestamp", "org.apache.kafka.connect.data.Timestamp" ->
          units.put(name, 1000L);
      case "io.debezium.time.MicroTimestamp" -> units.put(name, 1L);
      case "org.apache.kafka.connect.data.Decimal" -> {
        if (field.get("parameters") instanceof Map<?, ?> parameters) {
          try {
            scales.put(name, Integer.valueOf(String.valueOf(parameters.get("scale"))));
          } catch (NumberFormatException e) {
            throw new BadValue(
                BadValue.SYNTAX,
                "the message's schema gives field '" + name + "' no scale: " + parameters);
          }
        }
      }
      default -> {}
    }
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  @Override
  public long microsPerUnit(Field field) {
    return microsPerUnit.getOrDefault(
        field.name(), field.type().kind() == DataType.Kind.DATE ? MICROS_PER_DAY : 1L);
  }

  @Override
  public int scaleOfBytes(String field) {
    return scales.getOrDefault(field, -1);
  }
}
