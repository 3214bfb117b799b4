package io.fluxcore.adapters.in.jdbc;

import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.kit.SourceFaultsContract;
import io.fluxcore.application.kit.MariaDbServer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/** The source on a real MariaDB. */
@Timeout(300)
final class MariaDbJdbcSourceIT {
  private static MariaDbServer server;

  @BeforeAll
  static void start() {
    server = MariaDbServer.start();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static TestDatabase of(MariaDbServer server) {
    return new TestDatabase(server.url(), MariaDbServer.USER, MariaDbServer.PASSWORD);
  }

  @Nested
  class Contracts extends JdbcSourceContracts {
    @Override
    TestDatabase database() {
      return of(server);
    }

    @Override
    String timeType() {
      return "datetime(6)";
    }
  }

  @Nested
  class Faults extends SourceFaultsContract {
    private String table;

    @BeforeEach
    void newTable() {
      table = TestDatabase.newName();
      of(server).execute("create table " + table + " (id bigint primary key)");
    }

    @Override
    protected SourceConnector connector() {
      return new JdbcSourceConnector();
    }

    @Override
    protected Map<String, Object> options() {
      return of(server).options("table", table, "column", "id", "queryTimeout", "5s");
    }

    @Override
    protected void publish(long fromId, long toId) {
      of(server)
          .execute("insert into " + table + " select seq from seq_" + fromId + "_to_" + (toId - 1));
    }

    @Override
    protected void killServer() {
      server.kill();
    }

    @Override
    protected void restartServer() {
      server.restart();
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
      options.put("password", "wrong");
      return options;
    }

    @Override
    protected Map<String, Object> missing() {
      return of(server).options("table", "no_such_table", "column", "id");
    }
  }
}
