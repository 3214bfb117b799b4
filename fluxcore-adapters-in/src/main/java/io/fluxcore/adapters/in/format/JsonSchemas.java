package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields that a JSON Schema gives; what it says beyond their types is not checked. */
final class JsonSchemas {
  private JsonSchemas() {}

  /**
   * The properties of a schema. One that may be of several types, or is an object or array, is
   * nested.
   *
   * @throws BadValue if it is none of JSON, or has no properties
   */
  static Schema fields(RegisteredSchema registered) {
    byte[] text = registered.text().getBytes(StandardCharsets.UTF_8);
    if (!registered.type().equals("JSON") || JsonSyntax.problem(text) != null) {
      throw new BadValue(
          SchemaRegistry.BAD_SCHEMA,
          "the schema is of " + registered.type() + ", and no JSON Schema that could be read");
    }
    if (!(JsonValues.members(text).get("properties") instanceof Map<?, ?> properties)) {
      throw new BadValue(SchemaRegistry.BAD_SCHEMA, "the JSON Schema has no properties");
    }
    Schema.Builder fields = Schema.builder();
    properties.forEach((name, property) -> fields.field(String.valueOf(name), type(property)));
    return fields.build();
  }

  private static DataType type(@Nullable Object property) {
    if (!(property instanceof Map<?, ?> map)) {
      return DataType.NESTED;
    }
    List<?> types =
        map.get("type") instanceof List<?> several
            ? several
            : List.of(String.valueOf(map.get("type")));
    List<?> values = types.stream().filter(type -> !"null".equals(type)).toList();
    if (values.equals(List.of("number", "string"))) {
      return DataType.DOUBLE; // a number, or the text of one that JSON does not have
    }
    if (values.size() != 1) {
      return oneOf(map);
    }
    return switch (String.valueOf(values.get(0))) {
      case "boolean" -> DataType.BOOLEAN;
      case "integer" -> DataType.LONG;
      case "number" -> DataType.DOUBLE;
      case "string" ->
          "base64".equals(map.get("contentEncoding"))
              ? DataType.BYTES
              : switch (String.valueOf(map.get("format"))) {
                case "date" -> DataType.DATE;
                case "date-time" -> DataType.TIMESTAMP_TZ;
                default -> DataType.STRING;
              };
      default -> oneOf(map);
    };
  }

  /** {@code oneOf} with null is how generators of schemas say that a value may be absent. */
  private static DataType oneOf(Map<?, ?> property) {
    if (property.get("oneOf") instanceof List<?> choices) {
      List<?> values =
          choices.stream()
              .filter(one -> !(one instanceof Map<?, ?> map && "null".equals(map.get("type"))))
              .toList();
      if (values.size() == 1) {
        return type(values.get(0));
      }
    }
    return DataType.NESTED;
  }
}
