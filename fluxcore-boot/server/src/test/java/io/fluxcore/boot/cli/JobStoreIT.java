package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.job.kit.PostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Jobs survive their servers, which are killed, paused and started again. */
@Timeout(600)
final class JobStoreIT {
  private static final Pattern GREETING = Pattern.compile("FluxCore listens at (http://\\S+)");
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  /** A server that took requests. */
  private record Running(Process process, String url, Path home) {}

  private Path home(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  private Running start(String name) throws IOException {
    Path home = home(name);
    Process process =
        Program.start(
            home, "server", "start", "--port", "0", "--data", home.resolve("data").toString());
    started.add(process);
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    assertThat(line).as(Files.readString(home.resolve("stderr.txt"))).isNotNull();
    Matcher greeting = GREETING.matcher(line);
    assertThat(greeting.find()).as(line).isTrue();
    return new Running(process, greeting.group(1), home);
  }

  private static void kill(Running server) throws InterruptedException {
    Program.signal(server.process(), "KILL");
    server.process().waitFor();
  }

  private JsonNode send(Running server, String method, String path, String body)
      throws IOException, InterruptedException {
    String type =
        path.equals("/jobs") && method.equals("POST") ? "application/yaml" : "application/json";
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create(server.url() + "/api/v1" + path))
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return JSON.readTree(response.body());
  }

  private JsonNode get(Running server, String path) throws IOException, InterruptedException {
    return send(server, "GET", path, "");
  }

  /** Looks at a job until it is as it should be. */
  private JsonNode await(Running server, String job, Predicate<JsonNode> wanted)
      throws IOException, InterruptedException {
    JsonNode seen = get(server, "/jobs/" + job);
    while (!wanted.test(seen)) {
      TimeUnit.MILLISECONDS.sleep(100);
      seen = get(server, "/jobs/" + job);
    }
    return seen;
  }

  private static Predicate<JsonNode> is(String state) {
    return job -> job.path("state").asString("").equals(state);
  }

  private static List<String> history(JsonNode job) {
    List<String> lines = new ArrayList<>();
    job.path("history").forEach(entry -> lines.add(entry.path("description").asString()));
    return lines;
  }

  private static boolean hasCheckpoint(JsonNode job) {
    return history(job).stream().anyMatch(line -> line.matches("checkpoint \\d+ of .*"));
  }

  private static long takeOns(JsonNode job) {
    return history(job).stream().filter(line -> line.startsWith("taken on by")).count();
  }

