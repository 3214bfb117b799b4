package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process: what it says, serves and leaves. */
@Timeout(300)
final class ServerIT {
  @TempDir private Path folder;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  private RunningServer start(String... more) throws IOException {
    RunningServer server = RunningServer.start(folder, more);
    started.add(server.process());
    return server;
  }

  private Path data() {
    return folder.resolve("data");
  }

  private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private void endless() throws IOException {
    Files.createDirectories(data());
    Files.writeString(
        data().resolve("endless.yaml"),
        """
        job:
          name: endless
          checkpointInterval: 100ms
        topology:
          - name: in
            source: {connector: generator, rate: 500}
          - name: odd
            filter: id % 2 = 1
          - name: out
            sink: {connector: memory, overflow: dropOldest, maxRows: 10}
        """);
    Files.writeString(
        data().resolve("fluxcore-server.yaml"),
        """
        fluxcore:
          jobs:
            locations: file:${fluxcore.server.data}/endless.yaml
          metrics:
            refresh-interval: 100ms
        """);
  }

  @Test
  void server_servesHealthInfoAndMetrics_andStopsInOrder() throws Exception {
    endless();
    RunningServer server = start();
    assertThat(server.url()).startsWith("http://127.0.0.1:");
    assertThat(server.out().readLine()).contains("curl " + server.url() + "/api/v1/jobs");

    assertThat(get(server.url() + "/actuator/health").body())
        .contains("\"status\":\"UP\"", "\"fluxcore\"");
    assertThat(get(server.url() + "/actuator/health/readiness").statusCode()).isEqualTo(200);
    assertThat(get(server.url() + "/actuator/info").body()).contains("\"runtime\":\"embedded\"");
    assertThat(get(server.url() + "/actuator/fluxcore/endless").body())
        .contains("\"operator\":\"odd\"");
    assertThat(get(server.url() + "/api/v1/jobs").body()).contains("\"name\":\"endless\"");
    String metrics = awaitMetrics(server.url());
    assertThat(metrics)
        .contains(
            "fluxcore_operator_rows_in_total{job=\"endless\",operator=\"in\"}",
            "fluxcore_operator_rows_filtered_total{job=\"endless\",operator=\"odd\"}",
            "fluxcore_operator_rows_late_total",
            "fluxcore_operator_rows_failed_total",
            "fluxcore_operator_rows_dropped_total",
            "fluxcore_operator_in_bytes_total",
            "fluxcore_operator_busy_ratio",
            "fluxcore_operator_watermark_lag_seconds",
            "fluxcore_job_restarts_total{job=\"endless\"} 0.0",
            "fluxcore_job_checkpoints_total{job=\"endless\",result=\"completed\"}",
            "fluxcore_job_checkpoint_duration_seconds_count",
            "fluxcore_job_checkpoint_duration_seconds_sum",
            "fluxcore_job_checkpoint_size_bytes",
            "fluxcore_job_checkpoint_last_seconds",
            "fluxcore_job_end_to_end_latency_seconds{job=\"endless\",quantile=\"0.99\"}",
            "fluxcore_jobs{status=\"RUNNING\"} 1.0");

    Program.Result status = Program.run(folder, "server", "status", "--server", server.url());
    assertThat(status.exitCode()).as(status.err()).isZero();
    assertThat(status.out()).startsWith("UP  " + server.url()).contains("1 RUNNING");

    List<String> log = Files.readAllLines(data().resolve("logs/access.log"));
    assertThat(log)
        .first()
        .asString()
        .matches(
            "127\\.0\\.0\\.1 - - \\[\\d{2}/[A-Z][a-z]{2}/\\d{4}:[^\\]]+\\]"
                + " \"GET /actuator/health HTTP/[0-9.]+\" 200 \\d+ \"-\" \"Java-http-client[^\"]*\"");

    Program.signal(server.process(), "TERM");
    Program.Result result = Program.result(folder, server.process(), "");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err()).contains("Stopping", "letting go of job endless");
    Program.Result gone = Program.run(folder, "server", "status", "--server", server.url());
    assertThat(gone.exitCode()).isEqualTo(7);
    assertThat(gone.err()).contains("no server answers", "fluxcore server start");
  }

  /** Metrics are read every so often; the first reading after the first checkpoint has them all. */
  private static String awaitMetrics(String url) throws Exception {
    Pattern done = Pattern.compile("fluxcore_job_checkpoints_total\\{[^}]*completed[^}]*} [1-9]");
    while (true) {
      String metrics = get(url + "/actuator/prometheus").body();
      if (done.matcher(metrics).find()) {
        return metrics;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  @Test
  void portThatIsTaken_isOneClearLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = Integer.toString(taken.getLocalPort());
      Program.Result result =
          Program.run(folder, "server", "start", "--port", port, "--data", data().toString());
      assertThat(result.exitCode()).as(result.err()).isEqualTo(5);
      assertThat(result.err().lines()).hasSize(3);
      assertThat(result.err()).contains("port " + port + " is taken", "FLX-SERVER-0002", "hint: ");
    }
  }

  @Test
  void addressThatOthersReach_isRefused_unlessThatIsWanted() throws Exception {
    Program.Result result =
        Program.run(
            folder,
            "server",
            "start",
            "--port",
            "0",
            "--address",
            "0.0.0.0",
            "--data",
            data().toString());
    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains("0.0.0.0", "no users", "--insecure", "FLX-SERVER-0001");

    RunningServer open = start("--address", "0.0.0.0", "--insecure");
    assertThat(open.url()).startsWith("http://127.0.0.1:");
    assertThat(get(open.url() + "/actuator/health").statusCode()).isEqualTo(200);
    assertThat(Files.readString(folder.resolve("stderr.txt"))).contains("warning: other machines");
  }

  @Test
  void dataDirectory_belongsToOneServer() throws Exception {
    RunningServer first = start();
    Path other = Files.createDirectory(folder.resolve("other"));
    Program.Result result =
        Program.run(other, "server", "start", "--port", "0", "--data", data().toString());
    assertThat(result.exitCode()).as(result.err()).isEqualTo(5);
    assertThat(result.err())
        .contains("another server uses", "process " + first.process().pid(), "FLX-SERVER-0003");
  }

  @Test
  void jobThatCannotRun_keepsTheServerFromStarting() throws Exception {
    endless();
    Files.writeString(data().resolve("endless.yaml"), "job: {name: x}\ntopology: []\n");
    Program.Result result =
        Program.run(folder, "server", "start", "--port", "0", "--data", data().toString());
    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains("endless.yaml", "FLX-").doesNotContain("\tat ");
  }
}
