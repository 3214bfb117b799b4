package io.fluxcore.adapters.in.cli;

import picocli.CommandLine.Option;

/** Which server, and how its answers are written: what the commands for jobs and streams take. */
final class ServerArguments {
  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "${env:FLUXCORE_SERVER:-http://localhost:8686}",
      description = "The server. Default: $${FLUXCORE_SERVER}, or else http://localhost:8686.")
  private String url = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description =
          "How the answer is written: table, json (one document), ndjson (a line of JSON each).")
  private OutputFormat output = OutputFormat.TABLE;

  Server server() {
    return new Server(url);
  }

  OutputFormat output() {
    return output;
  }
}
