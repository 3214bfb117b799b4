package io.fluxcore.adapters.out.store;

import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.domain.job.JobId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Dead letters as the database keeps them: JSON, in which decimals are {@code {"$decimal":
 * "1.50"}}, so that they come back with their digits and doubles stay doubles.
 */
final class LetterJson {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String DECIMAL = "$decimal";

  private LetterJson() {}

  static String write(DeadLetter letter) {
    ObjectNode json = JSON.createObjectNode();
    json.put("jobName", letter.jobName());
    json.put("operator", letter.operatorId());
    json.put("source", letter.origin().source());
    json.put("split", letter.origin().split());
    json.put("position", letter.origin().position());
    json.put("code", letter.failure().code());
    json.put("message", letter.failure().message());
    json.put("attempts", letter.failure().attempts());
    json.put("time", letter.failure().time().toString());
    json.set("original", content(letter.original()));
    DeadLetter.Content repair = letter.repair();
    if (repair != null) {
      json.set("repair", content(repair));
    }
    return json.toString();
  }

  private static ObjectNode content(DeadLetter.Content content) {
    ObjectNode json = JSON.createObjectNode();
    byte[] bytes = content.bytes();
    if (bytes != null) {
      json.put("bytes", Base64.getEncoder().encodeToString(bytes));
    }
    DeadLetter.Row row = content.row();
    if (row != null) {
      json.put("timestamp", row.timestamp());
      json.put("kind", row.kind());
      json.set("fields", value(row.fields()));
    }
    return json;
  }

  private static JsonNode value(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      ObjectNode json = JSON.createObjectNode();
      map.forEach((key, item) -> json.set(String.valueOf(key), value(item)));
      return json;
    }
    if (value instanceof List<?> list) {
      ArrayNode json = JSON.createArrayNode();
      list.forEach(item -> json.add(value(item)));
      return json;
    }
    return value instanceof BigDecimal decimal
        ? JSON.createObjectNode().put(DECIMAL, decimal.toString())
        : JSON.valueToTree(value);
  }

  static DeadLetter read(
      long id, JobId job, String state, long madeAfter, long replayedAfter, String body) {
    JsonNode json = JSON.readTree(body);
    return new DeadLetter(
        id,
        job,
        text(json, "jobName"),
        text(json, "operator"),
        new DeadLetter.Origin(text(json, "source"), text(json, "split"), text(json, "position")),
        contentOf(json.path("original")),
        json.has("repair") ? contentOf(json.path("repair")) : null,
        new DeadLetter.Failure(
            text(json, "code"),
            text(json, "message"),
            json.path("attempts").asInt(),
            Instant.parse(text(json, "time"))),
        DeadLetter.State.valueOf(state),
        madeAfter,
        replayedAfter);
  }

  private static String text(JsonNode json, String name) {
    return json.path(name).asString("");
  }

  private static DeadLetter.Content contentOf(JsonNode json) {
    DeadLetter.Row row = null;
    if (json.has("fields")) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      json.path("fields")
          .properties()
          .forEach(one -> fields.put(one.getKey(), plain(one.getValue())));
      row = new DeadLetter.Row(json.path("timestamp").asLong(), text(json, "kind"), fields);
    }
    if (!json.has("bytes")) {
      return DeadLetter.Content.ofRow(Objects.requireNonNull(row));
    }
    byte[] bytes = Base64.getDecoder().decode(text(json, "bytes"));
    return row == null ? DeadLetter.Content.ofBytes(bytes) : new DeadLetter.Content(bytes, row);
  }

  private static @Nullable Object plain(JsonNode json) {
    if (json.isNull()) {
      return null;
    }
    if (json.isObject()) {
      if (json.size() == 1 && json.has(DECIMAL)) {
        return new BigDecimal(json.path(DECIMAL).asString());
      }
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      json.properties().forEach(one -> map.put(one.getKey(), plain(one.getValue())));
      return map;
    }
    if (json.isArray()) {
      List<@Nullable Object> list = new ArrayList<>();
      json.forEach(item -> list.add(plain(item)));
      return list;
    }
    if (json.isBoolean()) {
      return json.asBoolean();
    }
    if (json.isIntegralNumber()) {
      return json.asLong();
    }
    return json.isNumber() ? (Object) json.asDouble() : json.asString();
  }
}
