package io.fluxcore.adapters.in.cli;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Whether a command waits for the end of the operation that it has begun, and how long. */
final class OperationWait {
  private static final Set<String> OVER = Set.of("SUCCEEDED", "FAILED", "CANCELLED");

  @Option(names = "--wait", description = "Waits until it is done.")
  private boolean wanted;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "How long to wait at most, such as 60s or 5m; then the exit code is 6.")
  private @Nullable Duration timeout;

  /** As the options say; nothing unless there are some. */
  OperationWait() {}

  OperationWait(boolean wanted, @Nullable Duration timeout) {
    this.wanted = wanted;
    this.timeout = timeout;
  }

  /** Waits if that is wanted, tells what there is then, and gives the exit code for it. */
  int finish(Server server, JsonNode begun, Workbench bench, OutputFormat output)
      throws InterruptedException {
    return report(follow(server, begun, bench.messages()), bench, output);
  }

  /** Tells how an operation stands, and gives the exit code for it. */
  int report(JsonNode operation, Workbench bench, OutputFormat output) {
    bench.print(output, operation, table(operation));
    JsonNode error = operation.path("error");
    if (error.isObject()) {
      bench
          .messages()
          .error(
              "the operation failed",
              "",
              new FluxCoreException(
                  ErrorCategory.STATE_CONFLICT,
                  Diagnostic.error(
                      error.path("code").asString(),
                      Place.WHOLE,
                      error.path("message").asString(),
                      error.path("hint").asString(""))));
    }
    return exitCode(operation);
  }

  private static String table(JsonNode operation) {
    TextTable table = new TextTable("ID", "TYPE", "STATUS", "DONE", "STEP");
    table.add(
        operation.path("id").asString(),
        operation.path("type").asString(),
        operation.path("status").asString(),
        operation.path("progress").path("percent").asInt() + "%",
        operation.path("progress").path("step").asString());
    StringBuilder text = new StringBuilder(table.toString());
    for (Map.Entry<String, JsonNode> result : operation.path("result").properties()) {
      text.append(result.getKey()).append(": ").append(result.getValue().asString()).append('\n');
    }
    return text.toString();
  }

  /** The operation after waiting, if that is wanted; else as it is. Each step is told. */
  JsonNode follow(Server server, JsonNode operation, Messages messages)
      throws InterruptedException {
    String[] told = {""};
    return new Patience(wanted, timeout)
        .follow(
            server,
            operation,
            "/operations/" + operation.path("id").asString(),
            reading -> OVER.contains(reading.path("status").asString("")),
            reading -> {
              String step = reading.path("progress").path("step").asString("");
              if (!step.equals(told[0])) {
                messages.line(step + " ...");
                told[0] = step;
              }
            });
  }

  /** What an operation's status means for the exit code. */
  private int exitCode(JsonNode operation) {
    if (!wanted) {
      return ExitCode.OK;
    }
    return switch (operation.path("status").asString("")) {
      case "SUCCEEDED" -> ExitCode.OK;
      case "FAILED", "CANCELLED" -> ExitCode.FAILURE;
      default -> ExitCode.TIMEOUT;
    };
  }
}
