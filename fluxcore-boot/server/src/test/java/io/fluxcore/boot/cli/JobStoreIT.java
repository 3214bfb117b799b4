package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.job.kit.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Jobs survive their servers, which are killed, paused and started again. */
@Timeout(600)
final class JobStoreIT {
  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<RunningServer> started = new ArrayList<>();

  @AfterEach
  void end() {
    started.forEach(RunningServer::close);
  }

  private Path home(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  private RunningServer start(String name) throws IOException {
    RunningServer server = RunningServer.start(home(name));
    started.add(server);
    return server;
  }

  private static Predicate<JsonNode> is(String state) {
    return job -> job.path("state").asString("").equals(state);
  }

  private static boolean hasCheckpoint(JsonNode job) {
    return RunningServer.newest(job) > 0;
  }

  private static long takeOns(JsonNode job) {
    return RunningServer.history(job).stream()
        .filter(line -> line.startsWith("taken on by"))
        .count();
  }

  private static String submit(RunningServer server, String name)
      throws IOException, InterruptedException {
    return server.submit(
        """
        job: {name: %s, checkpointInterval: 200ms}
        topology:
          - name: in
            source: {connector: generator, rate: 500}
          - name: odd
            filter: id %% 2 = 1
          - name: out
            sink: {connector: memory, overflow: dropOldest, maxRows: 10}
        """
            .formatted(name));
  }

  private static long rowsRead(JsonNode metrics) {
    return metrics.path("operators").path(0).path("rowsIn").asLong();
  }

  @Test
  void jobs_goOnAfterTheirServerWasKilled_andAfterItEndedInOrder() throws Exception {
    RunningServer first = start("one");
    String id = submit(first, "endless");
    submit(first, "cancelled");
    submit(first, "suspended");
    first.send("POST", "/jobs/cancelled/cancel", "");
    first.await("cancelled", is("CANCELLED"));
    first.await("suspended", JobStoreIT::hasCheckpoint);
    JsonNode suspend = first.send("POST", "/jobs/suspended/suspend", "");
    JsonNode done = first.get("/operations/" + suspend.path("id").asString() + "?wait=60s");
    assertThat(done.path("status").asString()).as(done.toString()).isEqualTo("SUCCEEDED");
    first.await("endless", JobStoreIT::hasCheckpoint);
    first.close();

    RunningServer second = start("one");
    assertThat(
            client
                .send(
                    HttpRequest.newBuilder(URI.create(second.url() + "/actuator/health/readiness"))
                        .build(),
                    HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
    JsonNode job = second.await("endless", is("RUNNING"));
    assertThat(job.path("id").asString()).isEqualTo(id);
    assertThat(RunningServer.history(job))
        .anyMatch(
            line -> line.matches("taken on by server server-\\w+#\\w+, from checkpoint \\d+"));
    assertThat(second.get("/jobs/cancelled").path("state").asString()).isEqualTo("CANCELLED");
    assertThat(second.get("/jobs/suspended").path("state").asString()).isEqualTo("SUSPENDED");
    assertThat(second.get("/operations/" + done.path("id").asString()).path("status").asString())
        .isEqualTo("SUCCEEDED");
    JsonNode resume = second.send("POST", "/jobs/suspended/resume", "");
    JsonNode resumed = second.get("/operations/" + resume.path("id").asString() + "?wait=60s");
    assertThat(resumed.path("status").asString()).as(resumed.toString()).isEqualTo("SUCCEEDED");
    JsonNode rescale = second.send("PATCH", "/jobs/endless", "{\"spec\": {\"parallelism\": 2}}");
    JsonNode rescaled = second.get("/operations/" + rescale.path("id").asString() + "?wait=60s");
    assertThat(rescaled.path("status").asString()).as(rescaled.toString()).isEqualTo("SUCCEEDED");
    long read = rowsRead(second.get("/jobs/endless/metrics"));

    Program.signal(second.process(), "TERM");
    assertThat(second.process().waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(second.process().exitValue())
        .as(Files.readString(second.home().resolve("stderr.txt")))
        .isZero();
    RunningServer third = start("one");
    job = third.await("endless", is("RUNNING"));
    assertThat(job.path("parallelism").asInt()).isEqualTo(2);
    assertThat(RunningServer.history(job)).anyMatch(line -> line.startsWith("let go by server"));
    assertThat(rowsRead(third.get("/jobs/endless/metrics"))).isGreaterThanOrEqualTo(read);
  }

  private void share(String name, PostgresServer database, Path checkpoints) throws IOException {
    RunningServer.configured(
        home(name),
        """
        fluxcore:
          store:
            url: "%s"
          checkpoints:
            directory: "%s"
            shared: true
        """
            .formatted(database.url(), checkpoints));
  }

  @Test
  void twoServers_shareJobs_andTakeThemOverFromEachOther() throws Exception {
    try (PostgresServer database = PostgresServer.start()) {
      Path checkpoints = folder.resolve("checkpoints");
      share("a", database, checkpoints);
      share("b", database, checkpoints);
      share("c", database, folder.resolve("others"));
      RunningServer a = start("a");
      RunningServer b = start("b");
      submit(a, "shared");
      a.await("shared", JobStoreIT::hasCheckpoint);
      assertThat(submit(b, "shared"))
          .as("attached to")
          .isEqualTo(a.get("/jobs/shared").path("id").asString());
      JsonNode refused = b.send("POST", "/jobs/shared/cancel", "");
      assertThat(refused.path("code").asString()).as(refused.toString()).isEqualTo("FLX-JOB-0006");

      // One whose checkpoints are elsewhere could go on with nothing.
      Program.Result other = Program.run(home("c"), RunningServer.command(home("c")));
      assertThat(other.exitCode()).as(other.err()).isEqualTo(5);
      assertThat(other.err()).contains("FLX-STORE-0004");

      // Paused: the other goes on with the job; woken, it ends its own run and says nothing.
      Program.signal(a.process(), "STOP");
      JsonNode taken = b.await("shared", job -> takeOns(job) == 1 && is("RUNNING").test(job));
      assertThat(RunningServer.history(taken))
          .anyMatch(line -> line.contains(", from checkpoint "));
      Program.signal(a.process(), "CONT");
      Path said = a.home().resolve("stderr.txt");
      while (!Files.readString(said).contains("job shared is ended here")) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
      long before = RunningServer.newest(b.get("/jobs/shared"));
      b.await("shared", job -> RunningServer.newest(job) > before + 3);
      JsonNode later = b.get("/jobs/shared");
      assertThat(later.path("state").asString()).isEqualTo("RUNNING");
      assertThat(takeOns(later)).isEqualTo(1);
      assertThat(later.path("failure").isNull()).as(later.toString()).isTrue();

      // Killed: the first one has it again.
      b.close();
      a.await("shared", job -> takeOns(job) == 2 && is("RUNNING").test(job));
    }
  }
}
