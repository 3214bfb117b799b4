package io.fluxcore.boot.conformance;

import io.fluxcore.application.scripted.ResultRow;
import io.fluxcore.application.scripted.ScriptedHost;
import io.fluxcore.application.scripted.ScriptedTopology;
import io.fluxcore.application.scripted.Step;
import io.fluxcore.application.scripted.Transcript;
import io.fluxcore.application.scripted.Variant;
import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.infrastructure.outside.MachineOutside;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import io.fluxcore.infrastructure.sql.CalciteFrontEnd;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** A case in Flink's SQL: the rows of its tables in, the final rows of its result out. */
final class SqlCase {
  static final SqlFrontEnd FRONT_END =
      new CalciteFrontEnd(
          ExpressionContext.of(new LinearRegexCompiler()).withOutside(new MachineOutside()));

  /** The query is right, and streams cannot run it. */
  private static final String CANNOT_RUN = "FLX-QUERY-0007";

  private static final Set<String> DIALECTS = Set.of("flink-sql", "calcite-sql", "trino-sql");

  private static final String NO_FUNCTION = "No match found for function signature";

  private static final Pattern INSERT =
      Pattern.compile("^\\s*INSERT\\s+INTO\\s+\\S+\\s+", Pattern.CASE_INSENSITIVE);

  private final ConformanceCase tested;
  private final Map<String, SqlTable> tables = new HashMap<>();
  private final Map<String, Schema> schemas = new HashMap<>();
  private final StreamTopology topology;
  private final List<Step> script = new ArrayList<>();

  /** Where results go; replaced for each run. */
  private Transcript transcript = new Transcript();

  /**
   * Reads a case.
   *
   * @throws UnsupportedCaseException if it is in another dialect or says something unknown
   */
  SqlCase(ConformanceCase tested) {
    this.tested = tested;
    String dialect = tested.json().path("dialect").asString("of some dialect");
    if (!DIALECTS.contains(dialect)) {
      throw new UnsupportedCaseException("SQL (" + dialect + ") is not there yet");
    }
    this.topology = topology();
    readScript();
  }

  private StreamTopology topology() {
    SqlSession session = FRONT_END.newSession();
    for (JsonNode table : tested.json().path("tables")) {
      String name = table.path("table").asString();
      SqlTable of = SqlTable.of(table, rowsOf(name), notes());
      tables.put(name, of);
      create(session, of.statement(connector(name), ""));
    }
    for (JsonNode sink : tested.definition().path("sink")) {
      create(session, SqlTable.of(sink, List.of(), "").statement("script", ", 'role' = 'sink'"));
    }
    for (JsonNode ddl : tested.definition().path("ddl")) {
      create(session, ddl.asString());
    }
    SqlOutcome outcome = null;
    for (JsonNode sql : tested.definition().path("sql")) {
      for (SqlStatement statement : FRONT_END.statements(sql.asString())) {
        outcome = executed(session, readable(statement));
      }
    }
    if (!(outcome instanceof SqlOutcome.Job) && !(outcome instanceof SqlOutcome.Query)) {
      throw new UnsupportedCaseException("its last statement gives no rows");
    }
    ScriptedTopology scripted = ScriptedTopology.of(outcome, this::hasChanges, () -> transcript);
    schemas.putAll(scripted.schemas());
    script.addAll(InlineRows.of(scripted));
    return scripted.topology();
  }

  private boolean hasChanges(String table) {
    return rowsOf(table).stream().anyMatch(row -> !row.path("op").asString("+I").equals("+I"));
  }

  /** Without the table that is written, where the case does not say what that is. */
  private SqlStatement readable(SqlStatement statement) {
    Matcher insert = INSERT.matcher(statement.text());
    boolean isDefined = tested.definition().has("sink") || tested.definition().has("ddl");
    return insert.find() && !isDefined
        ? SqlStatement.of(statement.text().substring(insert.end()))
        : statement;
  }

  static SqlOutcome executed(SqlSession session, SqlStatement statement) {
    try {
      return session.execute(statement);
    } catch (FluxCoreException e) {
      if (e.code().equals(CANNOT_RUN) || String.valueOf(e.getMessage()).contains(NO_FUNCTION)) {
        throw new UnsupportedCaseException(e.diagnostics().get(0).message());
      }
      throw e;
    }
  }

