package io.fluxcore.boot.conformance;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A table of a case as a statement that defines it. Columns without a type get that of their
 * values.
 *
 * @param name as queries name it
 * @param columns the definitions of columns, keys and watermarks
 */
record SqlTable(String name, List<String> columns) {
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?");

  /** A table of a case with the rows that it has in the input. */
  static SqlTable of(JsonNode table, List<JsonNode> rows, String notes) {
    String name = table.path("table").asString();
    List<String> columns = new ArrayList<>();
    int at = 0;
    String watermark = watermark(table.path("watermark").asString(""));
    for (JsonNode column : table.path("columns")) {
      String text = column.asString().strip();
      if (text.endsWith("(processing time)")) {
        columns.add(plain(text) + " AS PROCTIME()");
      } else if (text.endsWith("(event time)")) {
        int held = eventTimeAt(notes);
        columns.add(timeColumn(plain(text), rows, held < 0 ? at : held));
        watermark = "WATERMARK FOR " + plain(text) + " AS " + plain(text) + behind(rows);
        at++;
      } else if (isNameOnly(text)) {
        boolean isTime = watermark != null && watermark.startsWith("WATERMARK FOR " + text + " ");
        columns.add(isTime ? text + " TIMESTAMP(3)" : text + " " + type(rows, at));
        at++;
      } else {
        columns.add(text);
        at++;
      }
    }
    if (watermark != null) {
      columns.add(watermark);
    }
    return new SqlTable(name, columns);
  }

  /** Where the case says itself when a watermark comes, none comes before it. */
  private static String behind(List<JsonNode> rows) {
    return rows.stream().anyMatch(row -> row.has("watermark")) ? " - INTERVAL '1' DAY" : "";
  }

  /** Where a row has its event time, if the notes say so and the row has no value for it: or -1. */
  static int eventTimeAt(String notes) {
    Matcher matcher = Pattern.compile("rowtime = (\\d)\\w\\w value").matcher(notes);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) - 1 : -1;
  }

  /** Where the columns of its primary key are; none if it has no key. */
  static List<Integer> primaryKey(JsonNode table) {
    Pattern declared = Pattern.compile("(?i)primary key\\s*\\(([^)]*)\\).*");
    List<String> names = new ArrayList<>();
    List<Integer> ordinals = new ArrayList<>();
    for (JsonNode column : table.path("columns")) {
      Matcher key = declared.matcher(column.asString().strip());
      if (key.matches()) {
        for (String name : key.group(1).split(",")) {
          ordinals.add(names.indexOf(name.strip().replace("`", "")));
        }
      }
      names.add(column.asString().strip().split("\\s+")[0].replace("`", ""));
    }
    return ordinals.contains(-1) ? List.of() : ordinals;
  }

  private static String plain(String text) {
    return text.substring(0, text.indexOf('(')).strip();
  }

  private static boolean isNameOnly(String text) {
    return text.matches("`?\\w+`?");
  }

  /** {@code bidtime watermark `bidtime` - INTERVAL '1' SECOND}, {@code rowtime, ascending}. */
  private static String watermark(String text) {
    Matcher declared = Pattern.compile("(\\w+) watermark (.*)").matcher(text);
    if (declared.matches()) {
      return "WATERMARK FOR " + declared.group(1) + " AS " + declared.group(2);
    }
    Matcher ascending = Pattern.compile("(\\w+), ascending").matcher(text);
    return ascending.matches()
        ? "WATERMARK FOR " + ascending.group(1) + " AS " + ascending.group(1)
        : null;
  }

  /** A time that the rows have as a number of milliseconds, or as a text. */
  private static String timeColumn(String name, List<JsonNode> rows, int at) {
    for (JsonNode row : rows) {
      if (row.path("row").path(at).isIntegralNumber()) {
        return name + " TIMESTAMP_LTZ(3)";
      }
    }
    return name + " TIMESTAMP(3)";
  }

  private static String type(List<JsonNode> rows, int at) {
    String type = null;
    for (JsonNode row : rows) {
      String of = type(row.path("row").path(at));
      if (of != null && (type == null || type.equals("INT") || type.equals("BIGINT"))) {
        type = "BIGINT".equals(type) && "INT".equals(of) ? type : of;
      }
    }
    return type == null ? "STRING" : type;
  }

  private static String type(JsonNode value) {
    if (value.isIntegralNumber()) {
      return value.canConvertToInt() ? "INT" : "BIGINT";
    }
    if (value.isNumber()) {
      return "DOUBLE";
    }
    if (value.isBoolean()) {
      return "BOOLEAN";
    }
    if (value.has("$decimal")) {
      BigDecimal number = new BigDecimal(value.path("$decimal").asString());
      return "DECIMAL(38, " + Math.max(0, number.scale()) + ")";
    }
    if (value.isString()) {
      return TIME.matcher(value.asString()).matches()
          ? "TIMESTAMP(3)"
          : isDecimal(value.asString()) ? "DECIMAL(10, 2)" : "STRING";
    }
    return null;
  }

  /** Documentation prints decimals as texts. */
  private static boolean isDecimal(String text) {
    return text.matches("-?\\d+\\.\\d\\d");
  }

  /** A value of a column, with the names of what is nested in it. */
  JsonNode named(String column, JsonNode value) {
    for (String text : columns) {
      String[] parts = text.strip().split("\\s+", 2);
      if (parts.length == 2 && parts[0].replace("`", "").equals(column)) {
        return NestedNames.named(value, parts[1]);
      }
    }
    return value;
  }

  String statement(String connector, String options) {
    return "CREATE TABLE `"
        + name
        + "` ("
        + String.join(", ", columns)
        + ") WITH ('connector' = '"
        + connector
        + "'"
        + options
        + ")";
  }
}
