package io.fluxcore.adapters.in.cli;

import io.fluxcore.adapters.in.jobfile.JobFile;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.topology.ConnectorSpec;
import io.fluxcore.domain.topology.NodeConfig;
import io.fluxcore.domain.topology.SinkConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fluxcore run}: runs a job in this process, to its end or until it is interrupted. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a job in this process until its input ends or it is interrupted.",
      "The first Ctrl-C stops it in order: what was read is processed and open windows give their"
          + " results. A second one cancels it."
    },
    footer = {
      "%nExamples:",
      "  fluxcore run examples/access-log.yaml --set input=/var/log/apache2/access.log",
      "  fluxcore run examples/access-log.yaml -o json | jq .rows"
    })
final class RunCommand implements Callable<Integer> {
  private final Workbench bench;
  private final Interrupts interrupts;

  @Mixin private JobFileArguments arguments = new JobFileArguments();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description =
          "How results are written: table (rows as the sink says, the summary with the messages),"
              + " json (one document of rows and summary), ndjson (a line each).")
  private OutputFormat output = OutputFormat.TABLE;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description = "Subtasks of each node, in place of what the file says.")
  private @Nullable Integer parallelism;

  @Option(
      names = "--dead-letters",
      paramLabel = "FILE",
      description =
          "Where records that could not be processed are kept, a line of JSON each; made when there"
              + " is one. Default: <job>.dead-letters.ndjson in the working directory.")
  private @Nullable Path deadLetters;

  RunCommand(Workbench bench, Interrupts interrupts) {
    this.bench = bench;
    this.interrupts = interrupts;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    RowStream rows = new RowStream(bench.terminal().out(), output);
    DeadLetterFile file = new DeadLetterFile(deadLetters);
    try (LocalEngine engine = bench.engines().open(rows, file)) {
      JobFile job = prepared(arguments.read(engine));
      file.nameAfter(job.config().name());
      bench.warn(engine, job);
      return new Run(
              bench,
              engine,
              interrupts,
              job.topology(),
              job.config(),
              job::locate,
              rows,
              file,
              false)
          .toTheEnd();
    } catch (FluxCoreException e) {
      return bench.refused(arguments.name(), e);
    }
  }

  private JobFile prepared(JobFile job) {
    JobFile prepared = output == OutputFormat.TABLE ? job : job.mapConfigs(RunCommand::asJson);
    if (parallelism == null) {
      return prepared;
    }
    try {
      return prepared.withParallelism(parallelism);
    } catch (IllegalArgumentException e) {
      throw FluxCoreException.user(
          "FLX-CLI-0001",
          Place.of("--parallelism"),
          String.valueOf(e.getMessage()),
          "give another number");
    }
  }

  /** Sinks on the console write lines of JSON where the output is to be JSON. */
  private static NodeConfig asJson(NodeConfig config) {
    if (!(config instanceof SinkConfig sink) || !sink.connector().name().equals("console")) {
      return config;
    }
    Map<String, Object> options = new LinkedHashMap<>(sink.connector().options());
    options.put("format", "json");
    return new SinkConfig(
        new ConnectorSpec("console", options), sink.instance(), sink.errors(), sink.parallelism());
  }
}
