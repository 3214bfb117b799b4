package io.fluxcore.adapters.in.jdbc;

import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.kit.SourceFaultsContract;
import io.fluxcore.application.job.kit.PostgresServer;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/** The source on a real PostgreSQL. */
@Timeout(300)
final class PostgresJdbcSourceIT {
  private static PostgresServer server;

  @BeforeAll
  static void start() {
    server = PostgresServer.startLogical(); // can be stopped and started again
  }

  @AfterAll
  static void end() throws IOException {
    server.close();
  }

  private static TestDatabase database0() {
    return TestDatabase.postgres(server.url());
  }

  @Nested
  class Contracts extends JdbcSourceContracts {
    @Override
    TestDatabase database() {
      return database0();
    }
  }

  @Nested
  class Behaviour extends JdbcSourceBehaviour {
    @Override
    TestDatabase database() {
      return database0();
    }
  }

  @Nested
  class Faults extends SourceFaultsContract {
    private String table;

    @BeforeEach
    void newTable() {
      table = TestDatabase.newName();
      database0().execute("create table " + table + " (id bigint primary key)");
    }

    @Override
    protected SourceConnector connector() {
      return new JdbcSourceConnector();
    }

    @Override
    protected Map<String, Object> options() {
      return database0().options("table", table, "column", "id", "queryTimeout", "5s");
    }

    @Override
    protected void publish(long fromId, long toId) {
      database0()
          .execute(
              "insert into "
                  + table
                  + " select i from generate_series("
                  + fromId
                  + ", "
                  + (toId - 1)
                  + ") i");
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
      Map<String, Object> options = options();
      options.put("user", "nobody");
      options.put("password", "wrong");
      return options;
    }

    @Override
    protected Map<String, Object> missing() {
      return database0().options("table", "no_such_table", "column", "id");
    }
  }
}
