package io.fluxcore.adapters.in.cli;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Whether a command waits for the end of the job, and how long. */
final class WaitArguments {
  private static final Set<String> OVER = Set.of("FINISHED", "STOPPED", "CANCELLED", "FAILED");

  @Option(names = "--wait", description = "Waits until the job is over.")
  private boolean wanted;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "How long to wait at most, such as 60s or 5m; then the exit code is 6.")
  private @Nullable Duration timeout;

  /** The job after waiting, if that is wanted; else as it is. */
  JsonNode follow(Server server, JsonNode job) throws InterruptedException {
    return new Patience(wanted, timeout)
        .follow(
            server,
            job,
            "/jobs/" + job.path("id").asString(),
            WaitArguments::isOver,
            reading -> {});
  }

  /** The same for an operation on the job. */
  OperationWait forOperation() {
    return new OperationWait(wanted, timeout);
  }

  static boolean isOver(JsonNode job) {
    return OVER.contains(job.path("state").asString(""));
  }

  /**
   * What a job's state means for the exit code.
   *
   * @param stopped whether it is well that the job was stopped or cancelled
   */
  int exitCode(JsonNode job, boolean stopped) {
    if (!wanted) {
      return ExitCode.OK;
    }
    return switch (job.path("state").asString("")) {
      case "FINISHED" -> ExitCode.OK;
      case "STOPPED", "CANCELLED" -> stopped ? ExitCode.OK : ExitCode.FAILURE;
      case "FAILED" -> ExitCode.FAILURE;
      default -> ExitCode.TIMEOUT;
    };
  }
}
