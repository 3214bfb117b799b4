package io.fluxcore.application.job.kit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL for tests: that of {@code FLUXCORE_TEST_POSTGRES} (an address of JDBC, whose
 * public schema is emptied), or else one that is started from its programs in Maven's repository.
 * Where neither can be had, the tests fail with the reason.
 */
public final class PostgresServer implements AutoCloseable {
  private static final String VARIABLE = "FLUXCORE_TEST_POSTGRES";

  private final String url;
  private final @Nullable Path directory;
  private @Nullable EmbeddedPostgres started;

  private PostgresServer(String url, @Nullable EmbeddedPostgres started, @Nullable Path directory) {
    this.url = url;
    this.started = started;
    this.directory = directory;
  }

  /** Starts one, or finds the one that is named. */
  public static PostgresServer start() {
    String given = System.getenv(VARIABLE);
    if (given != null) {
      return new PostgresServer(given, null, null);
    }
    try {
      EmbeddedPostgres server = builder().start();
      return new PostgresServer(server.getJdbcUrl("postgres", "postgres"), server, null);
    } catch (IOException | RuntimeException e) {
      throw unavailable(e);
    }
  }

  /**
   * Starts one whose changes can be read from its log, and that can be stopped and started again;
   * whatever one is named.
   */
  public static PostgresServer startLogical() {
    try {
      Path directory = Files.createTempDirectory("fluxcore-postgres");
      EmbeddedPostgres server = logical(directory).start();
      return new PostgresServer(server.getJdbcUrl("postgres", "postgres"), server, directory);
    } catch (IOException | RuntimeException e) {
      throw unavailable(e);
    }
  }

  private static EmbeddedPostgres.Builder builder() {
    return EmbeddedPostgres.builder()
        .setPGStartupWait(Duration.ofMinutes(3))
        .setLocaleConfig("locale", "C");
  }

  private static EmbeddedPostgres.Builder logical(Path directory) {
    return builder()
        .setDataDirectory(directory.resolve("data"))
        .setCleanDataDirectory(false)
        .setServerConfig("wal_level", "logical")
        .setServerConfig("max_wal_senders", "100")
        .setServerConfig("max_replication_slots", "100");
  }

  private static IllegalStateException unavailable(Exception cause) {
    return new IllegalStateException(
        "PostgreSQL cannot be started here ("
            + String.format(Locale.ROOT, "%s", cause)
            + "); name a running one in "
            + VARIABLE
            + ", such as jdbc:postgresql://localhost/test?user=test&password=test",
        cause);
  }

  /** Stops one of {@link #startLogical}; what it had on its disk stays. */
  public void stop() {
    EmbeddedPostgres running = started;
    started = null;
    if (running != null) {
      try {
        running.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Starts it again, at the same port. */
  public void startAgain() {
    if (directory == null) {
      throw new IllegalStateException("it was not started to be stopped");
    }
    int port = URI.create(url.substring("jdbc:".length())).getPort();
    try {
      started = logical(directory).setPort(port).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops the processes of one of {@link #startLogical}, so that it answers nothing. */
  public void pause() {
    signal("STOP");
  }

  /** Lets it go on after {@link #pause}. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String signal) {
    if (directory == null) {
      throw new IllegalStateException("it was not started to be stopped");
    }
    try {
      Path file = directory.resolve("data").resolve("postmaster.pid");
      long postmaster = Long.parseLong(Files.readAllLines(file).get(0).strip());
      List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
      command.add(Long.toString(postmaster));
      ProcessHandle.of(postmaster)
          .ifPresent(one -> one.children().forEach(c -> command.add(Long.toString(c.pid()))));
      new ProcessBuilder(command).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Its address, with user. */
  public String url() {
    return url;
  }

  /** Takes all tables away. */
  public void empty() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("drop schema public cascade");
      statement.execute("create schema public");
    }
  }

  @Override
  public void close() throws IOException {
    stop();
    if (directory != null) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(one);
        }
      }
    }
  }
}
