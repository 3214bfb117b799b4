package io.fluxcore.adapters.in.cli;

import io.fluxcore.application.query.SqlResult;
import io.fluxcore.application.query.SqlWorkspace;
import io.fluxcore.application.sql.SqlJobSettings;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Statements whose jobs and queries run in this process. */
final class LocalSql implements SqlHost {
  /** The sink that prints the rows of a query. */
  private static final String PRINT = "print";

  private final Workbench bench;
  private final Interrupts interrupts;
  private final LocalEngine engine;
  private final SqlWorkspace workspace;
  private final RowStream rows;
  private final DeadLetterFile deadLetters;
  private final boolean inShell;
  private OutputFormat output;
  private int jobs;

  /**
   * A host.
   *
   * @param inShell whether a person sits before it, who goes on after a query
   */
  LocalSql(
      Workbench bench,
      Interrupts interrupts,
      LocalEngine engine,
      RowStream rows,
      DeadLetterFile deadLetters,
      OutputFormat output,
      boolean inShell) {
    this.bench = bench;
    this.interrupts = interrupts;
    this.engine = engine;
    this.workspace = engine.service().sql();
    this.rows = rows;
    this.deadLetters = deadLetters;
    this.output = output;
    this.inShell = inShell;
  }

  @Override
  public boolean isComplete(String text) {
    return workspace.isComplete(text);
  }

  @Override
  public void output(OutputFormat format) {
    output = format;
    rows.format(format);
  }

  @Override
  public List<String> tables() {
    return workspace.tables();
  }

  @Override
  public List<String> columns(String table) {
    return workspace.columns(table);
  }

  @Override
  public List<String> functions() {
    SqlResult listing = workspace.execute(SqlStatement.of("SHOW FUNCTIONS"));
    return ((SqlResult.Listing) listing).cells().stream().map(cells -> cells.get(0)).toList();
  }

  @Override
  public int run(String name, String script) throws IOException, InterruptedException {
    try {
      for (SqlStatement statement : workspace.statements(script)) {
        int code = run(statement);
        if (code != ExitCode.OK) {
          return code;
        }
      }
      return ExitCode.OK;
    } catch (FluxCoreException e) {
      if (!inShell) {
        return bench.refused(name, e);
      }
      bench.messages().error("the statement cannot be run", name, e);
      return ExitCode.of(e.category());
    }
  }

  private int run(SqlStatement statement) throws IOException, InterruptedException {
    try {
      return runLocated(statement);
    } catch (FluxCoreException e) {
      throw statement.located(e);
    }
  }

  private int runLocated(SqlStatement statement) throws IOException, InterruptedException {
    SqlOutcome outcome = workspace.understand(statement);
    workspace.warnings(outcome).stream()
        .map(statement::located)
        .forEach(warning -> bench.messages().warning("sql", warning));
    if (outcome instanceof SqlOutcome.Query query) {
      StreamTopology printed =
          query.topology().withSink(PRINT, console(workspace.addsOnly(query)), query.output());
      return toTheEnd(printed, query.settings(), inShell);
    } else if (outcome instanceof SqlOutcome.Job job) {
      return toTheEnd(job.topology(), job.settings(), false);
    }
    Thread waiting = Thread.currentThread();
    interrupts.handle(signal -> waiting.interrupt()); // EXPLAIN ANALYZE takes its time
    SqlText text = new SqlText(bench, output);
    text.print(workspace.perform(outcome, statement));
    return ExitCode.OK;
  }

  private SinkConfig console(boolean addsOnly) {
    SinkConfig.Builder console =
        SinkConfig.connector("console")
            .with("format", output == OutputFormat.TABLE ? "table" : "json");
    return addsOnly || output != OutputFormat.TABLE
        ? console.build()
        : console.with("rowKind", "always").build();
  }

  private int toTheEnd(StreamTopology topology, Map<String, String> settings, boolean isBrief)
      throws IOException, InterruptedException {
    JobConfig config = SqlJobSettings.jobConfig(settings, "sql-" + (jobs + 1));
    jobs++;
    deadLetters.nameAfter(config.name());
    return new Run(
            bench,
            engine,
            interrupts,
            topology,
            config,
            UnaryOperator.identity(),
            rows,
            deadLetters,
            isBrief)
        .toTheEnd();
  }
}