  private String submit(Running server, String name) throws IOException, InterruptedException {
    JsonNode job =
        send(
            server,
            "POST",
            "/jobs",
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
    assertThat(job.path("id").asString("")).as(job.toString()).startsWith("job_");
    return job.path("id").asString();
  }

  private static long rowsRead(JsonNode metrics) {
    return metrics.path("operators").path(0).path("rowsIn").asLong();
  }

  @Test
  void jobs_goOnAfterTheirServerWasKilled_andAfterItEndedInOrder() throws Exception {
    Running first = start("one");
    String id = submit(first, "endless");
    submit(first, "cancelled");
    submit(first, "suspended");
    send(first, "POST", "/jobs/cancelled/cancel", "");
    await(first, "cancelled", is("CANCELLED"));
    await(first, "suspended", JobStoreIT::hasCheckpoint);
    JsonNode suspend = send(first, "POST", "/jobs/suspended/suspend", "");
    JsonNode done = get(first, "/operations/" + suspend.path("id").asString() + "?wait=60s");
    assertThat(done.path("status").asString()).as(done.toString()).isEqualTo("SUCCEEDED");
    await(first, "endless", JobStoreIT::hasCheckpoint);
    kill(first);

    Running second = start("one");
    assertThat(
            client
                .send(
                    HttpRequest.newBuilder(URI.create(second.url() + "/actuator/health/readiness"))
                        .build(),
                    HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
    JsonNode job = await(second, "endless", is("RUNNING"));
    assertThat(job.path("id").asString()).isEqualTo(id);
    assertThat(history(job))
        .anyMatch(
            line -> line.matches("taken on by server server-\\w+#\\w+, from checkpoint \\d+"));
    assertThat(get(second, "/jobs/cancelled").path("state").asString()).isEqualTo("CANCELLED");
    assertThat(get(second, "/jobs/suspended").path("state").asString()).isEqualTo("SUSPENDED");
    assertThat(get(second, "/operations/" + done.path("id").asString()).path("status").asString())
        .isEqualTo("SUCCEEDED");
    JsonNode resume = send(second, "POST", "/jobs/suspended/resume", "");
    JsonNode resumed = get(second, "/operations/" + resume.path("id").asString() + "?wait=60s");
    assertThat(resumed.path("status").asString()).as(resumed.toString()).isEqualTo("SUCCEEDED");
    JsonNode rescale = send(second, "PATCH", "/jobs/endless", "{\"spec\": {\"parallelism\": 2}}");
    JsonNode rescaled = get(second, "/operations/" + rescale.path("id").asString() + "?wait=60s");
    assertThat(rescaled.path("status").asString()).as(rescaled.toString()).isEqualTo("SUCCEEDED");
    long read = rowsRead(get(second, "/jobs/endless/metrics"));

    Program.signal(second.process(), "TERM");
    assertThat(second.process().waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(second.process().exitValue())
        .as(Files.readString(second.home().resolve("stderr.txt")))
        .isZero();
    Running third = start("one");
    job = await(third, "endless", is("RUNNING"));
    assertThat(job.path("parallelism").asInt()).isEqualTo(2);
    assertThat(history(job)).anyMatch(line -> line.startsWith("let go by server"));
    assertThat(rowsRead(get(third, "/jobs/endless/metrics"))).isGreaterThanOrEqualTo(read);
  }

  private void share(String name, PostgresServer database, Path checkpoints) throws IOException {
    Path data = Files.createDirectories(home(name).resolve("data"));
    Files.writeString(
        data.resolve("fluxcore-server.yaml"),
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
      Running a = start("a");
      Running b = start("b");
      submit(a, "shared");
      await(a, "shared", JobStoreIT::hasCheckpoint);
      assertThat(submit(b, "shared"))
          .as("attached to")
          .isEqualTo(get(a, "/jobs/shared").path("id").asString());
      JsonNode refused = send(b, "POST", "/jobs/shared/cancel", "");
      assertThat(refused.path("code").asString()).as(refused.toString()).isEqualTo("FLX-JOB-0006");

      // One whose checkpoints are elsewhere could go on with nothing.
      Program.Result other =
          Program.run(
              home("c"),
              "server",
              "start",
              "--port",
              "0",
              "--data",
              home("c").resolve("data").toString());
      assertThat(other.exitCode()).as(other.err()).isEqualTo(5);
      assertThat(other.err()).contains("FLX-STORE-0004");

      // Paused: the other goes on with the job; woken, it ends its own run and says nothing.
      Program.signal(a.process(), "STOP");
      long paused = System.nanoTime();
      JsonNode taken = await(b, "shared", job -> takeOns(job) == 1 && is("RUNNING").test(job));
      Duration takeOver = Duration.ofNanos(System.nanoTime() - paused);
      assertThat(takeOver).isLessThan(Duration.ofSeconds(30));
      assertThat(history(taken)).anyMatch(line -> line.contains(", from checkpoint "));
      Program.signal(a.process(), "CONT");
      Path said = a.home().resolve("stderr.txt");
      while (!Files.readString(said).contains("job shared is ended here")) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
      int before = history(get(b, "/jobs/shared")).size();
      await(b, "shared", job -> history(job).size() > before + 3);
      JsonNode later = get(b, "/jobs/shared");
      assertThat(later.path("state").asString()).isEqualTo("RUNNING");
      assertThat(takeOns(later)).isEqualTo(1);
      assertThat(later.path("failure").isNull()).as(later.toString()).isTrue();

      // Killed: the first one has it again.
      kill(b);
      long killed = System.nanoTime();
      await(a, "shared", job -> takeOns(job) == 2 && is("RUNNING").test(job));
      assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(30));
    }
  }
}