  static void create(SqlSession session, String statement) {
    SqlOutcome unused = executed(session, SqlStatement.of(statement));
  }

  private String notes() {
    return tested.json().path("notes").asString("");
  }

  /** Rows after which no row says what it was before are upserts. */
  private String connector(String table) {
    return isUpserts(rowsOf(table)) ? "upsert-script" : "script";
  }

  private List<JsonNode> rowsOf(String table) {
    return tested.rows("input").stream()
        .filter(row -> row.path("table").asString("").equals(table))
        .toList();
  }

  private void readScript() {
    int phase = 1;
    for (JsonNode row : input()) {
      int of = row.path("phase").asInt(phase);
      if (of != phase) {
        script.add(new Step.NewSources());
        script.add(new Step.SnapshotRestore());
        phase = of;
      }
      String table = row.path("table").asString("");
      if (row.has("watermark")) {
        script.add(new Step.Watermark(table, row.path("watermark").longValue()));
        continue;
      }
      Schema schema = schemas.get(table);
      if (schema == null) {
        continue; // a table that the query does not read
      }
      script.add(new Step.Row(table, kind(row.path("op").asString("+I")), 0, values(row, schema)));
    }
    script.add(new Step.EndOfInput());
  }

  /** Programs read their tables side by side: a row of each in turn, phase by phase. */
  private List<JsonNode> input() {
    List<JsonNode> rows = tested.rows("input");
    boolean isProgram = rows.stream().allMatch(row -> row.has("op"));
    if (!isProgram) {
      return rows;
    }
    Map<Integer, Map<String, Deque<JsonNode>>> phases = new TreeMap<>();
    for (JsonNode row : rows) {
      phases
          .computeIfAbsent(row.path("phase").asInt(1), phase -> new LinkedHashMap<>())
          .computeIfAbsent(row.path("table").asString(), table -> new ArrayDeque<>())
          .add(row);
    }
    List<JsonNode> ordered = new ArrayList<>();
    for (Map<String, Deque<JsonNode>> tables : phases.values()) {
      while (!tables.isEmpty()) {
        tables.values().forEach(table -> ordered.add(table.remove()));
        tables.values().removeIf(Deque::isEmpty);
      }
    }
    return ordered;
  }

  private static RowKind kind(String op) {
    for (RowKind kind : RowKind.values()) {
      if (kind.sign().equals(op)) {
        return kind;
      }
    }
    throw new UnsupportedCaseException("a row of the kind " + op);
  }

  private static boolean isTime(Field field) {
    return field.type().kind() == DataType.Kind.TIMESTAMP
        || field.type().kind() == DataType.Kind.TIMESTAMP_TZ;
  }

  private Map<String, Object> values(JsonNode step, Schema schema) {
    JsonNode row = step.path("row");
    int eventTimeAt = SqlTable.eventTimeAt(notes());
    Map<String, Object> values = new TreeMap<>();
    for (int i = 0; i < schema.size(); i++) {
      Field field = schema.field(i);
      int at = i < row.size() || eventTimeAt < 0 || !isTime(field) ? i : eventTimeAt;
      boolean isOfElement = at >= row.size() && isTime(field) && step.has("ts");
      JsonNode value = isOfElement ? step.path("ts") : row.path(at);
      SqlTable table = tables.get(step.path("table").asString(""));
      values.put(
          field.name(),
          SqlValues.held(table == null ? value : table.named(field.name(), value), field.type()));
    }
    return values;
  }

  /** Runs the case; what differs from the expectation, empty if nothing does. */
  String difference(Variant variant) {
    transcript = new Transcript();
    ScriptedHost.run(parallelism -> Plans.of(topology, parallelism), variant, transcript, script);
    if (!transcript.failures().isEmpty()) {
      return "rows failed: " + transcript.failures();
    }
    Map<String, Integer> counts = new TreeMap<>();
    materialised(tested.rows("expected"))
        .forEach((row, count) -> counts.merge(row, count, Integer::sum));
    results().forEach((row, count) -> counts.merge(row, -count, Integer::sum));
    Map<String, Integer> different = new LinkedHashMap<>();
    counts.forEach(
        (row, count) -> {
          if (count != 0) {
            different.put(row, count);
          }
        });
    return different.isEmpty() ? "" : "rows missing (+) and unexpected (-): " + different;
  }

