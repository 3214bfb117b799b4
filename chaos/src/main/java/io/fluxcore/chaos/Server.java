package io.fluxcore.chaos;

import io.fluxcore.chaos.code.ChaosCode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code bin/fluxcore server start} in a process of its own, with the job's code. */
final class Server implements AutoCloseable {
  /** Where the classes of this module are: the job's code, and the program that compares. */
  static final Path CODE = code();

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** A job that was taken, but not in time, could not be submitted again. */
  private static final Duration PATIENCE_WITH_JOBS = Duration.ofMinutes(2);

  private static final long STOP_SECONDS = 120;
  private static final int SHOWN_LINES = 60;
  private static final int TERMINATED = 143;

  private final Path root;
  private final Path data;
  private final Path log;
  private final int port;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private volatile @Nullable Process process;
  private Instant started = Instant.EPOCH;
  private long startedNanos;

  /**
   * A server that is not started yet.
   *
   * @param data its data directory
   * @param log takes what it says
   */
  Server(Path data, Path log) throws IOException {
    this.root = root();
    this.data = data;
    this.log = log;
    try (ServerSocket free = new ServerSocket(0)) {
      this.port = free.getLocalPort();
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "chaos: end"));
  }

  private static Path code() {
    try {
      return Path.of(ChaosCode.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path root() {
    Path folder = CODE;
    while (!Files.isExecutable(folder.resolve("bin/fluxcore"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("there is no bin/fluxcore above " + CODE);
      }
    }
    return folder;
  }

  Path data() {
    return data;
  }

  /**
   * Starts it, and does not wait until it takes requests.
   *
   * @param rate rows that the job reads in a second; 0 for as many as it can
   */
  void start(long rate) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                root.resolve("bin/fluxcore").toString(),
                "server",
                "start",
                "--port",
                Integer.toString(port),
                "--data",
                data.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Map<String, String> environment = builder.environment();
    environment.put("FLUXCORE_NO_BUILD", "true");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("FLUXCORE_CLASSPATH", CODE.toString());
    // Lives are short: the compiler that makes the fastest code would never be done.
    environment.put(
        "FLUXCORE_JAVA_OPTS",
        "-Xmx384m -XX:TieredStopAtLevel=1 -D"
            + ChaosCode.RATE
            + "="
            + rate
            + " -Dfluxcore.state.rocksdb.memory=64MB");
    started = Instant.now();
    startedNanos = System.nanoTime();
    process = builder.start();
  }

  private Process process() {
    Process current = process;
    if (current == null) {
      throw new IllegalStateException("not started");
    }
    return current;
  }

  boolean isAlive() {
    Process current = process;
    return current != null && current.isAlive();
  }

  /** When its process began. */
  Instant started() {
    return started;
  }

  long startedNanos() {
    return startedNanos;
  }

  /** SIGKILL, and waits for its death. */
  void kill() throws InterruptedException {
    process().destroyForcibly().waitFor();
  }

  /** SIGTERM, and waits for an orderly end. */
  void stop() throws InterruptedException {
    process().destroy();
    if (!process().waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the server does not stop:\n" + lastWords());
    }
    int code = process().exitValue();
    if (code != 0 && code != TERMINATED) { // the latter where it had not greeted yet
      throw new IllegalStateException("the server stopped with " + code + ":\n" + lastWords());
    }
  }

  void signal(String name) throws IOException, InterruptedException {
    Commands.run("kill", "-" + name, Long.toString(process().pid()));
  }

  /** Has it write to its log where its threads are. */
  void tellThreads() throws InterruptedException {
    try {
      signal("QUIT");
    } catch (IOException e) {
      return; // it is dead
    }
    TimeUnit.SECONDS.sleep(1);
  }

  /** The end of what it said. */
  String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    } catch (IOException e) {
      return "(" + log + " cannot be read: " + e + ")";
    }
  }

  /** What the server says of a job; empty while it takes no requests. */
  Optional<JsonNode> job(String name) throws InterruptedException {
    return ask("/jobs/" + name).filter(job -> job.has("state"));
  }

  /** Whether the input of a job has come to its end at one of its operators. */
  boolean hasReadAll(String name) throws InterruptedException {
    Optional<JsonNode> metrics = ask("/jobs/" + name + "/metrics");
    if (metrics.isPresent()) {
      for (JsonNode operator : metrics.get().path("operators")) {
        if (operator.path("inputEnded").asBoolean(false)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Submits a job.
   *
   * @return the answer; empty while the server takes no requests
   */
  Optional<JsonNode> submit(String file) throws InterruptedException {
    return ask("POST", "/jobs", file, PATIENCE_WITH_JOBS);
  }

  private Optional<JsonNode> ask(String path) throws InterruptedException {
    return ask("GET", path, "", PATIENCE);
  }

  private Optional<JsonNode> ask(String method, String path, String body, Duration patience)
      throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
            .timeout(patience)
            .header("Content-Type", "application/yaml")
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      return Optional.of(JSON.readTree(response.body()));
    } catch (IOException e) {
      return Optional.empty(); // it starts, or was paused or killed
    }
  }

  @Override
  public void close() {
    Process current = process;
    if (current != null) {
      current.destroyForcibly().onExit().join();
    }
  }
}
