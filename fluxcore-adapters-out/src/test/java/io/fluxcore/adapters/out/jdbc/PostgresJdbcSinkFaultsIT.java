package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.kit.SinkFaultsContract;
import io.fluxcore.application.job.kit.PostgresServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** Faults of PostgreSQL, and rows that a table refuses, with commits and without. */
final class PostgresJdbcSinkFaultsIT {
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

  private abstract static class Faults extends SinkFaultsContract {
    @BeforeEach
    void emptyTable() {
      database.empty();
      database.execute(
          "create table results (id bigint, name varchar(10) check (name <> 'refused'))");
    }

    abstract String guarantee();

    @Override
    protected SinkConnector connector() {
      return new JdbcSinkConnector();
    }

    @Override
    protected Map<String, Object> options() {
      Map<String, Object> options = JdbcSinkContracts.options(database);
      options.put("createTable", false);
      options.put("batchSize", 60);
      options.put("queryTimeout", "1s");
      options.put("guarantee", guarantee());
      return options;
    }

    @Override
    protected List<Long> visibleIds() {
      return database.longs("select id from results");
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
    protected String refuse(long id) {
      return "refused";
    }

    @Override
    protected Map<String, Object> wrongPassword() {
      Map<String, Object> options = options();
      options.put("user", "nobody");
      options.put("password", "guessed");
      return options;
    }

    @Override
    protected Map<String, Object> missing() {
      Map<String, Object> options = options();
      options.put("table", "no_such_table");
      return options;
    }
  }

  @Nested
  class WithCommits extends Faults {
    @Override
    String guarantee() {
      return "exactly-once";
    }
  }

  @Nested
  class AtOnce extends Faults {
    @Override
    String guarantee() {
      return "at-least-once";
    }
  }
}
