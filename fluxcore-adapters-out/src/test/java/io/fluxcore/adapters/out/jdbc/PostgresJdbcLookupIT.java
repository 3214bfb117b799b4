package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.application.job.kit.PostgresServer;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Rows that are looked up in PostgreSQL, which fails now and then. */
final class PostgresJdbcLookupIT extends JdbcLookupCases {
  private static PostgresServer server;
  private static TestDatabase database;

  @BeforeAll
  static void start() {
    server = PostgresServer.startLogical();
    database = TestDatabase.postgres(server.url());
  }

  @AfterAll
  static void end() throws IOException {
    server.close();
  }

  @Override
  TestDatabase database() {
    return database;
  }

  @Override
  protected void killServer() {
    server.stop();
  }

  @Override
  protected void restartServer() {
    server.startAgain();
  }

  @Override
  protected void pauseServer() {
    server.pause();
  }

  @Override
  protected void resumeServer() {
    server.resume();
  }

  @Override
  protected Map<String, Object> wrongPassword() {
    Map<String, Object> options = options("id");
    options.put("user", "nobody");
    options.put("password", "guessed");
    return options;
  }
}
