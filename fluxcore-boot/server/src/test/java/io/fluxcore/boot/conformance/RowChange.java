package io.fluxcore.boot.conformance;

import io.fluxcore.application.scripted.ResultRow;
import io.fluxcore.application.scripted.ScriptedHost;
import io.fluxcore.application.scripted.ScriptedTopology;
import io.fluxcore.application.scripted.Step;
import io.fluxcore.application.scripted.Transcript;
import io.fluxcore.application.scripted.Variant;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@code DELETE} or {@code UPDATE}: which rows it is about and what they become is asked of the
 * engine, row by row.
 *
 * @param table that it is about
 * @param condition in FluxCore's SQL; empty: all rows
 * @param assignments by column; none: rows are deleted
 */
record RowChange(String table, String condition, Map<String, String> assignments) {
  private static final Pattern DELETE =
      Pattern.compile("(?is)delete\\s+from\\s+(\\w+)(?:\\s+where\\s+(.*?))?;?\\s*");
  private static final Pattern UPDATE =
      Pattern.compile("(?is)update\\s+(\\w+)\\s+set\\s+(.*?)(?:\\s+where\\s+(.*?))?;?\\s*");

  static RowChange of(String sql, PostgresText dialect) {
    Matcher delete = DELETE.matcher(sql);
    if (delete.matches()) {
      return new RowChange(name(delete.group(1)), where(delete.group(2), dialect), Map.of());
    }
    Matcher update = UPDATE.matcher(sql);
    if (update.matches()) {
      Map<String, String> assignments = new LinkedHashMap<>();
      for (String assignment : update.group(2).split(",")) {
        String[] sides = assignment.split("=", 2);
        assignments.put(name(sides[0]), dialect.statement(sides[1].strip()));
      }
      return new RowChange(name(update.group(1)), where(update.group(3), dialect), assignments);
    }
    throw new UnsupportedCaseException("the statement " + sql.lines().findFirst().orElse(""));
  }

  private static String name(String text) {
    return text.strip().replace("\"", "").toLowerCase(Locale.ROOT);
  }

  private static String where(String condition, PostgresText dialect) {
    return condition == null ? "" : " WHERE " + dialect.statement(condition);
  }

  boolean isUpdate() {
    return !assignments.isEmpty();
  }

  /** The places of the rows that it is about, in order. */
  List<Integer> chosen(SqlSession session, List<JsonNode> rows) {
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (!answer(session, "SELECT * FROM `" + table + "`" + condition, rows.get(i)).isEmpty()) {
        chosen.add(i);
      }
    }
    return chosen;
  }

  /** What a row becomes. */
  JsonNode updated(SqlSession session, JsonNode row) {
    Schema schema = schema(session, table);
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      String name = schema.field(i).name();
      columns.add(assignments.getOrDefault(name, '`' + name + '`') + " AS `" + name + "`");
    }
    String query = "SELECT " + String.join(", ", columns) + " FROM `" + table + "`";
    return step(table, answer(session, query, row).get(0));
  }

  /** A row that the engine gave as one of a table. */
  static JsonNode step(String table, ResultRow row) {
    ArrayNode values = JsonMapper.shared().createArrayNode();
    for (Object value : row.values().values()) {
      boolean isPlain = value == null || value instanceof Number || value instanceof Boolean;
      values.addPOJO(isPlain ? value : value.toString());
    }
    ObjectNode step = JsonMapper.shared().createObjectNode();
    step.put("table", table);
    step.set("row", JsonMapper.shared().readTree(values.toString()));
    return step;
  }

  /** What a query over one row of a table gives. */
  private static List<ResultRow> answer(SqlSession session, String query, JsonNode row) {
    Transcript transcript = new Transcript();
    SqlOutcome outcome = SqlCase.executed(session, SqlStatement.of(query));
    ScriptedTopology topology = ScriptedTopology.of(outcome, table -> false, () -> transcript);
    List<Step> script = new ArrayList<>();
    topology
        .schemas()
        .forEach(
            (table, schema) ->
                script.add(new Step.Row(table, RowKind.INSERT, 0, values(row, schema))));
    script.add(new Step.EndOfInput());
    ScriptedHost.run(
        parallelism -> Plans.of(topology.topology(), parallelism),
        Variant.all().get(0),
        transcript,
        script);
    return transcript.results();
  }

  /** What rows of a table are made of. */
  static Schema schema(SqlSession session, String table) {
    SqlOutcome outcome =
        SqlCase.executed(session, SqlStatement.of("SELECT * FROM `" + table + "`"));
    return ScriptedTopology.of(outcome, t -> false, Transcript::new).schemas().get(table);
  }

  /** A row of a case as the engine takes it: its columns are in order, or have names. */
  static Map<String, Object> values(JsonNode step, Schema schema) {
    JsonNode row = step.path("row");
    Map<String, Object> values = new TreeMap<>();
    for (int i = 0; i < schema.size(); i++) {
      String name = schema.field(i).name();
      JsonNode value = row.isArray() ? row.path(i) : row.path(name);
      values.put(name, SqlValues.held(value, schema.field(i).type()));
    }
    return values;
  }
}
