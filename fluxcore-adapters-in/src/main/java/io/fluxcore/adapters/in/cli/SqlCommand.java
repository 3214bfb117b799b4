package io.fluxcore.adapters.in.cli;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code fluxcore sql}: runs statements, one after another, or those that a person types. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = {
      "Runs SQL statements in this process, or on a server, one after another: tables and views are"
          + " defined, the rows of queries are printed, inserts run until their input ends or they"
          + " are interrupted.",
      "Without statements it is a shell: HELP says what can be typed there."
    },
    footer = {
      "%nExamples:",
      "  fluxcore sql",
      "  fluxcore sql -f examples/top-pages.sql",
      "  fluxcore sql -f tables.sql -e \"SELECT status, COUNT(*) FROM requests GROUP BY status\"",
      "  fluxcore sql -i -f tables.sql",
      "  fluxcore sql --server http://localhost:8686 -e \"SELECT * FROM totals\""
    })
final class SqlCommand implements Callable<Integer> {
  private final Workbench bench;
  private final Interrupts interrupts;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = {
        "A file of statements, each ended by a semicolon; - is standard input.",
        "May be given several times."
      })
  private List<Path> files = List.of();

  @Option(
      names = {"-e", "--execute"},
      paramLabel = "STATEMENTS",
      description = "Statements, after those of the files.")
  private @Nullable String statements;

  @Option(
      names = {"-i", "--interactive"},
      description = "Begins a shell after the statements.")
  private boolean interactive;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "A server that runs the statements: inserts are its jobs and go on. Without it they run in"
              + " this process.")
  private @Nullable String serverUrl;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description =
          "How rows are written: table (a line each), json (one document of rows and summary), ndjson"
              + " (a line of JSON each).")
  private OutputFormat output = OutputFormat.TABLE;

  SqlCommand(Workbench bench, Interrupts interrupts) {
    this.bench = bench;
    this.interrupts = interrupts;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    boolean hasStatements = !files.isEmpty() || statements != null;
    boolean isPerson = bench.terminal().keyboard() != null;
    boolean isShell = interactive || !hasStatements;
    if (isShell && !isPerson) {
      throw FluxCoreException.user(
          "FLX-CLI-0007",
          Place.of("sql"),
          "there are no statements, and nobody who could type them",
          "give --execute or --file, or call it in a terminal; --file - reads standard input");
    }
    RowStream rows = new RowStream(bench.terminal().out(), output);
    DeadLetterFile deadLetters = new DeadLetterFile(null);
    try (LocalEngine engine = bench.engines().open(rows, deadLetters)) {
      SqlHost host =
          serverUrl == null
              ? new LocalSql(bench, interrupts, engine, rows, deadLetters, output, isShell)
              : new RemoteSql(bench, interrupts, new Server(serverUrl), engine.sql(), output);
      int code = given(host);
      return code == ExitCode.OK && isShell ? new SqlShell(bench, host).run() : code;
    }
  }

  /** Runs the statements of the arguments. */
  private int given(SqlHost host) throws IOException, InterruptedException {
    for (Path file : files) {
      int code = host.run(file.toString(), read(file));
      if (code != ExitCode.OK) {
        return code;
      }
    }
    String given = statements;
    return given == null ? ExitCode.OK : host.run("-e", given);
  }

  private static String read(Path file) {
    try {
      if (file.toString().equals("-")) {
        return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw FluxCoreException.user(
          "FLX-QUERY-0032",
          Place.of("--file"),
          "'" + file + "' cannot be read: " + e,
          "give a file of SQL statements in UTF-8");
    }
  }
}
