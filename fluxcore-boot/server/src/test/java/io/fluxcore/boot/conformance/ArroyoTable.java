package io.fluxcore.boot.conformance;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table of Arroyo's.
 *
 * @param columns types by name; none: they are those of what is written
 * @param options of its connector; none: it is kept in memory
 * @param time the column of the time of its rows; empty: they have none
 * @param delay by which watermarks are behind at least
 */
record ArroyoTable(
    String name,
    Map<String, String> columns,
    Map<String, String> options,
    String time,
    Duration delay) {
  private static final Pattern INTERVAL =
      Pattern.compile("interval '\\s*(\\d+)\\s*'?\\s*(second|minute|hour|day)s?", Pattern.DOTALL);

  /** Behind a time without a watermark of its own. */
  private static final Duration UNLESS_TOLD = Duration.ofSeconds(1);

  /** Words that end the type of a column. */
  private static final List<String> AFTER_TYPE =
      List.of("not", "null", "primary", "generated", "as", "metadata", "unsigned");

  /** Reads the tokens of a {@code CREATE TABLE}. */
  static ArroyoTable of(List<String> tokens) {
    Map<String, String> columns = new LinkedHashMap<>();
    Map<String, String> computed = new LinkedHashMap<>();
    String time = "";
    String behind = "";
    int options = tokens.lastIndexOf("with");
    List<String> definition = tokens.subList(3, options < 0 ? tokens.size() : options);
    if (!definition.isEmpty()) {
      List<String> inner = definition.subList(1, definition.lastIndexOf(")"));
      for (List<String> column : ArroyoText.split(inner)) {
        String name = column.get(0);
        if (name.equals("watermark") && column.get(1).equals("for")) {
          time = column.get(2);
          behind = String.join(" ", column.subList(3, column.size()));
        } else if (column.contains("generated")) {
          computed.put(name, String.join(" ", column));
        } else if (!name.equals("primary")) {
          columns.put(name, type(column));
        }
      }
    }
    Map<String, String> told = options < 0 ? Map.of() : options(tokens, options);
    String field = told.getOrDefault("event_time_field", "");
    if (time.isEmpty() && !field.isEmpty()) {
      time = field;
      String watermark = told.getOrDefault("watermark_field", "");
      Duration delay =
          watermark.isEmpty() ? UNLESS_TOLD : delay(computed.getOrDefault(watermark, ""));
      return new ArroyoTable(tokens.get(2), columns, told, time, delay);
    }
    return new ArroyoTable(tokens.get(2), columns, told, time, delay(behind));
  }

  private static String type(List<String> column) {
    List<String> type = new ArrayList<>();
    for (String token : column.subList(1, column.size())) {
      if (AFTER_TYPE.contains(token)) {
        break;
      }
      type.add(PostgresText.type(token));
    }
    return String.join(" ", type);
  }

  private static Map<String, String> options(List<String> tokens, int with) {
    Map<String, String> options = new LinkedHashMap<>();
    List<String> inner = tokens.subList(with + 2, tokens.lastIndexOf(")"));
    for (List<String> option : ArroyoText.split(inner)) {
      String value = option.get(option.size() - 1);
      options.put(
          option.get(0).replace("'", "").toLowerCase(Locale.ROOT),
          value.substring(1, value.length() - 1));
    }
    return options;
  }

  private static Duration delay(String text) {
    Matcher interval = INTERVAL.matcher(text);
    return interval.find()
        ? Duration.of(
            Long.parseLong(interval.group(1)),
            ChronoUnit.valueOf(interval.group(2).toUpperCase(Locale.ROOT) + "S"))
        : Duration.ZERO;
  }

  boolean isMemory() {
    return options.isEmpty();
  }

  boolean isSink() {
    return options.getOrDefault("type", "").equals("sink");
  }

  /** Whether its rows are told as what they were before and are after. */
  boolean hasChanges() {
    return options.getOrDefault("format", "").equals("debezium_json");
  }

  /** The name of the file that it reads, without its ending. */
  String file() {
    String path = options.getOrDefault("path", "");
    return path.substring(path.lastIndexOf('/') + 1).replaceFirst("[.]\\w+$", "");
  }

  /**
   * Its definition in FluxCore's SQL.
   *
   * @param behind by which watermarks are behind
   */
  String statement(Duration behind) {
    List<String> definitions = new ArrayList<>();
    columns.forEach((column, type) -> definitions.add('`' + column + "` " + type));
    if (!time.isEmpty()) {
      String seconds = behind.toSeconds() + "." + String.format("%03d", behind.toMillisPart());
      definitions.add(
          "WATERMARK FOR `" + time + "` AS `" + time + "` - INTERVAL '" + seconds + "' SECOND");
    }
    return "CREATE TABLE `"
        + name
        + "` ("
        + String.join(", ", definitions)
        + ") WITH ('connector' = 'script'"
        + (isSink() ? ", 'role' = 'sink')" : ")");
  }
}
