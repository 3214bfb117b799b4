package io.fluxcore.boot.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes row patterns as Calcite's executor reads them: it takes rows as they come, whatever {@code
 * ORDER BY} says, and gives the measures of each row of a match. Names without quotes are in upper
 * case there, and those of tables have a schema before them.
 */
final class CalcitePatterns {
  private static final String ARRIVAL = "arrival";

  private static final Pattern QUOTED = Pattern.compile("(?:\"\\w+\"\\s*\\.\\s*)*\"(\\w+)\"");
  private static final Pattern ORDER = Pattern.compile("ORDER BY .*?(?=\\s(MEASURES|PATTERN)\\b)");
  private static final Pattern MEASURE = Pattern.compile("\\bAS (\\w+)(?=\\s*(,|PATTERN\\b))");

  private CalcitePatterns() {}

  static boolean isOne(ConformanceCase tested) {
    return tested.json().path("dialect").asString("").equals("calcite-sql")
        && tested.definition().path("sql").toString().contains("match_recognize");
  }

  /** The same case with its rows in the order of their arrival. */
  static ConformanceCase translated(ConformanceCase tested) {
    ObjectNode json = (ObjectNode) tested.json().deepCopy();
    for (String rows : List.of("tables", "input")) {
      json.path(rows)
          .forEach(
              row -> {
                String name = row.path("table").asString();
                ((ObjectNode) row).put("table", name.substring(name.lastIndexOf('.') + 1));
              });
    }
    json.path("tables")
        .forEach(table -> ((ArrayNode) table.path("columns")).add(ARRIVAL + " (processing time)"));
    ArrayNode statements = (ArrayNode) json.path("definition").path("sql");
    for (int i = 0; i < statements.size(); i++) {
      statements.set(i, written(statements.get(i).asString()));
    }
    return new ConformanceCase(tested.group(), json);
  }

  private static String written(String query) {
    StringBuilder text = new StringBuilder();
    Matcher quoted = QUOTED.matcher(query);
    int at = 0;
    while (quoted.find()) {
      text.append(query.substring(at, quoted.start()).toUpperCase(Locale.ROOT));
      text.append('`').append(quoted.group(1)).append('`');
      at = quoted.end();
    }
    text.append(query.substring(at).toUpperCase(Locale.ROOT));
    String line = text.toString().replaceAll("\\s+", " ");
    List<String> measures = new ArrayList<>();
    MEASURE
        .matcher(line)
        .results()
        .map((MatchResult found) -> found.group(1))
        .forEach(measures::add);
    return ORDER
        .matcher(line)
        .replaceFirst("ORDER BY " + ARRIVAL)
        .replaceFirst("SELECT \\*", "SELECT " + String.join(", ", measures))
        .replaceFirst("\\bPATTERN\\b", "ALL ROWS PER MATCH AFTER MATCH SKIP TO NEXT ROW PATTERN");
  }
}
