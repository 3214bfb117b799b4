package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What the JSON of rows is, as JSON Schema says it. */
final class JsonSchemas {
  private JsonSchemas() {}

  /** The schema of rows as {@link JsonRowEncoder} writes them. */
  static String of(Schema rows, RowKinds kinds) {
    Map<String, Object> properties = new LinkedHashMap<>();
    if (kinds != RowKinds.NEVER) {
      properties.put(RowKinds.FIELD, Map.of("type", "string"));
    }
    for (Field field : rows.fields()) {
      properties.put(field.name(), type(field.type()));
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    schema.put("type", "object");
    schema.put("properties", properties);
    StringWriter text = new StringWriter();
    JsonMapper.builder().build().writeValue(text, schema);
    return text.toString();
  }

  private static Map<String, Object> type(DataType type) {
    Map<String, Object> result = new LinkedHashMap<>();
    switch (type.kind()) {
      case BOOLEAN -> result.put("type", List.of("boolean", "null"));
      case LONG -> result.put("type", List.of("integer", "null"));
      // Infinities and NaN are texts.
      case DOUBLE -> result.put("type", List.of("number", "string", "null"));
      case DECIMAL -> result.put("type", List.of("number", "null"));
      case DATE -> {
        result.put("type", List.of("string", "null"));
        result.put("format", "date");
      }
      case TIMESTAMP_TZ -> {
        result.put("type", List.of("string", "null"));
        result.put("format", "date-time");
      }
      case BYTES -> {
        result.put("type", List.of("string", "null"));
        result.put("contentEncoding", "base64");
      }
      case STRING, TIMESTAMP -> result.put("type", List.of("string", "null"));
      case NESTED -> {}
    }
    return result;
  }
}
