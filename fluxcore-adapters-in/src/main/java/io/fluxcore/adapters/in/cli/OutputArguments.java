package io.fluxcore.adapters.in.cli;

import picocli.CommandLine.Option;

/** How answers are written: what the commands that answer take. */
final class OutputArguments {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description =
          "How the answer is written: table, json (one document), ndjson (a line of JSON each).")
  private OutputFormat output = OutputFormat.TABLE;

  OutputFormat output() {
    return output;
  }
}
