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
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A case of views over tables whose rows come and go: queries are asked after some of the steps. A
 * query is run on all steps before it, so that what rows are taken back is part of it; the order of
 * its rows is not looked at.
 */
final class ViewCase {
  private static final Pattern ORDER =
      Pattern.compile("\\sorder\\s+by\\s[^()]*$", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern INSERT =
      Pattern.compile("(?is)insert\\s+into\\s+(\\w+)\\s+((?:select|values)\\b.*?);?\\s*");

  private static final Pattern VIEW =
      Pattern.compile("^\\s*CREATE\\s+(MATERIALIZED\\s+)?VIEW", Pattern.CASE_INSENSITIVE);

  private static final Pattern VERSIONED =
      Pattern.compile("join\\s+(\\w+)\\s+for\\s+system_time", Pattern.CASE_INSENSITIVE);

  /** Errors of grammar and of types that are not known. */
  private static final Set<String> NOT_WRITTEN = Set.of("FLX-QUERY-0005", "FLX-QUERY-0011");

  private final ConformanceCase tested;
  private final List<JsonNode> steps;
  private final Map<String, Query> queries = new LinkedHashMap<>();
  private Transcript transcript = new Transcript();

  /** A query, and what it gives after the steps of its script. */
  private record Query(ScriptedTopology topology, List<Step> script, Map<String, Integer> rows) {}

  static boolean isOne(ConformanceCase tested) {
    return tested.isSql() && tested.json().path("dialect").asString("").equals("risingwave-sql");
  }

  ViewCase(ConformanceCase tested) {
    this.tested = tested;
    this.steps = tested.rows("input");
    for (JsonNode expected : tested.rows("expected")) {
      int after = expected.path("after_input").asInt(steps.size());
      queries.put(after + ": " + expected.path("query").asString(), query(expected, after));
    }
  }

  private Query query(JsonNode expected, int after) {
    ViewTables tables = new ViewTables();
    tested.rows("tables").forEach(table -> tables.statement(table.path("ddl").asString()));
    boolean isStepwise = steps.stream().anyMatch(step -> step.has("create"));
    if (!isStepwise) {
      tested.definition().path("sql").forEach(sql -> tables.statement(sql.asString()));
    }
    for (JsonNode step : steps.subList(0, after)) {
      tables.take(step);
    }
    String text = expected.path("query").asString().strip().replaceAll(";$", "");
    SqlOutcome outcome = tables.query(ORDER.matcher(text).replaceAll(" "));
    ScriptedTopology topology =
        ScriptedTopology.withChanges(outcome, tables::changesOf, () -> transcript);
    return new Query(topology, tables.script(topology), rows(expected));
  }

  private static Map<String, Integer> rows(JsonNode expected) {
    Map<String, Integer> rows = new TreeMap<>();
    for (JsonNode row : expected.path("rows")) {
      List<String> parts = new ArrayList<>();
      row.forEach(part -> parts.add(part.asString()));
      rows.merge(SqlValues.words(String.join(" ", parts)), 1, Integer::sum);
    }
    expected
        .path("rows_text")
        .forEach(row -> rows.merge(SqlValues.words(row.asString()), 1, Integer::sum));
    return rows;
  }

  /** Runs the queries; what differs from the expectations, empty if nothing does. */
  String difference(Variant variant) {
    List<String> differences = new ArrayList<>();
    queries.forEach(
        (name, query) -> {
          String difference = difference(query, variant);
          if (!difference.isEmpty()) {
            differences.add(name + ": " + difference);
          }
        });
    return String.join("; ", differences);
  }

  private String difference(Query query, Variant variant) {
    transcript = new Transcript();
    ScriptedHost.run(
        parallelism -> Plans.of(query.topology().topology(), parallelism),
        variant,
        transcript,
        query.script());
    if (!transcript.failures().isEmpty()) {
      return "rows failed: " + transcript.failures();
    }
    Map<String, Integer> counts = new TreeMap<>(query.rows());
    for (ResultRow row : transcript.results()) {
      int sign = SqlCase.isAddition(row.kind()) ? 1 : -1;
      counts.merge(SqlValues.words(SqlCase.withoutWindowTime(row)), -sign, Integer::sum);
    }
    counts.values().removeIf(count -> count == 0);
    return counts.isEmpty() ? "" : "rows missing (+) and unexpected (-): " + counts;
  }

  /** The tables with what the steps did to them. */
  private static final class ViewTables {
    private final PostgresText dialect = new PostgresText();
    private final SqlSession session = SqlCase.FRONT_END.newSession();
    private final Map<String, ViewTable> tables = new LinkedHashMap<>();
    private final Map<String, List<JsonNode>> content = new LinkedHashMap<>();
    private final List<JsonNode> changes = new ArrayList<>();
    private final List<RowKind> kinds = new ArrayList<>();

    void statement(String sql) {
      String start = sql.strip().toLowerCase(Locale.ROOT);
      if (start.startsWith("create table")) {
        ViewTable table = ViewTable.of(sql.strip(), dialect);
        tables.put(table.name(), table);
        content.put(table.name(), new ArrayList<>());
        create(table.statement());
        List<String> columns = RowChange.schema(session, table.name()).fieldNames();
        dialect.table(table, columns);
        if (!dialect.beside(table).isEmpty()) {
          create(dialect.statement(dialect.beside(table)));
        }
      } else if (start.startsWith("create materialized view")) {
        begin(sql);
        create(VIEW.matcher(dialect.statement(sql)).replaceFirst("CREATE OR REPLACE VIEW"));
      } else if (start.startsWith("create function")) {
        create(dialect.statement(sql));
      } else if (!start.startsWith("create index")) {
        throw new UnsupportedCaseException(
            "the statement " + sql.strip().lines().findFirst().orElse(""));
      }
    }

    /**
     * A view begins with what the tables hold, those first that it takes as they are now. Steps
     * that drop views are not among those of cases: one of the same name takes the place of the
     * other.
     */
    private void begin(String view) {
      List<String> names = new ArrayList<>(tables.keySet());
      Matcher versioned = VERSIONED.matcher(view);
      while (versioned.find()) {
        String name = versioned.group(1).toLowerCase(Locale.ROOT);
        if (names.remove(name)) {
          names.add(0, name);
        }
      }
      changes.clear();
      kinds.clear();
      names.forEach(name -> content.get(name).forEach(row -> log(RowKind.INSERT, row)));
    }

    private void create(String statement) {
      SqlOutcome unused = execute(statement);
    }

    /** What FluxCore's grammar does not have is a difference that no rule translates. */
    private SqlOutcome execute(String statement) {
      try {
        return SqlCase.executed(session, SqlStatement.of(statement));
      } catch (FluxCoreException e) {
        if (NOT_WRITTEN.contains(e.code())) {
          throw new UnsupportedCaseException(e.diagnostics().get(0).message());
        }
        throw e;
      }
    }

    void take(JsonNode step) {
      if (step.has("create")) {
        statement(step.path("create").asString());
      } else if (step.has("expect_error")) {
        expectError(step.path("sql").asString());
      } else if (step.has("sql")) {
        change(step.path("sql").asString());
      } else {
        insert(step);
      }
    }

    private void expectError(String sql) {
      try {
        statement(sql);
      } catch (FluxCoreException | UnsupportedCaseException e) {
        return;
      }
      throw new UnsupportedCaseException("an error is expected of " + sql);
    }

    private void change(String sql) {
      String start = sql.strip().toLowerCase(Locale.ROOT);
      if (start.startsWith("create")) {
        statement(sql);
        return;
      }
      if (start.startsWith("insert")) {
        insert(sql);
        return;
      }
      RowChange change = RowChange.of(sql, dialect);
      List<JsonNode> there = content.get(change.table());
      if (there == null) {
        throw new UnsupportedCaseException("a table that is not there: " + change.table());
      }
      List<Integer> chosen = change.chosen(session, there);
      for (int i = chosen.size() - 1; i >= 0; i--) {
        JsonNode old = there.remove((int) chosen.get(i));
        log(change.isUpdate() ? RowKind.UPDATE_BEFORE : RowKind.DELETE, old);
        if (change.isUpdate()) {
          JsonNode updated = change.updated(session, old);
          there.add(updated);
          log(RowKind.UPDATE_AFTER, updated);
        }
      }
    }

    /** The rows that a query gives now, put into a table. */
    private void insert(String sql) {
      Matcher insert = INSERT.matcher(sql);
      if (!insert.matches()) {
        throw new UnsupportedCaseException("the statement " + sql);
      }
      String table = tableOf(insert.group(1).toLowerCase(Locale.ROOT));
      Transcript given = new Transcript();
      ScriptedTopology topology =
          ScriptedTopology.withChanges(
              query(GeneratedSeries.written(insert.group(2))), this::changesOf, () -> given);
      ScriptedHost.run(
          parallelism -> Plans.of(topology.topology(), parallelism),
          Variant.all().get(0),
          given,
          script(topology));
      for (ResultRow row : given.results()) {
        insert(RowChange.step(table, row));
      }
    }

    private void insert(JsonNode row) {
      ViewTable table = tables.get(tableOf(row));
      if (table == null) {
        throw new UnsupportedCaseException("a row of a table that is not there: " + row);
      }
      List<JsonNode> there = content.get(table.name());
      JsonNode same = table.key().isEmpty() ? null : withKey(table, there, row);
      if (same != null && table.keepsFirst()) {
        return;
      }
      if (same != null) {
        there.remove(same);
        log(RowKind.UPDATE_BEFORE, same);
      }
      there.add(row);
      log(same == null ? RowKind.INSERT : RowKind.UPDATE_AFTER, row);
    }

    private JsonNode withKey(ViewTable table, List<JsonNode> there, JsonNode row) {
      Schema schema = RowChange.schema(session, table.name());
      List<Object> key = keyOf(table, RowChange.values(row, schema));
      for (JsonNode other : there) {
        if (keyOf(table, RowChange.values(other, schema)).equals(key)) {
          return other;
        }
      }
      return null;
    }

    private static List<Object> keyOf(ViewTable table, Map<String, Object> values) {
      List<Object> key = new ArrayList<>();
      table.key().forEach(column -> key.add(values.get(column)));
      return key;
    }

    private void log(RowKind kind, JsonNode row) {
      kinds.add(kind);
      changes.add(row);
    }

    Changes changesOf(String name) {
      ViewTable table = tables.get(name);
      List<String> key = table == null || table.key().isEmpty() ? null : table.key();
      return hasChanges(name) ? Changes.retracts(key) : Changes.appends();
    }

    private boolean hasChanges(String table) {
      for (int i = 0; i < changes.size(); i++) {
        if (kinds.get(i) != RowKind.INSERT && tableOf(changes.get(i)).equals(table)) {
          return true;
        }
      }
      return false;
    }

    private String tableOf(JsonNode row) {
      return tableOf(row.path("table").asString().toLowerCase(Locale.ROOT));
    }

    /** The table of this name, or of the file that is named after it. */
    private String tableOf(String name) {
      for (String table : tables.keySet()) {
        if (name.endsWith("_" + table) && !tables.containsKey(name)) {
          return table;
        }
      }
      return name;
    }

    SqlOutcome query(String text) {
      return execute(dialect.statement(text));
    }

    List<Step> script(ScriptedTopology topology) {
      Map<String, Schema> schemas = topology.schemas();
      List<Step> script = new ArrayList<>(InlineRows.of(topology));
      boolean hasWatermarks = tables.values().stream().anyMatch(t -> !t.time().isEmpty());
      Map<String, Long> largest = new LinkedHashMap<>();
      for (int i = 0; i < changes.size(); i++) {
        String name = tableOf(changes.get(i));
        Schema schema = schemas.get(name);
        if (schema == null) {
          continue; // a table that the query does not read
        }
        Map<String, Object> values = RowChange.values(changes.get(i), schema);
        script.add(new Step.Row(name, kinds.get(i), 0, values));
        ViewTable table = tables.get(name);
        Object time = table == null || table.time().isEmpty() ? null : values.get(table.time());
        if (table != null && time != null) {
          long watermark = millis(time) - table.delay().toMillis() - 1;
          long highest = largest.merge(name, watermark, Math::max);
          script.add(new Step.Watermark(name, highest));
        }
      }
      if (!hasWatermarks) {
        script.add(new Step.EndOfInput());
      }
      return script;
    }

    private static long millis(Object time) {
      return time instanceof LocalDateTime local
          ? local.toInstant(ZoneOffset.UTC).toEpochMilli()
          : ((Instant) time).toEpochMilli();
    }
  }
}
