package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.query.QueryRows;
import io.fluxcore.application.query.SqlCheck;
import io.fluxcore.application.query.SqlResult;
import io.fluxcore.application.query.SqlWorkspace;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A workspace that knows a few words, of statements that semicolons end: CREATE defines, SHOW
 * lists, EXPLAIN explains, INSERT starts a job, SELECT n gives n rows, SELECT -1 rows without end,
 * SELECT -2 fails after a row; all else is an error at its place.
 */
final class FakeWorkspace implements SqlWorkspace {
  private static final StreamTopology TOPOLOGY =
      StreamTopology.builder()
          .source("in", SourceConfig.connector("acme").build())
          .sink("out", SinkConfig.console().build())
          .build();

  private final FakeFluxCore service;
  private final AtomicInteger open;
  private final List<String> tables = new ArrayList<>();

  FakeWorkspace(FakeFluxCore service, AtomicInteger open) {
    this.service = service;
    this.open = open;
  }

  @Override
  public List<SqlStatement> statements(String script) {
    if (script.chars().filter(c -> c == '\'').count() % 2 == 1) {
      throw wrong(new SqlStatement(script, 1, script.indexOf('\'') + 1), "a quote is open");
    }
    List<SqlStatement> statements = new ArrayList<>();
    int line = 1;
    for (String part : script.split(";")) {
      if (!part.isBlank()) {
        String before = part.substring(0, part.indexOf(part.strip()));
        int lines = (int) before.chars().filter(c -> c == '\n').count();
        statements.add(new SqlStatement(part.strip(), line + lines, 1));
      }
      line += (int) part.chars().filter(c -> c == '\n').count();
    }
    return statements;
  }

  @Override
  public boolean isComplete(String text) {
    return text.strip().endsWith(";");
  }

  private static FluxCoreException wrong(SqlStatement statement, String what) {
    return FluxCoreException.user(
        "FLX-QUERY-0002",
        Place.at(statement.line(), statement.column()),
        what + ": '" + statement.text() + "'",
        "did you mean 'SELECT'?");
  }

  @Override
  public SqlOutcome understand(SqlStatement statement) {
    String[] words = statement.text().split("\\s+");
    switch (words[0]) {
      case "CREATE" -> {
        tables.add(words[words.length - 1]);
        return new SqlOutcome.Done("created");
      }
      case "SHOW" -> {
        return new SqlOutcome.Listing(
            List.of("table name"), tables.stream().map(List::of).toList());
      }
      case "EXPLAIN" -> {
        return new SqlOutcome.Explanation(TOPOLOGY, null, Map.of(), null);
      }
      case "INSERT" -> {
        return new SqlOutcome.Job(TOPOLOGY, Map.of());
      }
      case "SELECT" -> {
        if (words.length == 2 && words[1].matches("-?\\d{1,6}")) {
          return new SqlOutcome.Query(TOPOLOGY, "in", List.of("word", "count"), Map.of());
        }
        throw wrong(statement, "no number");
      }
      default -> throw wrong(statement, "unknown");
    }
  }

  @Override
  public SqlResult perform(SqlOutcome outcome, SqlStatement statement) {
    if (outcome instanceof SqlOutcome.Done done) {
      return new SqlResult.Done(done.message());
    } else if (outcome instanceof SqlOutcome.Listing listing) {
      return new SqlResult.Listing(listing.columns(), listing.rows());
    } else if (outcome instanceof SqlOutcome.Job) {
      return new SqlResult.Submitted(JobId.of(0, 77), "insert-into-out", warnings());
    } else if (outcome instanceof SqlOutcome.Query) {
      int rows = Integer.parseInt(statement.text().split("\\s+")[1]);
      return new SqlResult.Query(new Rows(rows), warnings());
    }
    return new SqlResult.Plan("the plan of " + service.listJobs().size() + " jobs", warnings());
  }

  private static List<Diagnostic> warnings() {
    return List.of(
        Diagnostic.warning("FLX-PLAN-0020", Place.of("node 'in'"), "it grows", "bound it"));
  }

  @Override
  public List<SqlCheck> check(String script) {
    List<SqlCheck> checks = new ArrayList<>();
    for (SqlStatement statement : statements(script)) {
      try {
        SqlOutcome outcome = understand(statement);
        boolean isQuery = outcome instanceof SqlOutcome.Query;
        checks.add(
            new SqlCheck(
                statement,
                isQuery ? SqlCheck.Kind.QUERY : SqlCheck.Kind.DEFINITION,
                isQuery ? FakeFluxCore.SCHEMA : null,
                isQuery ? "a plan" : null,
                List.of()));
      } catch (FluxCoreException e) {
        checks.add(new SqlCheck(statement, null, null, null, e.diagnostics()));
      }
    }
    return checks;
  }

  @Override
  public List<Diagnostic> warnings(SqlOutcome outcome) {
    return List.of();
  }

  @Override
  public boolean addsOnly(SqlOutcome.Query query) {
    return true;
  }

  @Override
  public List<String> tables() {
    return tables;
  }

  @Override
  public List<String> columns(String table) {
    return List.of();
  }

  /** Rows that are counted; below zero there is no end, at -2 a failure after the first. */
  private final class Rows implements QueryRows {
    private final int count;
    private int given;
    private boolean closed;

    Rows(int count) {
      this.count = count;
      open.incrementAndGet();
    }

    @Override
    public Schema schema() {
      return FakeFluxCore.SCHEMA;
    }

    @Override
    public synchronized List<EventRecord> poll(int atMost, Duration patience)
        throws InterruptedException {
      if (closed || given == count) {
        return List.of();
      }
      if (count == -2 && given > 0) {
        throw FluxCoreException.conflict("FLX-TEST-0001", Place.WHOLE, "it broke", "mend it");
      }
      List<EventRecord> rows = new ArrayList<>();
      int most =
          count == -2 ? 1 : count < 0 ? Math.min(atMost, 10) : Math.min(atMost, count - given);
      for (int i = 0; i < most; i++) {
        rows.add(EventRecord.of(FakeFluxCore.SCHEMA, 1_000L * given, "w" + given, (long) given));
        given++;
      }
      return rows;
    }

    @Override
    public synchronized boolean isEnded() {
      return closed || given == count;
    }

    @Override
    public Iterator<EventRecord> iterator() {
      throw new UnsupportedOperationException("REST polls");
    }

    @Override
    public Flow.Publisher<EventRecord> publisher() {
      throw new UnsupportedOperationException("REST polls");
    }

    @Override
    public JobMetrics metrics() {
      return JobMetrics.EMPTY;
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        open.decrementAndGet();
      }
    }
  }
}
