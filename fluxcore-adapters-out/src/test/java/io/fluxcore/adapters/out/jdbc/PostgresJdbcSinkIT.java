package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.application.job.kit.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/** The sink on a real PostgreSQL. */
@Timeout(300)
final class PostgresJdbcSinkIT {
  private static PostgresServer server;

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void end() throws Exception {
    server.close();
  }

  private static TestDatabase of(PostgresServer server) {
    return TestDatabase.postgres(server.url());
  }

  @Nested
  class Contracts extends JdbcSinkContracts {
    @Override
    TestDatabase database() {
      return of(server);
    }
  }

  @Nested
  class Behaviour extends JdbcSinkBehaviour {
    @Override
    TestDatabase database() {
      return of(server);
    }
  }
}
