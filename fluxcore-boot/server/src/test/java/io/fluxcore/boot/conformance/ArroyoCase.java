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
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * A case in the SQL of Arroyo: tables that read files, and one or several inserts. Compared are the
 * rows that are there when all changes have been applied.
 */
final class ArroyoCase {
  private final ConformanceCase tested;
  private final PostgresText names = new PostgresText();
  private final ArroyoText dialect = new ArroyoText();
  private final SqlSession session = SqlCase.FRONT_END.newSession();
  private final Map<String, ArroyoTable> tables = new LinkedHashMap<>();
  private final List<String> inserts = new ArrayList<>();
  private final ScriptedTopology topology;

  /** Of what is written if that is not a table with columns of its own. */
  private final List<String> columns;

  /** Columns that are answers of sketches, and those of which nothing is known. */
  private final Set<String> approximate = new TreeSet<>();

  private final Set<String> incomparable = new TreeSet<>();

  private final List<Step> script = new ArrayList<>();
  private Transcript transcript = new Transcript();

  static boolean isOne(ConformanceCase tested) {
    return tested.isSql() && tested.json().path("dialect").asString("").equals("arroyo-sql");
  }

  ArroyoCase(ConformanceCase tested) {
    this.tested = tested;
    if (tested.json().has("expected_error")) {
      throw new UnsupportedCaseException("an error that Arroyo has and FluxCore may not");
    }
    for (JsonNode sql : tested.definition().path("sql")) {
      for (List<String> statement : statements(PostgresText.tokens(sql.asString()))) {
        approximate.addAll(ArroyoFunctions.approximate(statement));
        incomparable.addAll(ArroyoFunctions.incomparable(statement));
        take(ArroyoFunctions.written(statement));
      }
    }
    SqlOutcome outcome = outcome();
    this.columns = outcome instanceof SqlOutcome.Query query ? query.columns() : List.of();
    this.topology = ScriptedTopology.of(outcome, this::isChanging, () -> transcript);
    readScript();
  }

  private static List<List<String>> statements(List<String> tokens) {
    List<List<String>> statements = new ArrayList<>();
    List<String> statement = new ArrayList<>();
    for (String token : tokens) {
      if (!token.equals(";")) {
        statement.add(token);
      } else if (!statement.isEmpty()) {
        statements.add(statement);
        statement = new ArrayList<>();
      }
    }
    if (!statement.isEmpty()) {
      statements.add(statement);
    }
    return statements;
  }

  private void take(List<String> tokens) {
    String kind = String.join(" ", tokens.subList(0, 2));
    switch (kind) {
      case "create table" -> create(ArroyoTable.of(tokens));
      case "create view" -> dialect.view(tokens.get(2), tokens.subList(4, tokens.size()));
      case "insert into" -> insert(tokens);
      default -> {
        if (!tokens.get(0).equals("select")) {
          throw new UnsupportedCaseException("the statement " + kind);
        }
        inserts.add(names.statement(dialect.query(tokens)));
      }
    }
  }

  private void create(ArroyoTable table) {
    tables.put(table.name(), table);
    dialect.table(table.name(), table.time());
    names.name(table.name());
    table.columns().keySet().forEach(names::name);
    if (!table.columns().isEmpty() && !table.isMemory()) {
      SqlCase.create(session, table.statement(behind(table)));
    }
  }

  /**
   * How far watermarks are behind. Arroyo says one for many rows at once, so that none of those in
   * a file is late: it is as much as the row that comes latest needs.
   */
  private Duration behind(ArroyoTable table) {
    Duration most = table.delay();
    LocalDateTime latest = LocalDateTime.MIN;
    for (JsonNode row : table.time().isEmpty() ? List.<JsonNode>of() : rowsOf(table)) {
      LocalDateTime time = SqlValues.time(row.path(table.time()).asString());
      latest = time.isAfter(latest) ? time : latest;
      Duration late = Duration.between(time, latest);
      most = late.compareTo(most) > 0 ? late : most;
    }
    return most;
  }

  /** What is written is made of the types of the table; into memory, it is what the table is. */
  private void insert(List<String> tokens) {
    ArroyoTable table = tables.get(tokens.get(2));
    List<String> query = tokens.subList(3, tokens.size());
    if (table == null || query.get(0).equals("(")) {
      throw new UnsupportedCaseException("an insert into " + String.join(" ", tokens));
    }
    if (table.isMemory()) {
      dialect.memory(table.name(), List.copyOf(table.columns().keySet()), query);
      return;
    }
    String text = names.statement(dialect.query(query));
    if (table.columns().isEmpty()) {
      inserts.add(text);
      return;
    }
    List<String> casts = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    table
        .columns()
        .forEach(
            (column, type) -> {
              columns.add("`" + column + "`");
              casts.add("CAST(`" + column + "` AS " + type + ")");
            });
    inserts.add(
        "INSERT INTO `%s` SELECT %s FROM (%s) AS `written` (%s)"
            .formatted(table.name(), String.join(", ", casts), text, String.join(", ", columns)));
  }

