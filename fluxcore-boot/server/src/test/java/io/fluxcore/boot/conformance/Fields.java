package io.fluxcore.boot.conformance;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The fields of a case's rows, with the types that their values have. */
final class Fields {
  /** The field of the event time, epoch milliseconds. */
  static final String TIME = "ts";

  /** Prefix of the field that has another's text with its arrival. */
  private static final String ARRIVAL = "arrival_of_";

  private static final List<String> CONTROLS =
      List.of("watermark", "processing_time", "snapshot_restore", "end_of_input");

  private final Map<String, DataType> types = new LinkedHashMap<>();
  private final List<String> numbered;

  /**
   * The fields of rows.
   *
   * @param input rows and control rows
   * @param needed fields that are there even if no row has them
   * @param numbered fields whose arrival is wanted too
   */
  Fields(List<JsonNode> input, List<String> needed, List<String> numbered) {
    this.numbered = List.copyOf(numbered);
    types.put(TIME, DataType.LONG);
    for (JsonNode row : input) {
      if (!isControl(row)) {
        row.propertyNames().forEach(name -> add(name, row.path(name)));
      }
    }
    needed.forEach(name -> types.putIfAbsent(name, DataType.LONG));
    numbered.forEach(name -> types.put(arrival(name), DataType.STRING));
  }

  static boolean isControl(JsonNode row) {
    return CONTROLS.stream().anyMatch(row::has);
  }

  static String arrival(String field) {
    return ARRIVAL + field;
  }

  private void add(String name, JsonNode value) {
    DataType known = types.get(name);
    if (value.isNull()) {
      return;
    }
    DataType type = type(name, value);
    if (known == null || (known.equals(DataType.LONG) && type.equals(DataType.DOUBLE))) {
      types.put(name, type);
    } else if (!known.equals(type)
        && !(known.equals(DataType.DOUBLE) && type.equals(DataType.LONG))) {
      throw new UnsupportedCaseException(
          "field '" + name + "' holds both " + known + " and " + type);
    }
  }

  private static DataType type(String name, JsonNode value) {
    if (value.isString()) {
      return DataType.STRING;
    }
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return DataType.LONG;
    }
    if (value.isNumber()) {
      return DataType.DOUBLE;
    }
    if (value.isBoolean()) {
      return DataType.BOOLEAN;
    }
    throw new UnsupportedCaseException("field '" + name + "' holds " + value);
  }

  Schema schema() {
    Schema.Builder schema = Schema.builder();
    types.forEach(schema::field);
    return schema.build();
  }

  /** The values of a row, by field. */
  Map<String, Object> values(JsonNode row, int arrival) {
    Map<String, Object> values = new LinkedHashMap<>();
    types.forEach((name, type) -> values.put(name, value(row.path(name), type)));
    for (String name : numbered) {
      values.put(arrival(name), ArrivalOrder.numbered(arrival, row.path(name).asString()));
    }
    return values;
  }

  private static Object value(JsonNode value, DataType type) {
    if (value.isNull() || value.isMissingNode()) {
      return null;
    }
    return switch (type.kind()) {
      case STRING -> value.asString();
      case DOUBLE -> value.doubleValue();
      case BOOLEAN -> value.booleanValue();
      default -> value.longValue();
    };
  }
}
