package io.fluxcore.adapters.in.cli;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code fluxcore job …}: the jobs of a server. */
@Command(
    name = "job",
    mixinStandardHelpOptions = true,
    description = "Submits jobs to a server, and looks after them.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "%nExamples:",
      "  fluxcore job list",
      "  fluxcore job submit orders.yaml --server http://fluxcore.example:8686"
    })
final class JobCommand {
  private final Workbench bench;

  private JobCommand(Workbench bench) {
    this.bench = bench;
  }

  /** The command with its verbs. */
  static CommandLine of(Workbench bench) {
    return new CommandLine(new JobCommand(bench))
        .addSubcommand(new ReplayCommand(bench))
        .addSubcommand(new StateCommand(bench));
  }

  @Command(
      name = "submit",
      mixinStandardHelpOptions = true,
      description = {
        "Submits a job file.",
        "A job of the same name and version that is under way is attached to; one of another"
            + " version is upgraded. Relative paths in the file are relative to the server's"
            + " working directory."
      },
      footer = {
        "%nExamples:",
        "  fluxcore job submit orders.yaml",
        "  fluxcore job submit orders.yaml --set topic=orders --wait --timeout 5m"
      })
  int submit(
      @Parameters(
              paramLabel = "FILE",
              description = "The job file: YAML, or JSON where the name ends in .json.")
          Path file,
      @Mixin JobFileUpload upload,
      @Option(names = "--dry-run", description = "Only says what there is to say about the file.")
          boolean dryRun,
      @Mixin WaitArguments waiting,
      @Mixin ServerArguments at)
      throws InterruptedException {
    Server server = at.server();
    JsonNode answer;
    try {
      answer = upload.post(server, "/jobs?dryRun=" + dryRun, file);
    } catch (ServerRefusal e) {
      bench.messages().error(e.title(), file.toString(), e);
      return e.exitCode();
    }
    if (dryRun) {
      return judged(file, answer, at.output());
    }
    JsonNode job = waiting.follow(server, answer);
    bench.print(at.output(), job, jobs(job));
    return waiting.exitCode(job, false);
  }

  private int judged(Path file, JsonNode answer, OutputFormat output) {
    boolean valid = answer.path("valid").asBoolean();
    for (JsonNode node : answer.path("diagnostics")) {
      Diagnostic finding = ServerRefusal.diagnostic(node);
      if (finding.isError()) {
        bench
            .messages()
            .error(
                file + " cannot be used",
                file.toString(),
                new FluxCoreException(ErrorCategory.USER, finding));
      } else {
        bench.messages().warning(file.toString(), finding);
      }
    }
    String plan = answer.path("plan").asString("");
    bench.print(output, answer, plan.isEmpty() || plan.endsWith("\n") ? plan : plan + "\n");
    return valid ? ExitCode.OK : ExitCode.USAGE;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists jobs, the latest first.",
      footer = {
        "%nExamples:",
        "  fluxcore job list --state RUNNING,FAILED",
        "  fluxcore job list -o json"
      })
  int list(
      @Option(
              names = "--state",
              paramLabel = "STATES",
              description = "Only jobs in these states, separated by commas.")
          @Nullable String state,
      @Option(
              names = "--search",
              paramLabel = "TEXT",
              description = "Only jobs whose name has this in it, or whose id begins so.")
          @Nullable String text,
      @Mixin ServerArguments at)
      throws InterruptedException {
    String query =
        "?limit=500"
            + (state == null ? "" : "&state=" + Server.encode(state))
            + (text == null ? "" : "&q=" + Server.encode(text));
    ArrayNode all = at.server().list("/jobs" + query);
    bench.printList(at.output(), all, jobs(all.valueStream().toArray(JsonNode[]::new)));
    return ExitCode.OK;
  }

