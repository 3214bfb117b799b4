package io.fluxcore.adapters.in.cli;

import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Statements that a server runs. The server keeps no session: what was defined here so far goes
 * with each statement.
 */
final class RemoteSql implements SqlHost {
  private final Workbench bench;
  private final Interrupts interrupts;
  private final Server server;
  private final SqlFrontEnd sql;
  private final List<String> definitions = new ArrayList<>();
  private OutputFormat output;

  /**
   * A host.
   *
   * @param sql cuts scripts into statements
   */
  RemoteSql(
      Workbench bench, Interrupts interrupts, Server server, SqlFrontEnd sql, OutputFormat output) {
    this.bench = bench;
    this.interrupts = interrupts;
    this.server = server;
    this.sql = sql;
    this.output = output;
  }

  @Override
  public boolean isComplete(String text) {
    return sql.isComplete(text);
  }

  @Override
  public void output(OutputFormat format) {
    output = format;
  }

  @Override
  public List<String> tables() {
    return firstCells("SHOW TABLES");
  }

  @Override
  public List<String> columns(String table) {
    return firstCells("DESCRIBE `" + table.replace("`", "``") + "`");
  }

  @Override
  public List<String> functions() {
    return firstCells("SHOW FUNCTIONS");
  }

  /** For completion: what cannot be had now is not offered. */
  private List<String> firstCells(String statement) {
    List<String> cells = new ArrayList<>();
    try {
      for (JsonNode row : run(statement).path("rows")) {
        cells.add(row.path(0).asString());
      }
    } catch (FluxCoreException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return cells;
  }

  private ObjectNode request(String statement) {
    ObjectNode request = Server.JSON.createObjectNode().put("sql", statement);
    if (!definitions.isEmpty()) {
      request.put("setup", String.join(";\n", definitions));
    }
    return request;
  }

  private JsonNode run(String statement) throws InterruptedException {
    return server.post("/sql", request(statement)).path("results").path(0);
  }

  @Override
  public int run(String name, String script) throws IOException, InterruptedException {
    try {
      for (SqlStatement statement : sql.statements(script)) {
        int code = run(statement);
        if (code != ExitCode.OK) {
          return code;
        }
      }
      return ExitCode.OK;
    } catch (FluxCoreException e) {
      return bench.failed(e);
    }
  }

  private int run(SqlStatement statement) throws IOException, InterruptedException {
    // So much before it that places in errors are those of the script.
    String text =
        "\n".repeat(statement.line() - 1) + " ".repeat(statement.column() - 1) + statement.text();
    JsonNode check = server.post("/sql/validate", request(text)).path("statements").path(0);
    if (check.path("kind").asString("").equals("QUERY")) {
      return query(text);
    }
    Thread waiting = Thread.currentThread();
    interrupts.handle(signal -> waiting.interrupt());
    JsonNode result = run(text);
    if (check.path("kind").asString("").equals("DEFINITION")) {
      definitions.add(statement.text());
    }
    print(result);
    return ExitCode.OK;
  }

  private int query(String text) throws IOException, InterruptedException {
    byte[] body = Server.JSON.writeValueAsBytes(request(text));
    try (InputStream answer = server.open("/queries", body)) {
      Interrupted interrupted = new Interrupted(answer);
      interrupts.handle(signal -> interrupted.interrupt());
      try {
        return new Tail(bench, output).follow(server, answer);
      } catch (FluxCoreException e) {
        if (interrupted.isSet()) {
          bench.messages().line("Cancelled.");
          return ExitCode.SIGNALLED + 2;
        }
        throw e;
      }
    }
  }

  /** Ends a reading by closing it, which cancels the query on the server. */
  private static final class Interrupted {
    private final InputStream answer;
    private volatile boolean set;

    Interrupted(InputStream answer) {
      this.answer = answer;
    }

    boolean isSet() {
      return set;
    }

    void interrupt() {
      set = true;
      try {
        answer.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void print(JsonNode result) {
    switch (result.path("kind").asString("")) {
      case "DONE" -> bench.messages().line(result.path("message").asString());
      case "PLAN" -> bench.terminal().print(result.path("plan").asString());
      case "JOB" ->
          bench
              .messages()
              .line(
                  "Job '"
                      + result.path("jobName").asString()
                      + "' runs: "
                      + result.path("jobId").asString()
                      + ".");
      case "LISTING" -> {
        List<String> columns = new ArrayList<>();
        result.path("columns").forEach(column -> columns.add(column.asString()));
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode row : result.path("rows")) {
          List<String> cells = new ArrayList<>();
          row.forEach(cell -> cells.add(cell.asString()));
          rows.add(cells);
        }
        new SqlText(bench, output).listing(columns, rows);
      }
      default -> bench.terminal().print(result + "\n");
    }
    for (JsonNode warning : result.path("warnings")) {
      bench
          .messages()
          .warning(
              "sql",
              Diagnostic.warning(
                  warning.path("code").asString(),
                  new Place(
                      warning.path("path").asString(""),
                      warning.path("line").asInt(0),
                      warning.path("column").asInt(0)),
                  warning.path("message").asString(),
                  warning.path("hint").asString("")));
    }
  }
}