  /**
   * The rows of the result that are there in the end; of a table with a key that is written by
   * upserts, of the rows of each key the one that came last.
   */
  private Map<String, Integer> results() {
    boolean isFlink = tested.json().path("dialect").asString().equals("flink-sql");
    List<Integer> key =
        isUpserts(tested.rows("expected"))
            ? SqlTable.primaryKey(tested.definition().path("sink").path(0))
            : List.of();
    Map<List<String>, Deque<String>> standing = new LinkedHashMap<>();
    for (ResultRow row : transcript.results()) {
      String text = SqlValues.text(isFlink ? row.values().values() : withoutWindowTime(row));
      List<String> of = key.isEmpty() ? List.of(text) : key(text, key);
      Deque<String> rows = standing.computeIfAbsent(of, none -> new ArrayDeque<>());
      if (isAddition(row.kind())) {
        rows.add(text);
      } else if (!rows.removeLastOccurrence(text)) {
        return Map.of(text, -1); // takes back what is not there
      }
    }
    Map<String, Integer> counts = new TreeMap<>();
    for (Deque<String> rows : standing.values()) {
      if (key.isEmpty()) {
        rows.forEach(text -> counts.merge(text, 1, Integer::sum));
      } else if (!rows.isEmpty()) {
        counts.merge(rows.getLast(), 1, Integer::sum);
      }
    }
    return counts;
  }

  private static List<String> key(String row, List<Integer> ordinals) {
    String[] parts = row.split(", ", -1);
    return ordinals.stream().map(ordinal -> parts[ordinal]).toList();
  }

  private static boolean isUpserts(List<JsonNode> rows) {
    List<String> ops = rows.stream().map(row -> row.path("op").asString("+I")).toList();
    return ops.contains("+U") && !ops.contains("-U");
  }

  /**
   * Only Flink's window functions give the time of a window beside its bounds, and Trino's rows
   * have no time.
   */
  static Iterable<Object> withoutWindowTime(ResultRow row) {
    Map<String, Object> values = new LinkedHashMap<>(row.values());
    values.remove("window_time");
    values.remove(TrinoText.TIME);
    return values.values();
  }

  static boolean isAddition(RowKind kind) {
    return kind == RowKind.INSERT || kind == RowKind.UPDATE_AFTER;
  }

  /** The rows that are there when all changes have been applied. */
  private Map<String, Integer> materialised(List<JsonNode> rows) {
    if (isUpserts(rows)) {
      return upserted(rows);
    }
    Map<String, Integer> counts = new TreeMap<>();
    for (JsonNode row : rows) {
      boolean isAddition = isAddition(kind(row.path("op").asString("+I")));
      counts.merge(SqlValues.text(row), isAddition ? 1 : -1, Integer::sum);
    }
    return counts;
  }

  /** Where no key says which row another one replaces, each row that goes is named in full. */
  private static Map<String, Integer> added(List<JsonNode> rows) {
    Map<String, Integer> counts = new TreeMap<>();
    for (JsonNode row : rows) {
      int change = isAddition(kind(row.path("op").asString("+I"))) ? 1 : -1;
      if (counts.merge(SqlValues.text(row), change, Integer::sum) < 0) {
        throw new UnsupportedCaseException("results are upserts, and no key says of which rows");
      }
    }
    return counts;
  }

  /** The last row of each key of the table that is written. */
  private Map<String, Integer> upserted(List<JsonNode> rows) {
    List<Integer> key = SqlTable.primaryKey(tested.definition().path("sink").path(0));
    if (key.isEmpty() && tested.json().has("expected_materialized")) {
      Map<String, Integer> counts = new TreeMap<>();
      tested
          .rows("expected_materialized")
          .forEach(row -> counts.merge(SqlValues.text(row), 1, Integer::sum));
      return counts;
    }
    if (key.isEmpty()) {
      return added(rows);
    }
    Map<List<String>, String> last = new LinkedHashMap<>();
    for (JsonNode row : rows) {
      String text = SqlValues.text(row);
      List<String> of = key(text, key);
      if (isAddition(kind(row.path("op").asString("+I")))) {
        last.put(of, text);
      } else {
        last.remove(of);
      }
    }
    Map<String, Integer> counts = new TreeMap<>();
    last.values().forEach(text -> counts.merge(text, 1, Integer::sum));
    return counts;
  }
}
