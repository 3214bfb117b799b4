package io.fluxcore.boot.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Rows within rows: cases have their values in order, and the engine holds them by their names. */
final class NestedNames {
  private static final Pattern NESTED = Pattern.compile("(?i)(ROW|ARRAY)\\s*<(.*)>.*");
  private static final Pattern FIELD = Pattern.compile("`?(\\w+)`?\\s+(.*)");

  private NestedNames() {}

  /** A value with the names that a type, as it is declared, has for the fields of its rows. */
  static JsonNode named(JsonNode value, String type) {
    Matcher nested = NESTED.matcher(type.strip());
    if (!nested.matches()) {
      return value;
    }
    boolean isRow = nested.group(1).equalsIgnoreCase("ROW");
    JsonNode elements = isRow ? value.path("row") : value;
    if (!elements.isArray()) {
      return value;
    }
    return isRow ? row(elements, parts(nested.group(2))) : array(elements, nested.group(2));
  }

  private static JsonNode row(JsonNode values, List<String> fields) {
    ObjectNode row = JsonMapper.shared().createObjectNode();
    for (int i = 0; i < fields.size(); i++) {
      Matcher field = FIELD.matcher(fields.get(i).strip());
      if (!field.matches()) {
        throw new UnsupportedCaseException("the field of a row " + fields.get(i));
      }
      row.set(field.group(1), named(values.path(i), field.group(2)));
    }
    return row;
  }

  private static JsonNode array(JsonNode values, String type) {
    ArrayNode array = JsonMapper.shared().createArrayNode();
    values.forEach(value -> array.add(named(value, type)));
    return array;
  }

  /** What stands between commas that are within no brackets. */
  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '<' || c == '(' ? 1 : c == '>' || c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        parts.add(text.substring(from, i));
        from = i + 1;
      }
    }
    parts.add(text.substring(from));
    return parts;
  }
}
