package io.fluxcore.adapters.out.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import javax.sql.DataSource;

/**
 * A real PostgreSQL for tests: that of {@code FLUXCORE_TEST_POSTGRES} (an address of JDBC, whose
 * public schema is emptied), or else one that is started from its programs in Maven's repository.
 * Where neither can be had, the tests fail with the reason.
 */
final class PostgresServer implements AutoCloseable {
  private static final String VARIABLE = "FLUXCORE_TEST_POSTGRES";

  private final String url;
  private final @org.jspecify.annotations.Nullable EmbeddedPostgres started;

  private PostgresServer(String url, @org.jspecify.annotations.Nullable EmbeddedPostgres started) {
    this.url = url;
    this.started = started;
  }

  static PostgresServer start() {
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

  String url() {
    return url;
  }

  DataSource source() {
    org.postgresql.ds.PGSimpleDataSource source = new org.postgresql.ds.PGSimpleDataSource();
    source.setUrl(url);
    return source;
  }

  /** Takes all tables away. */
  void empty() throws Exception {
    try (Connection connection = source().getConnection();
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
