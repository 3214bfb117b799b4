package io.fluxcore.adapters.in.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.TerminalBuilder;

/**
 * The shell of {@code fluxcore sql}: statements over several lines, ended by a semicolon, with
 * history and completion. Ctrl-C gives up what is being typed, or cancels the query that runs;
 * Ctrl-D ends the shell.
 */
final class SqlShell {
  private static final String HELP =
      """
      Statements end with a semicolon and may have several lines:
        CREATE TABLE …; SELECT …; INSERT INTO … SELECT …; EXPLAIN …; SHOW TABLES; DESCRIBE t;
      Commands:
        \\d            tables and views           \\d NAME     columns of one
        \\df           functions                  \\explain …  how a query would be run
        \\o FORMAT     table, json or ndjson      \\i FILE     runs the statements of a file
        \\?, HELP      this                       \\q, QUIT    ends the shell, as Ctrl-D does
      Keys: Tab completes, arrows and Ctrl-R find earlier statements, Ctrl-C cancels the query
      that runs and gives up what was typed.
      """;

  private final Workbench bench;
  private final SqlHost host;

  SqlShell(Workbench bench, SqlHost host) {
    this.bench = bench;
    this.host = host;
  }

  /** Runs until the person has enough. */
  int run() throws IOException, InterruptedException {
    try (org.jline.terminal.Terminal terminal =
        TerminalBuilder.builder()
            .system(true)
            .nativeSignals(true)
            // Between statements nobody is to be interrupted, least of all this process.
            .signalHandler(org.jline.terminal.Terminal.SignalHandler.SIG_IGN)
            .build()) {
      LineReader reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .appName("fluxcore")
              .parser(new SqlLines(host))
              .completer(new SqlCompleter(host))
              .variable(LineReader.HISTORY_FILE, historyFile())
              .variable(LineReader.SECONDARY_PROMPT_PATTERN, "%P   -> ")
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
              .build();
      bench.messages().line("FluxCore SQL. Statements end with ';'. HELP says more, QUIT ends.");
      while (true) {
        String text;
        try {
          text = reader.readLine("fluxcore> ");
        } catch (UserInterruptException e) {
          continue; // what was being typed is given up
        } catch (EndOfFileException e) {
          return ExitCode.OK;
        }
        if (!handle(text.strip())) {
          return ExitCode.OK;
        }
      }
    }
  }

  /** Where earlier statements are kept, which may hold passwords: for their owner alone. */
  private static Path historyFile() throws IOException {
    String given = System.getenv("FLUXCORE_SQL_HISTORY");
    if (given != null && !given.isEmpty()) {
      return Path.of(given);
    }
    Path folder =
        Path.of(Objects.requireNonNullElse(System.getProperty("user.home"), "."), ".fluxcore");
    Files.createDirectories(folder);
    return folder.resolve("sql-history");
  }

  /** Does what was typed; gives whether the shell goes on. */
  private boolean handle(String text) throws InterruptedException {
    String command = text.endsWith(";") ? text.substring(0, text.length() - 1).strip() : text;
    switch (command.toUpperCase(Locale.ROOT)) {
      case "" -> {
        return true;
      }
      case "QUIT", "EXIT", "\\Q" -> {
        return false;
      }
      case "HELP", "\\?", "\\H" -> {
        bench.terminal().print(HELP);
        return true;
      }
      default -> {
        try {
          run(command.startsWith("\\") ? command : text);
        } catch (IOException | UncheckedIOException e) {
          bench.messages().error("this cannot be done", String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
          int unused = bench.failed(e); // one statement, not the shell
        }
        return true;
      }
    }
  }

  private void run(String text) throws IOException, InterruptedException {
    if (!text.startsWith("\\")) {
      statements("sql", text);
      return;
    }
    String[] words = text.split("\\s+", 2);
    String rest = words.length < 2 ? "" : words[1];
    switch (words[0]) {
      case "\\d" -> statements("sql", rest.isEmpty() ? "SHOW TABLES" : "DESCRIBE " + rest);
      case "\\df" -> statements("sql", "SHOW FUNCTIONS");
      case "\\explain" -> statements("sql", "EXPLAIN " + rest);
      case "\\i" -> statements(rest, Files.readString(Path.of(rest)));
      case "\\o" -> output(rest);
      default ->
          bench
              .messages()
              .error("there is no command '" + words[0] + "'", "\\? lists those that there are");
    }
  }

  private void statements(String name, String text) throws IOException, InterruptedException {
    try {
      int unused = host.run(name, text);
    } finally {
      boolean wasInterrupted = Thread.interrupted(); // meant for the statement
      if (wasInterrupted) {
        bench.messages().line("Interrupted.");
      }
    }
  }

  private void output(String format) {
    for (OutputFormat known : OutputFormat.values()) {
      if (known.toString().equals(format.toLowerCase(Locale.ROOT))) {
        host.output(known);
        bench.messages().line("Rows are written as " + known + ".");
        return;
      }
    }
    bench.messages().error("there is no format '" + format + "'", "table, json and ndjson");
  }
}
