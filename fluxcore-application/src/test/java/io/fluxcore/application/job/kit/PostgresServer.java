package io.fluxcore.application.job.kit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL for tests: that of {@code FLUXCORE_TEST_POSTGRES} (an address of JDBC, whose
 * public schema is emptied), or else one that is started from its programs in Maven's repository.
 * Where neither can be had, the tests fail with the reason.
 */
public final class PostgresServer implements AutoCloseable {
  private static final String VARIABLE = "FLUXCORE_TEST_POSTGRES";

  private final String url;
  private final @Nullable EmbeddedPostgres started;

  private PostgresServer(String url, @Nullable EmbeddedPostgres started) {
    this.url = url;
    this.started = started;
  }

  /** Starts one, or finds the one that is named. */
  public static PostgresServer start() {
    String given = System.getenv(VARIABLE);
    if (given != null) {
      return new PostgresServer(given, null);
    }
    try {
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              .setPGStartupWait(Duration.ofSeconds(60))
              .setLocaleConfig("locale", "C")
              .start();
      return new PostgresServer(server.getJdbcUrl("postgres", "postgres"), server);
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException(
          "PostgreSQL cannot be started here ("
              + String.format(Locale.ROOT, "%s", e)
              + "); name a running one in "
              + VARIABLE
              + ", such as jdbc:postgresql://localhost/test?user=test&password=test",
          e);
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
    if (started != null) {
      started.close();
    }
  }
}
