package io.fluxcore.adapters.in.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code fluxcore server status}: whether a server is there and well, and how its jobs are. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Asks a server how it is. Exits with 0 if it is well, 1 if not, 7 if it is away.",
    footer = {
      "%nExamples:",
      "  fluxcore server status",
      "  fluxcore server status --server http://127.0.0.1:9000"
    })
final class ServerStatusCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Workbench bench;

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "${env:FLUXCORE_SERVER:-http://localhost:8686}",
      description = "The server. Default: $${FLUXCORE_SERVER}, or else http://localhost:8686.")
  private String url = "";

  ServerStatusCommand(Workbench bench) {
    this.bench = bench;
  }

  @Override
  public Integer call() throws InterruptedException {
    String base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    try {
      HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(base + "/actuator/health")).timeout(PATIENCE).build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      return tell(base, JsonMapper.shared().readTree(answer.body()));
    } catch (IllegalArgumentException e) {
      bench.messages().error("'" + url + "' is no URL", String.valueOf(e.getMessage()));
      return ExitCode.USAGE;
    } catch (JacksonException e) {
      bench.messages().error("what answers at " + base + " is no FluxCore server", e.toString());
      return ExitCode.FAILURE;
    } catch (IOException e) {
      bench
          .messages()
          .error("no server answers at " + base, "start one with: fluxcore server start");
      return ExitCode.UNREACHABLE;
    }
  }

  private int tell(String base, JsonNode health) {
    String status = health.path("status").asString("");
    JsonNode fluxcore = health.path("components").path("fluxcore");
    if (fluxcore.isMissingNode()) {
      bench
          .messages()
          .error("what answers at " + base + " is no FluxCore server", "it says " + health);
      return ExitCode.FAILURE;
    }
    String jobs =
        fluxcore.path("details").path("jobs").properties().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    bench.terminal().print(status + "  " + base + "  jobs: " + (jobs.isEmpty() ? "none" : jobs));
    bench.terminal().print("\n");
    return status.equals("UP") ? ExitCode.OK : ExitCode.FAILURE;
  }
}
