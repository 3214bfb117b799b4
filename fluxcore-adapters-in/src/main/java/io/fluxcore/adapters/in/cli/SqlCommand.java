package io.fluxcore.adapters.in.cli;

import io.fluxcore.application.sql.SqlJobSettings;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** {@code fluxcore sql}: runs statements in this process, one after another. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = {
      "Runs SQL statements in this process, one after another: tables and views are defined, the rows"
          + " of queries are printed, inserts run until their input ends or they are interrupted."
    },
    footer = {
      "%nExamples:",
      "  fluxcore sql -f examples/top-pages.sql",
      "  fluxcore sql -f tables.sql -e \"SELECT status, COUNT(*) FROM requests GROUP BY status\"",
      "  fluxcore sql -f tables.sql -e \"EXPLAIN SELECT * FROM requests\""
    })
final class SqlCommand implements Callable<Integer> {
  /** The sink that prints the rows of a query. */
  private static final String PRINT = "print";

  private final Workbench bench;
  private final Interrupts interrupts;

  @ArgGroup(exclusive = false, multiplicity = "1")
  private Source source = new Source();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description =
          "How rows are written: table (a line each), json (one document of rows and summary), ndjson"
              + " (a line of JSON each).")
  private OutputFormat output = OutputFormat.TABLE;

  /** Where statements come from. */
  static final class Source {
    @Option(
        names = {"-f", "--file"},
        paramLabel = "FILE",
        description =
            "A file of statements, each ended by a semicolon. May be given several times.")
    private List<Path> files = List.of();

    @Option(
        names = {"-e", "--execute"},
        paramLabel = "STATEMENTS",
        description = "Statements, after those of the files.")
    private @Nullable String statements;
  }

  SqlCommand(Workbench bench, Interrupts interrupts) {
    this.bench = bench;
    this.interrupts = interrupts;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    RowStream rows = new RowStream(bench.terminal().out(), output);
    DeadLetterFile deadLetters = new DeadLetterFile(null);
    try (LocalEngine engine = bench.engines().open(rows, deadLetters)) {
      SqlSession session = engine.sql().newSession();
      Execution execution = new Execution(engine, session, rows, deadLetters);
      for (Path file : source.files) {
        int code = execution.all(file.toString(), read(file));
        if (code != ExitCode.OK) {
          return code;
        }
      }
      String statements = source.statements;
      return statements == null ? ExitCode.OK : execution.all("-e", statements);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw FluxCoreException.user(
          "FLX-QUERY-0032",
          Place.of("--file"),
          "'" + file + "' cannot be read: " + e,
          "give a file of SQL statements in UTF-8");
    }
  }

  /** Statements in a session, whose jobs run here. */
  private final class Execution {
    private final LocalEngine engine;
    private final SqlSession session;
    private final RowStream rows;
    private final DeadLetterFile deadLetters;
    private int jobs;

    Execution(LocalEngine engine, SqlSession session, RowStream rows, DeadLetterFile deadLetters) {
      this.engine = engine;
      this.session = session;
      this.rows = rows;
      this.deadLetters = deadLetters;
    }

    /** The exit code of the first statement that does not go well. */
    int all(String name, String script) throws IOException, InterruptedException {
      try {
        for (SqlStatement statement : engine.sql().statements(script)) {
          int code = one(statement);
          if (code != ExitCode.OK) {
            return code;
          }
        }
        return ExitCode.OK;
      } catch (FluxCoreException e) {
        return bench.refused(name, e);
      }
    }

    private int one(SqlStatement statement) throws IOException, InterruptedException {
      SqlOutcome outcome = session.execute(statement);
      if (outcome instanceof SqlOutcome.Done done) {
        bench.messages().line(done.message());
      } else if (outcome instanceof SqlOutcome.Listing listing) {
        print(listing);
      } else if (outcome instanceof SqlOutcome.Explanation explanation) {
        bench
            .terminal()
            .print(engine.service().explain(printed(explanation), config(explanation.settings())));
      } else if (outcome instanceof SqlOutcome.Job job) {
        return run(job.topology(), job.settings());
      } else if (outcome instanceof SqlOutcome.Query query) {
        return run(query.topology().withSink(PRINT, console(), query.output()), query.settings());
      }
      return ExitCode.OK;
    }

    /** A query is explained with the sink that would print its rows. */
    private StreamTopology printed(SqlOutcome.Explanation explanation) {
      String output = explanation.output();
      return output == null
          ? explanation.topology()
          : explanation.topology().withSink(PRINT, console(), output);
    }

    private SinkConfig console() {
      return SinkConfig.connector("console")
          .with("format", output == OutputFormat.TABLE ? "table" : "json")
          .build();
    }

    private void print(SqlOutcome.Listing listing) {
      if (output != OutputFormat.TABLE) {
        printJson(listing);
        return;
      }
      TextTable table = new TextTable(listing.columns().toArray(String[]::new));
      listing.rows().forEach(row -> table.add(row.toArray(String[]::new)));
      bench.terminal().print(table.toString());
    }

    /** Rows as of a query: a line each, between brackets where there is one document. */
    private void printJson(SqlOutcome.Listing listing) {
      List<String> lines = new ArrayList<>();
      for (List<String> row : listing.rows()) {
        ObjectNode object = Server.JSON.createObjectNode();
        for (int i = 0; i < row.size(); i++) {
          object.put(listing.columns().get(i), row.get(i));
        }
        lines.add(object.toString());
      }
      if (output == OutputFormat.JSON) {
        bench.terminal().print("{\"rows\":[\n" + String.join(",\n", lines) + "\n]}\n");
      } else {
        lines.forEach(line -> bench.terminal().print(line + "\n"));
      }
    }

    private JobConfig config(Map<String, String> settings) {
      return SqlJobSettings.jobConfig(settings, "sql-" + (jobs + 1));
    }

    private int run(StreamTopology topology, Map<String, String> settings)
        throws IOException, InterruptedException {
      JobConfig config = config(settings);
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
              deadLetters)
          .toTheEnd();
    }
  }
}
