package io.fluxcore.adapters.in.cli;

import io.fluxcore.adapters.in.jobfile.JobFileSchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code fluxcore schema}: what may stand in a job file, for editors. */
@Command(
    name = "schema",
    mixinStandardHelpOptions = true,
    description = "Prints the JSON Schema of job files with the connectors that are there.",
    footer = {
      "%nExamples:",
      "  fluxcore schema > job-file.schema.json",
      "  fluxcore schema | jq '.[\"$defs\"].source.properties.connector.enum'"
    })
final class SchemaCommand implements Callable<Integer> {
  private final Workbench bench;

  SchemaCommand(Workbench bench) {
    this.bench = bench;
  }

  @Override
  public Integer call() {
    try (LocalEngine engine = bench.open()) {
      bench
          .terminal()
          .print(
              JobFileSchema.of(
                      engine.connectors().sources(),
                      engine.connectors().sinks(),
                      engine.connectors().lookups())
                  .toJson());
      return ExitCode.OK;
    }
  }
}
