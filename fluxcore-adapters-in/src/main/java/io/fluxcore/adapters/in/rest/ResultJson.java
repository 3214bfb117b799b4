package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.results.ResultRow;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Rows of results as JSON. Decimals keep their digits, bytes are Base64, times are RFC 3339; a
 * double that is no number is null.
 */
final class ResultJson {
  private ResultJson() {}

  /** A document of the latest rows. */
  static byte[] latest(ResultSubscription results, List<ResultRow> rows) {
    return write(
        json -> {
          json.writeStartObject();
          json.writeName("schema");
          schema(json, results);
          json.writeArrayPropertyStart("items");
          for (ResultRow row : rows) {
            json.writeStartObject();
            row(json, row);
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  static byte[] write(Consumer<JsonGenerator> content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = Json.MAPPER.createGenerator(out)) {
      content.accept(json);
    }
    return out.toByteArray();
  }

  /** What rows look like: an object. */
  static void schema(JsonGenerator json, ResultSubscription results) {
    json.writeStartObject();
    json.writeStringProperty("node", results.operatorId());
    json.writeArrayPropertyStart("fields");
    for (Field field : results.schema().fields()) {
      json.writeStartObject();
      json.writeStringProperty("name", field.name());
      json.writeStringProperty("type", field.type().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** A row of a view of this version: an object. */
  static void row(JsonGenerator json, EventRecord row, long version) {
    json.writeStartObject();
    json.writeNumberProperty("version", version);
    content(json, row);
    json.writeEndObject();
  }

  /** A row: members of an object that was begun. */
  static void row(JsonGenerator json, ResultRow result) {
    json.writeNumberProperty("sequence", result.sequence());
    content(json, result.row());
  }

  private static void content(JsonGenerator json, EventRecord row) {
    json.writeName("timestamp");
    value(json, JobMapping.INSTANCE.eventTime(row.timestamp()));
    json.writeStringProperty("kind", row.rowKind().name());
    json.writeObjectPropertyStart("row");
    Schema schema = row.schema();
    for (int i = 0; i < schema.size(); i++) {
      json.writeName(schema.field(i).name());
      value(json, row.get(i));
    }
    json.writeEndObject();
  }

  private static void value(JsonGenerator json, @Nullable Object value) {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else if (value instanceof Integer number) {
      json.writeNumber(number);
    } else if (value instanceof Double number) {
      real(json, number);
    } else if (value instanceof BigDecimal number) {
      json.writeNumber(number);
    } else if (value instanceof byte[] bytes) {
      json.writeBinary(bytes);
    } else if (value instanceof Instant time) {
      json.writeString(time.toString());
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      list.forEach(item -> value(json, item));
      json.writeEndArray();
    } else if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      map.forEach(
          (key, item) -> {
            json.writeName(String.valueOf(key));
            value(json, item);
          });
      json.writeEndObject();
    } else {
      json.writeString(value.toString());
    }
  }

  private static void real(JsonGenerator json, double number) {
    if (Double.isFinite(number)) {
      json.writeNumber(number);
    } else {
      json.writeNull();
    }
  }
}
