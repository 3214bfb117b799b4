package io.fluxcore.adapters.in.cli;

import io.fluxcore.adapters.in.jobfile.JobFile;
import io.fluxcore.domain.error.FluxCoreException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code fluxcore explain}: what would be run. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Prints what would be run: stages, exchanges, and what sources take over.",
    footer = {
      "%nExamples:",
      "  fluxcore explain examples/access-log.yaml",
      "  fluxcore explain job.yaml --set parallelism=4"
    })
final class ExplainCommand implements Callable<Integer> {
  private final Workbench bench;

  @Mixin private JobFileArguments arguments = new JobFileArguments();

  ExplainCommand(Workbench bench) {
    this.bench = bench;
  }

  @Override
  public Integer call() {
    try (LocalEngine engine = bench.open()) {
      JobFile job = arguments.read(engine);
      try {
        String plan = engine.service().explain(job.topology(), job.config());
        bench.terminal().out().print(plan.endsWith("\n") ? plan : plan + "\n");
        bench.terminal().out().flush();
      } catch (FluxCoreException e) {
        throw job.locate(e);
      }
      bench.warn(engine, job);
      return ExitCode.OK;
    } catch (FluxCoreException e) {
      return bench.refused(arguments.name(), e);
    }
  }
}
