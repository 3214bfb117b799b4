package io.fluxcore.adapters.in.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which server, and how its answers are written: what the commands for jobs and streams take. */
final class ServerArguments {
  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "${env:FLUXCORE_SERVER:-http://localhost:8686}",
      description = "The server. Default: $${FLUXCORE_SERVER}, or else http://localhost:8686.")
  private String url = "";

  @Mixin private OutputArguments format = new OutputArguments();

  Server server() {
    return new Server(url);
  }

  OutputFormat output() {
    return format.output();
  }
}
