package io.fluxcore.application.connector.kit;

import io.fluxcore.application.kit.FreePort;
import io.fluxcore.application.kit.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;

/** A real InfluxDB of version 1 for tests: Debian's {@code influxd}. */
public final class InfluxServer implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final ServerProcess process;

  private InfluxServer(ServerProcess process) {
    this.process = process;
  }

  public static InfluxServer start() {
    return start(false);
  }

  /**
   * Starts one.
   *
   * @param asksWho whether it takes only users it knows
   */
  public static InfluxServer start(boolean asksWho) {
    String program = ServerProcess.program("influxdb", "FLUXCORE_INFLUXDB", "/usr/bin/influxd");
    return new InfluxServer(
        ServerProcess.start(
            "influxdb",
            (port, directory) -> {
              Files.writeString(
                  directory.resolve("influxdb.conf"),
                  """
                  reporting-disabled = true
                  bind-address = "127.0.0.1:%d"
                  [meta]
                    dir = "%s/meta"
                  [data]
                    dir = "%s/data"
                    wal-dir = "%s/wal"
                  [monitor]
                    store-enabled = false
                  [http]
                    bind-address = "127.0.0.1:%d"
                    auth-enabled = %s
                    log-enabled = false
                  """
                      .formatted(FreePort.next(), directory, directory, directory, port, asksWho));
              return new ProcessBuilder(
                  program, "-config", directory.resolve("influxdb.conf").toString());
            },
            port -> send("GET", "http://127.0.0.1:" + port + "/ping").statusCode() == 204));
  }

  private static HttpResponse<String> send(String method, String url) throws IOException {
    try {
      return CLIENT.send(
          HttpRequest.newBuilder(URI.create(url))
              .timeout(Duration.ofSeconds(30))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /**
   * What a statement gives, as JSON with times in nanoseconds.
   *
   * @param more parameters, such as {@code &u=user&p=password}
   */
  public String query(String database, String statement, String... more) {
    try {
      return send(
              "POST",
              url()
                  + "/query?epoch=ns&db="
                  + database
                  + "&q="
                  + URLEncoder.encode(statement, StandardCharsets.UTF_8)
                  + String.join("", more))
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return "http://127.0.0.1:" + process.port();
  }

  /** To kill, pause and restart it. */
  public ServerProcess process() {
    return process;
  }

  @Override
  public void close() {
    process.close();
  }
}
