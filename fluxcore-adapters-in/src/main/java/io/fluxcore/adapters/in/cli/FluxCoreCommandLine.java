package io.fluxcore.adapters.in.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

/** The program {@code fluxcore}: takes arguments, does what they say, gives an exit code. */
public final class FluxCoreCommandLine {
  private final CommandLine commands;

  /**
   * A program.
   *
   * @param interrupts how it is told to end while a job runs
   */
  public FluxCoreCommandLine(
      Terminal terminal,
      Interrupts interrupts,
      LocalEngine.Factory engines,
      LocalServer.Factory servers,
      String version) {
    Workbench bench = new Workbench(terminal, engines, new Messages(terminal));
    commands =
        new CommandLine(new Root())
            .addSubcommand(new RunCommand(bench, interrupts))
            .addSubcommand(new SqlCommand(bench, interrupts))
            .addSubcommand(new ValidateCommand(bench))
            .addSubcommand(new ExplainCommand(bench))
            .addSubcommand(new SchemaCommand(bench))
            .addSubcommand(new ConnectorCommand(bench))
            .addSubcommand(JobCommand.of(bench))
            .addSubcommand(new StreamCommand(bench))
            .addSubcommand(new SavepointCommand(bench))
            .addSubcommand(new RuleCommand(bench))
            .addSubcommand(new DeadLetterCommand(bench))
            .addSubcommand(ServerCommand.of(bench, interrupts, servers));
    commands.getCommandSpec().version("fluxcore " + version);
    Ansi ansi = terminal.colour() ? Ansi.ON : Ansi.OFF;
    commands
        .setColorScheme(CommandLine.Help.defaultColorScheme(ansi))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(false)
        .setUsageHelpWidth(100)
        .setExecutionExceptionHandler((e, line, result) -> bench.failed(e))
        .setOut(Workbench.writer(terminal.out()))
        .setErr(Workbench.writer(terminal.err()));
  }

  /** Does what the arguments say. */
  public int execute(String... arguments) {
    return commands.execute(arguments.length == 0 ? new String[] {"--help"} : arguments);
  }

  /** The program itself, which only has commands. */
  @Command(
      name = "fluxcore",
      mixinStandardHelpOptions = true,
      description = "Runs stream-processing jobs that are described in files, here or on a server.",
      synopsisSubcommandLabel = "COMMAND",
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "  0:all went well",
        "  1:the job failed",
        "  2:the command or the job file is wrong; nothing was run",
        "  3:there is no such job, stream, savepoint or rule",
        "  4:the server does not allow it",
        "  5:it does not fit the present state, such as a name that is taken",
        "  6:what was waited for did not come in time",
        "  7:the server cannot be reached",
        "130:interrupted (Ctrl-C): the job was stopped in order, or cancelled by a second one",
        "143:terminated (kill): likewise; a server that stops in order exits with 0"
      },
      footer = {
        "%nExamples:",
        "  fluxcore run examples/access-log.yaml",
        "  fluxcore validate job.yaml --set input=data.csv"
      })
  static final class Root {}
}
