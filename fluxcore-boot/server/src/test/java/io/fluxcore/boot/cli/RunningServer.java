package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server in a process of its own, which took requests when it was started, and its jobs.
 *
 * @param home where it was started
 * @param out what it says after its greeting
 */
record RunningServer(Process process, String url, Path home, BufferedReader out)
    implements AutoCloseable {
  private static final Pattern GREETING = Pattern.compile("FluxCore listens at (http://\\S+)");
  private static final Pattern CHECKPOINT = Pattern.compile("checkpoint (\\d+) of .*");
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** Starts one with the data directory {@code data} in its home. */
  static RunningServer start(Path home, String... more) throws IOException {
    return greeted(home, Program.start(home, command(home, more)));
  }

  /** What starts one, without the program. */
  static String[] command(Path home, String... more) {
    List<String> words = new ArrayList<>(List.of("server", "start", "--port", "0"));
    words.addAll(List.of("--data", home.resolve("data").toString()));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  /** One that was started in its home, when it takes requests. */
  static RunningServer greeted(Path home, Process process) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = String.valueOf(out.readLine());
    Matcher greeting = GREETING.matcher(line);
    if (!greeting.find()) {
      process.destroyForcibly();
      throw new IllegalStateException(line + Files.readString(home.resolve("stderr.txt")));
    }
    return new RunningServer(process, greeting.group(1), home, out);
  }

  /** Makes a data directory with a configuration. */
  static Path configured(Path home, String yaml) throws IOException {
    Path data = Files.createDirectories(home.resolve("data"));
    Files.writeString(data.resolve("fluxcore-server.yaml"), yaml);
    return home;
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return send("GET", path, "");
  }

  /** Asks for something of the API; a body is a job file or JSON. */
  JsonNode send(String method, String path, String body) throws IOException, InterruptedException {
    String type = body.startsWith("job:") ? "application/yaml" : "application/json";
    HttpResponse<String> response =
        CLIENT.send(
            HttpRequest.newBuilder(URI.create(url + "/api/v1" + path))
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return JSON.readTree(response.body());
  }

  /** Submits a job file, and gives the job's id. */
  String submit(String jobFile) throws IOException, InterruptedException {
    JsonNode job = send("POST", "/jobs", jobFile);
    assertThat(job.path("id").asString("")).as(job.toString()).startsWith("job_");
    return job.path("id").asString();
  }

  /** Looks at a job until it is as it should be. */
  JsonNode await(String job, Predicate<JsonNode> wanted) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    JsonNode seen = get("/jobs/" + job);
    while (!wanted.test(seen)) {
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .as(seen.toString())
          .isLessThan(PATIENCE);
      TimeUnit.MILLISECONDS.sleep(50);
      seen = get("/jobs/" + job);
    }
    return seen;
  }

  /** Returns when a job has read more rows than now. */
  void awaitProgress(String job) throws IOException, InterruptedException {
    long read = rowsRead(job);
    while (rowsRead(job) <= read) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** How many rows a job has read, over its whole life. */
  long rowsRead(String job) throws IOException, InterruptedException {
    return get("/jobs/" + job + "/metrics").path("operators").path(0).path("rowsIn").asLong();
  }

  /** What happened to a job, in words. */
  static List<String> history(JsonNode job) {
    List<String> lines = new ArrayList<>();
    job.path("history").forEach(entry -> lines.add(entry.path("description").asString()));
    return lines;
  }

  static Predicate<JsonNode> says(String text) {
    return job -> history(job).stream().anyMatch(line -> line.contains(text));
  }

  /** The id of a job's newest checkpoint; 0 if there is none. */
  static long newest(JsonNode job) {
    return history(job).stream()
        .map(CHECKPOINT::matcher)
        .filter(Matcher::matches)
        .mapToLong(line -> Long.parseLong(line.group(1)))
        .max()
        .orElse(0);
  }

  /** Kills it. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
