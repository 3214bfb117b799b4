package io.fluxcore.adapters.in.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code fluxcore server}: only has commands. */
@Command(
    name = "server",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Starts a server, or asks one how it is.",
    footer = {
      "%nExamples:",
      "  fluxcore server start",
      "  fluxcore server status --server http://127.0.0.1:9000"
    })
final class ServerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  static CommandLine of(Workbench bench, Interrupts interrupts, LocalServer.Factory servers) {
    return new CommandLine(new ServerCommand())
        .addSubcommand(new ServerStartCommand(bench, interrupts, servers))
        .addSubcommand(new ServerStatusCommand(bench));
  }

  @Override
  public Integer call() {
    CommandLine line = spec.commandLine();
    line.usage(line.getOut());
    return ExitCode.OK;
  }
}
