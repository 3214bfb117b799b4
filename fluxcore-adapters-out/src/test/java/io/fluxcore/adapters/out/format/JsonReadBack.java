package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON lines back by another road than the encoder's: Jackson's tree. */
public final class JsonReadBack {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** For decimals; a tree of these has no negative zero. */
  private static final JsonMapper EXACT =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private JsonReadBack() {}

  public static List<List<@Nullable Object>> rows(Schema schema, String lines) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String line : lines.split("\n")) {
      if (!line.isEmpty()) {
        rows.add(row(schema, MAPPER.readTree(line), EXACT.readTree(line)));
      }
    }
    return rows;
  }

  /** The sign of the kind that a line says its row is of; an insertion if it says nothing. */
  public static String kind(String line) {
    JsonNode kind = MAPPER.readTree(line).get("$op");
    return kind == null ? "+I" : kind.asString();
  }

  private static List<@Nullable Object> row(Schema schema, JsonNode node, JsonNode exact) {
    List<@Nullable Object> row = new ArrayList<>();
    for (Field field : schema.fields()) {
      JsonNode value =
          (field.type().kind() == DataType.Kind.DECIMAL ? exact : node).get(field.name());
      if (value == null) {
        throw new AssertionError("no " + field.name() + " in " + node);
      }
      row.add(value.isNull() ? null : value(field.type(), value));
    }
    return row;
  }

  private static Object value(DataType type, JsonNode node) {
    return switch (type.kind()) {
      case BOOLEAN -> node.booleanValue();
      case LONG -> node.longValue();
      case DOUBLE -> node.isString() ? Double.valueOf(node.stringValue()) : node.doubleValue();
      case DECIMAL -> node.decimalValue().setScale(type.scale());
      case NESTED -> nested(node);
      case STRING -> node.stringValue();
      default -> text(type, node.stringValue());
    };
  }

  /** The value of a text as {@link TextValues} writes it. */
  public static Object text(DataType type, String text) {
    return switch (type.kind()) {
      case BOOLEAN -> Boolean.valueOf(text);
      case LONG -> Long.valueOf(text);
      case DOUBLE -> Double.valueOf(text);
      case DECIMAL -> new BigDecimal(text);
      case STRING -> text;
      case BYTES -> Base64.getDecoder().decode(text);
      case DATE -> LocalDate.parse(text);
      case TIMESTAMP -> LocalDateTime.parse(text);
      case TIMESTAMP_TZ -> Instant.parse(text);
      case NESTED -> nested(MAPPER.readTree(text));
    };
  }

  private static Object nested(JsonNode node) {
    if (node.isObject()) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      node.properties().forEach(e -> map.put(e.getKey(), nestedOrNull(e.getValue())));
      return map;
    }
    if (node.isArray()) {
      List<@Nullable Object> list = new ArrayList<>();
      node.forEach(n -> list.add(nestedOrNull(n)));
      return list;
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isString()) {
      return node.stringValue();
    }
    if (node.isIntegralNumber()) {
      BigInteger integer = node.bigIntegerValue();
      return integer.bitLength() < 64 ? integer.longValue() : new BigDecimal(integer);
    }
    return node.doubleValue();
  }

  private static @Nullable Object nestedOrNull(JsonNode node) {
    return node.isNull() ? null : nested(node);
  }
}