  private SqlOutcome outcome() {
    String all =
        inserts.size() == 1
            ? inserts.get(0)
            : "EXECUTE STATEMENT SET BEGIN " + String.join("; ", inserts) + "; END";
    return SqlCase.executed(session, SqlStatement.of(all));
  }

  private boolean isChanging(String table) {
    ArroyoTable read = tables.get(table);
    return read != null && read.hasChanges();
  }

  /** The rows of the file that a table reads: of the one there is, or of that of its name. */
  private List<JsonNode> rowsOf(ArroyoTable table) {
    List<JsonNode> rows = new ArrayList<>();
    long files = tested.rows("input").stream().map(step -> step.path("table")).distinct().count();
    for (JsonNode step : tested.rows("input")) {
      String from = step.path("table").asString();
      boolean isRead = !table.isSink() && !table.isMemory();
      boolean isOnly = files == 1 && isRead;
      if (isOnly || from.equals(table.file()) || from.equals("arroyo_" + table.file())) {
        rows.add(step.path("row"));
      }
    }
    return rows;
  }

  /** Tables are read side by side. */
  private void readScript() {
    Map<String, Deque<JsonNode>> left = new LinkedHashMap<>();
    for (String name : topology.schemas().keySet()) {
      ArroyoTable table = tables.get(name);
      if (table != null && !rowsOf(table).isEmpty()) {
        left.put(name, new ArrayDeque<>(rowsOf(table)));
      }
    }
    if (left.isEmpty()) {
      throw new UnsupportedCaseException("none of its tables has rows: " + tables.keySet());
    }
    script.addAll(InlineRows.of(topology));
    while (!left.isEmpty()) {
      left.forEach((name, rows) -> addRow(name, rows.remove()));
      left.values().removeIf(Deque::isEmpty);
    }
    script.add(new Step.EndOfInput());
  }

  private void addRow(String name, JsonNode row) {
    if (!isChanging(name) || !(row.has("before") || row.has("after"))) {
      script.add(step(name, RowKind.INSERT, row));
      return;
    }
    JsonNode before = row.path("before");
    JsonNode after = row.path("after");
    boolean isUpdate = before.isObject() && after.isObject();
    if (before.isObject()) {
      script.add(step(name, isUpdate ? RowKind.UPDATE_BEFORE : RowKind.DELETE, before));
    }
    if (after.isObject()) {
      script.add(step(name, isUpdate ? RowKind.UPDATE_AFTER : RowKind.INSERT, after));
    }
  }

  private Step step(String table, RowKind kind, JsonNode row) {
    Schema schema = topology.schemas().get(table);
    Map<String, Object> values = new TreeMap<>();
    for (int i = 0; i < schema.size(); i++) {
      String name = schema.field(i).name();
      values.put(name, SqlValues.held(row.path(name), schema.field(i).type()));
    }
    return new Step.Row(table, kind, 0, values);
  }

  /** Runs the case; what differs from the expectation, empty if nothing does. */
  String difference(Variant variant) {
    transcript = new Transcript();
    ScriptedHost.run(
        parallelism -> Plans.of(topology.topology(), parallelism), variant, transcript, script);
    if (!transcript.failures().isEmpty()) {
      return "rows failed: " + transcript.failures();
    }
    Map<ApproximateRow, Integer> counts = new HashMap<>();
    for (JsonNode row : tested.rows("expected")) {
      Map<String, Object> values = new TreeMap<>();
      row.propertyNames()
          .forEach(name -> values.put(name, row.path(name).isNull() ? null : plain(row, name)));
      counts.merge(ApproximateRow.of(values, approximate, incomparable), 1, Integer::sum);
    }
    for (ResultRow row : transcript.results()) {
      int sign = SqlCase.isAddition(row.kind()) ? 1 : -1;
      counts.merge(ApproximateRow.of(named(row), approximate, incomparable), -sign, Integer::sum);
    }
    counts.values().removeIf(count -> count == 0);
    ApproximateRow.match(counts);
    return counts.isEmpty() ? "" : "rows missing (+) and unexpected (-): " + counts;
  }

  private Map<String, Object> named(ResultRow row) {
    if (columns.isEmpty()) {
      return new TreeMap<>(row.values());
    }
    Map<String, Object> values = new TreeMap<>();
    Iterator<String> names = columns.iterator();
    row.values().values().forEach(value -> values.put(names.next(), value));
    return values;
  }

  private static String plain(JsonNode row, String name) {
    JsonNode value = row.path(name);
    return value.isValueNode() ? value.asString() : value.toString();
  }
}
