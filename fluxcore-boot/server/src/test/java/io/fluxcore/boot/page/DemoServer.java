package io.fluxcore.boot.page;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code bin/fluxcore server start --demo}, at any free port, with a data directory of its own. */
final class DemoServer implements AutoCloseable {
  private static final Pattern LISTENS = Pattern.compile("FluxCore listens at (http://\\S+)");
  private static final long PATIENCE_SECONDS = 60;
  private static final JsonMapper JSON = new JsonMapper();

  private final Process process;
  private final String url;
  private final String greeting;
  private final HttpClient http = HttpClient.newHttpClient();

  private DemoServer(Process process, String url, String greeting) {
    this.process = process;
    this.url = url;
    this.greeting = greeting;
  }

  static DemoServer start(Path folder) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                root().resolve("bin/fluxcore").toString(),
                "server",
                "start",
                "--demo",
                "--port",
                "0",
                "--data",
                folder.resolve("data").toString())
            .directory(folder.toFile())
            .redirectError(folder.resolve("stderr.txt").toFile());
    Map<String, String> environment = builder.environment();
    environment.put("FLUXCORE_NO_BUILD", "true");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("FLUXCORE_JAVA_OPTS", "-Xmx256m");
    Process process = builder.start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    String url = "";
    String line;
    while ((line = out.readLine()) != null) {
      said.append(line).append('\n');
      Matcher matcher = LISTENS.matcher(line);
      if (matcher.find()) {
        url = matcher.group(1);
      }
      if (!url.isEmpty() && line.contains("curl") && line.contains("/results")) {
        return new DemoServer(process, url, said.toString());
      }
    }
    throw new IllegalStateException(
        "the server did not start: " + said + Files.readString(folder.resolve("stderr.txt")));
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isExecutable(folder.resolve("bin/fluxcore"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("there is no bin/fluxcore above the working directory");
      }
    }
    return folder;
  }

  String url() {
    return url;
  }

  /** What it prints when it has started. */
  String greeting() {
    return greeting;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  JsonNode json(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = get(path);
    if (response.statusCode() != 200) {
      throw new IllegalStateException(path + " gives " + response.statusCode() + response.body());
    }
    return JSON.readTree(response.body());
  }

  /** Submits a job file and gives the job's id. */
  String submit(String yaml) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create(url + "/api/v1/jobs"))
                .header("Content-Type", "application/yaml")
                .POST(HttpRequest.BodyPublishers.ofString(yaml))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 201) {
      throw new IllegalStateException("the job was not taken: " + response.body());
    }
    return JSON.readTree(response.body()).get("id").asString();
  }

  /** The process is gone, as after {@code kill -9}. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    process.destroy();
    process
        .onExit()
        .completeOnTimeout(process, PATIENCE_SECONDS, TimeUnit.SECONDS)
        .thenAccept(Process::destroyForcibly)
        .join();
  }
}
