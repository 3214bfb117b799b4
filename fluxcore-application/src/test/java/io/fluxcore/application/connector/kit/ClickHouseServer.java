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
import java.nio.file.Path;
import java.time.Duration;

/** A real ClickHouse for tests: Debian's {@code clickhouse-server}. Its time zone is UTC. */
public final class ClickHouseServer implements AutoCloseable {
  /** A user with the password {@link #PASSWORD}; the default one has none. */
  public static final String USER = "flux";

  public static final String PASSWORD = "pässword";

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final ServerProcess process;

  private ClickHouseServer(ServerProcess process) {
    this.process = process;
  }

  public static ClickHouseServer start() {
    String program =
        ServerProcess.program("clickhouse", "FLUXCORE_CLICKHOUSE", "/usr/sbin/clickhouse-server");
    return new ClickHouseServer(
        ServerProcess.start(
            "clickhouse",
            (port, directory) -> {
              Path config = configured(port, directory);
              return new ProcessBuilder(program, "--config-file=" + config)
                  .directory(directory.toFile());
            },
            port -> ask(port, "SELECT 1").statusCode() == 200));
  }

  private static Path configured(int port, Path directory) throws IOException {
    Files.writeString(
        directory.resolve("users.xml"),
        """
        <yandex>
          <profiles><default><max_memory_usage>1000000000</max_memory_usage></default></profiles>
          <users>
            <default>
              <password></password>
              <networks><ip>127.0.0.1</ip></networks>
              <profile>default</profile>
              <quota>default</quota>
            </default>
            <%1$s>
              <password>%2$s</password>
              <networks><ip>127.0.0.1</ip></networks>
              <profile>default</profile>
              <quota>default</quota>
            </%1$s>
          </users>
          <quotas><default></default></quotas>
        </yandex>
        """
            .formatted(USER, PASSWORD));
    return Files.writeString(
        directory.resolve("config.xml"),
        """
        <yandex>
          <logger><level>warning</level><console>1</console></logger>
          <http_port>%d</http_port>
          <tcp_port>%d</tcp_port>
          <listen_host>127.0.0.1</listen_host>
          <path>%s/data/</path>
          <tmp_path>%s/tmp/</tmp_path>
          <users_config>users.xml</users_config>
          <default_profile>default</default_profile>
          <default_database>default</default_database>
          <mark_cache_size>100000000</mark_cache_size>
          <timezone>UTC</timezone>
        </yandex>
        """
            .formatted(port, FreePort.next(), directory, directory));
  }

  private static HttpResponse<String> ask(int port, String statement) throws IOException {
    try {
      return CLIENT.send(
          HttpRequest.newBuilder(
                  URI.create(
                      "http://127.0.0.1:"
                          + port
                          + "/?query="
                          + URLEncoder.encode(statement, StandardCharsets.UTF_8)))
              .timeout(Duration.ofSeconds(30))
              .POST(HttpRequest.BodyPublishers.noBody())
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /**
   * What a statement gives.
   *
   * @throws IllegalStateException if the server refuses it
   */
  public String query(String statement) {
    try {
      HttpResponse<String> answer = ask(process.port(), statement);
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(statement + ": " + answer.body());
      }
      return answer.body();
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
