package io.fluxcore.adapters.in.cli;

import io.fluxcore.adapters.in.jobfile.JobFile;
import io.fluxcore.domain.error.FluxCoreException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code fluxcore validate}: everything that is wrong with a job file, without running it. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Checks a job file: its words, its expressions, and whether it can be planned.",
    footer = {
      "%nExamples:",
      "  fluxcore validate examples/access-log.yaml",
      "  fluxcore validate job.yaml --set input=data.csv --set threshold=5"
    })
final class ValidateCommand implements Callable<Integer> {
  private final Workbench bench;

  @Mixin private JobFileArguments arguments = new JobFileArguments();

  ValidateCommand(Workbench bench) {
    this.bench = bench;
  }

  @Override
  public Integer call() {
    try (LocalEngine engine = bench.open()) {
      JobFile job = arguments.read(engine);
      try {
        engine.service().explain(job.topology(), job.config());
      } catch (FluxCoreException e) {
        throw job.locate(e);
      }
      bench.warn(engine, job);
      int nodes = job.topology().nodes().size();
      bench
          .terminal()
          .out()
          .println(
              arguments.name()
                  + " is valid: job '"
                  + job.config().name()
                  + "', "
                  + nodes
                  + " nodes");
      return ExitCode.OK;
    } catch (FluxCoreException e) {
      return bench.refused(arguments.name(), e);
    }
  }
}
