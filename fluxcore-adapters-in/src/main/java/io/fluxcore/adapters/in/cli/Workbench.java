package io.fluxcore.adapters.in.cli;

import io.fluxcore.adapters.in.jobfile.JobFile;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * What all commands have at hand.
 *
 * @param terminal where they run
 * @param engines where jobs come to life
 * @param messages for a person
 */
record Workbench(Terminal terminal, LocalEngine.Factory engines, Messages messages) {

  static PrintWriter writer(OutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  /** An engine that is asked but runs nothing. */
  LocalEngine open() {
    return engines.open(OutputStream.nullOutputStream(), new DeadLetterFile(null));
  }

  /** Tells an error of a job file and gives the exit code for it. */
  int refused(String file, FluxCoreException error) {
    messages.error(file + " cannot be used", file, error);
    return ExitCode.of(error.category());
  }

  void warn(LocalEngine engine, JobFile job) {
    for (Diagnostic finding : engine.check(job.topology())) {
      if (!finding.isError()) {
        messages.warning(job.name(), job.locate(finding));
      }
    }
  }

  /** Writes an answer: in words where the output is a table, else as it is. */
  void print(OutputFormat output, JsonNode answer, String words) {
    terminal.print(output == OutputFormat.TABLE ? words : answer + "\n");
  }

  /** The same of a list, whose items have a line each in NDJSON. */
  void printList(OutputFormat output, ArrayNode items, String words) {
    if (output == OutputFormat.NDJSON) {
      StringBuilder lines = new StringBuilder();
      items.forEach(item -> lines.append(item).append('\n'));
      terminal.print(lines.toString());
    } else {
      print(output, Server.JSON.createObjectNode().set("items", items), words);
    }
  }

  /** Tells an error that no command expected. */
  int failed(Exception error) {
    if (error instanceof ServerRefusal refusal) {
      messages.error(refusal.title(), "", refusal);
      return refusal.exitCode();
    }
    if (error instanceof FluxCoreException known) {
      messages.error("this cannot be done", "", known);
      return ExitCode.of(known.category());
    }
    if (error instanceof IOException || error instanceof UncheckedIOException) {
      messages.error(
          "standard output does not take the results", String.valueOf(error.getMessage()));
      return ExitCode.FAILURE;
    }
    messages.error("this is a defect of FluxCore", error + "; please report it with what follows");
    error.printStackTrace(terminal.err());
    return ExitCode.FAILURE;
  }
}
