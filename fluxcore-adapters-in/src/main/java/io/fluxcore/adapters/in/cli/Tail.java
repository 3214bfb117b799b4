package io.fluxcore.adapters.in.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Writes results as they come. Not thread-safe. */
final class Tail {
  private final Workbench bench;
  private final OutputFormat output;
  private final RowStream rows;
  private final List<String> fields = new ArrayList<>();

  Tail(Workbench bench, OutputFormat output) {
    this.bench = bench;
    this.output = output;
    this.rows = new RowStream(bench.terminal().out(), output);
  }

  /** Reads to the end; gives the exit code. */
  int follow(Server server, InputStream answer) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer, StandardCharsets.UTF_8));
    String line = next(server, lines);
    while (line != null) {
      JsonNode message = line.isEmpty() ? null : Server.JSON.readTree(line);
      if (message == null) {
        rows.flush();
      } else if (message.has("schema")) {
        begin(message.path("schema"));
      } else if (message.has("summary")) {
        return end(message.path("summary"));
      } else if (message.has("error")) {
        return failed(message.path("error"));
      } else {
        row(message, line);
      }
      line = next(server, lines);
    }
    throw server.unreachable(new IOException("the results broke off"));
  }

  /** Tells trouble with the server from trouble with standard output. */
  private static @Nullable String next(Server server, BufferedReader lines) {
    try {
      return lines.readLine();
    } catch (IOException e) {
      throw server.unreachable(e);
    }
  }

  private void begin(JsonNode schema) throws IOException {
    for (JsonNode field : schema.path("fields")) {
      fields.add(field.path("name").asString());
    }
    if (output == OutputFormat.TABLE) {
      write("TIMESTAMP\tKIND\t" + String.join("\t", fields).toUpperCase(Locale.ROOT));
    }
  }

  private void row(JsonNode message, String line) throws IOException {
    if (output != OutputFormat.TABLE) {
      write(line);
      return;
    }
    StringBuilder text = new StringBuilder();
    text.append(message.path("timestamp").asString("-"))
        .append('\t')
        .append(message.path("kind").asString());
    for (String field : fields) {
      JsonNode value = message.path("row").path(field);
      text.append('\t').append(value.isContainer() ? value.toString() : value.asString("-"));
    }
    write(text.toString().replace("\n", "\\n"));
  }

  private void write(String line) throws IOException {
    rows.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    rows.flush();
  }

  private int failed(JsonNode error) {
    bench
        .messages()
        .error(
            "the query has failed",
            error.path("message").asString() + " [" + error.path("code").asString() + "]");
    return ExitCode.FAILURE;
  }

  private int end(JsonNode summary) throws IOException {
    rows.finish(summary.toString());
    long missed = summary.path("missed").asLong();
    bench
        .messages()
        .line(
            summary.path("rows").asLong()
                + " results"
                + (missed == 0 ? "" : ", " + missed + " missed")
                + "; ended by "
                + switch (summary.path("end").asString()) {
                  case "LIMIT" -> "the limit";
                  case "TIMEOUT" -> "the timeout";
                  case "JOB_ENDED" -> "the end of the job";
                  case "QUERY_ENDED" -> "the end of the query";
                  default -> summary.path("end").asString();
                });
    return ExitCode.OK;
  }
}