  @Command(
      name = "get",
      mixinStandardHelpOptions = true,
      description = "Tells about a job: its state, its history, its plan.",
      footer = {"%nExamples:", "  fluxcore job get orders", "  fluxcore job get orders -o json"})
  int get(
      @Parameters(paramLabel = "JOB", description = "Id or name.") String job,
      @Mixin ServerArguments at)
      throws InterruptedException {
    JsonNode answer = at.server().get(path(job));
    bench.print(at.output(), answer, JobText.of(answer));
    return ExitCode.OK;
  }

  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      description =
          "Stops a job in order: what was read is processed, open windows give their results.",
      footer = {
        "%nExamples:",
        "  fluxcore job stop orders --wait --timeout 60s",
        "  fluxcore job stop orders --savepoint --wait"
      })
  int stop(
      @Parameters(paramLabel = "JOB", description = "Id or name.") String job,
      @Option(
              names = "--savepoint",
              description =
                  "Makes a savepoint instead of letting open windows give their results; the job"
                      + " goes on if that fails.")
          boolean savepoint,
      @Mixin WaitArguments waiting,
      @Mixin ServerArguments at)
      throws InterruptedException {
    if (!savepoint) {
      return end(job, "/stop", waiting, at);
    }
    Server server = at.server();
    JsonNode begun =
        server.post(path(job) + "/stop", Server.JSON.createObjectNode().put("mode", "SAVEPOINT"));
    return follow(server, begun, waiting.forOperation(), at);
  }

  @Command(
      name = "cancel",
      mixinStandardHelpOptions = true,
      description = "Ends a job at once; open windows give no results.",
      footer = {
        "%nExamples:",
        "  fluxcore job cancel orders",
        "  fluxcore job cancel orders --wait"
      })
  int cancel(
      @Parameters(paramLabel = "JOB", description = "Id or name.") String job,
      @Mixin WaitArguments waiting,
      @Mixin ServerArguments at)
      throws InterruptedException {
    return end(job, "/cancel", waiting, at);
  }

  private int end(String job, String verb, WaitArguments waiting, ServerArguments at)
      throws InterruptedException {
    Server server = at.server();
    JsonNode ended = waiting.follow(server, server.post(path(job) + verb));
    bench.print(at.output(), ended, jobs(ended));
    return waiting.exitCode(ended, true);
  }

  @Command(
      name = "suspend",
      mixinStandardHelpOptions = true,
      description = "Stops a job with its state, to be resumed.",
      footer = {
        "%nExamples:",
        "  fluxcore job suspend orders",
        "  fluxcore job suspend orders --wait --timeout 60s"
      })
  int suspend(
      @Parameters(paramLabel = "JOB", description = "Id or name.") String job,
      @Mixin OperationWait waiting,
      @Mixin ServerArguments at)
      throws InterruptedException {
    Server server = at.server();
    JsonNode begun = server.post(path(job) + "/suspend");
    return follow(server, begun, waiting, at);
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Goes on with a suspended job from its state.",
      footer = {
        "%nExamples:",
        "  fluxcore job resume orders",
        "  fluxcore job resume orders --wait"
      })
  int resume(
      @Parameters(paramLabel = "JOB", description = "Id or name.") String job,
      @Mixin OperationWait waiting,
      @Mixin ServerArguments at)
      throws InterruptedException {
    Server server = at.server();
    JsonNode begun = server.post(path(job) + "/resume");
    return follow(server, begun, waiting, at);
  }

  @Command(
      name = "restart",
      mixinStandardHelpOptions = true,
      description = "Stops a job with its state and starts it again.",
      footer = {
        "%nExamples:",
        "  fluxcore job restart orders --wait",
        "  fluxcore job restart orders --without-state"
      })
  int restart(
      @Parameters(paramLabel = "JOB", description = "Id or name.") String job,
      @Option(
              names = "--without-state",
              description = "Start it from nothing: sources begin where they are configured to.")
          boolean withoutState,
      @Mixin OperationWait waiting,
      @Mixin ServerArguments at)
      throws InterruptedException {
    Server server = at.server();
    JsonNode begun =
        server.post(
            path(job) + "/restart", Server.JSON.createObjectNode().put("withState", !withoutState));
    return follow(server, begun, waiting, at);
  }

  @Command(
      name = "rescale",
      mixinStandardHelpOptions = true,
      description = "Brings a job with its state to another parallelism.",
      footer = {
        "%nExamples:",
        "  fluxcore job rescale orders 4 --wait",
        "  fluxcore job rescale orders 8 --timeout 5m --wait"
      })
  int rescale(
      @Parameters(paramLabel = "JOB", description = "Id or name.") String job,
      @Parameters(paramLabel = "PARALLELISM", description = "Number of subtasks.") int parallelism,
      @Mixin OperationWait waiting,
      @Mixin ServerArguments at)
      throws InterruptedException {
    Server server = at.server();
    ObjectNode change = Server.JSON.createObjectNode();
    change.putObject("spec").put("parallelism", parallelism);
    JsonNode begun = server.patch(path(job), change);
    return follow(server, begun, waiting, at);
  }

  private int follow(Server server, JsonNode begun, OperationWait waiting, ServerArguments at)
      throws InterruptedException {
    return waiting.finish(server, begun, bench, at.output());
  }

  @Command(
      name = "metrics",
      mixinStandardHelpOptions = true,
      description = "Measures a job: each operator's rows, load and event time.",
      footer = {
        "%nExamples:",
        "  fluxcore job metrics orders",
        "  fluxcore job metrics orders -o json | jq .endToEndLatencyMs"
      })
  int metrics(
      @Parameters(paramLabel = "JOB", description = "Id or name.") String job,
      @Mixin ServerArguments at)
      throws InterruptedException {
    JsonNode answer = at.server().get(path(job) + "/metrics");
    bench.print(at.output(), answer, JobText.metrics(answer));
    return ExitCode.OK;
  }

  @Command(
      name = "why",
      mixinStandardHelpOptions = true,
      description = "Tells why a job gives no output, if it does not.",
      footer = {"%nExamples:", "  fluxcore job why orders", "  fluxcore job why orders -o json"})
  int why(
      @Parameters(paramLabel = "JOB", description = "Id or name.") String job,
      @Mixin ServerArguments at)
      throws InterruptedException {
    JsonNode answer = at.server().get(path(job) + "/diagnosis");
    bench.print(at.output(), answer, DiagnosisText.of(job, answer));
    return ExitCode.OK;
  }

  @Command(
      name = "watch",
      mixinStandardHelpOptions = true,
      description = "Tells every second how far a job is, until it is over.",
      footer = {
        "%nExamples:",
        "  fluxcore job watch orders",
        "  fluxcore job watch orders -o ndjson"
      })
  int watch(
      @Parameters(paramLabel = "JOB", description = "Id or name.") String job,
      @Mixin ServerArguments at)
      throws InterruptedException {
    Server server = at.server();
    JsonNode seen;
    do {
      seen = server.get(path(job) + "?wait=1s");
      JsonNode metrics = server.get(path(seen.path("id").asString()) + "/metrics");
      bench
          .terminal()
          .print(
              at.output() == OutputFormat.TABLE
                  ? JobText.glance(seen, metrics)
                  : Server.JSON
                          .createObjectNode()
                          .put("state", seen.path("state").asString())
                          .set("metrics", metrics)
                      + "\n");
    } while (!WaitArguments.isOver(seen));
    return seen.path("state").asString().equals("FAILED") ? ExitCode.FAILURE : ExitCode.OK;
  }

  private static String path(String job) {
    return "/jobs/" + Server.encode(job);
  }

  /** A table of jobs. */
  static String jobs(JsonNode... jobs) {
    TextTable table = new TextTable("ID", "NAME", "VERSION", "STATE", "SUBMITTED");
    for (JsonNode job : jobs) {
      table.add(
          job.path("id").asString(),
          job.path("name").asString(),
          job.path("version").asString(),
          job.path("state").asString(),
          job.path("submittedAt").asString("-"));
    }
    return table.toString();
  }
}
