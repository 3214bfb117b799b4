package io.fluxcore.adapters.out.clickhouse;

import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.kit.ClickHouseServer;
import io.fluxcore.application.connector.kit.SinkFaultsContract;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Faults of the server, and rows that it refuses. */
final class ClickHouseSinkFaultsIT extends SinkFaultsContract {
  private static ClickHouseServer server;

  @BeforeAll
  static void start() {
    server = ClickHouseServer.start();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @BeforeEach
  void emptyTable() {
    server.query("DROP TABLE IF EXISTS results");
    server.query("CREATE TABLE results (id Int64, name FixedString(8)) ENGINE = Log");
  }

  @Override
  protected SinkConnector connector() {
    return new ClickHouseSinkConnector();
  }

  @Override
  protected Map<String, Object> options() {
    Map<String, Object> options = new HashMap<>();
    options.put("url", server.url());
    options.put("table", "results");
    options.put("batchSize", 60);
    options.put("timeout", "2s");
    options.put("retryTimeout", "200ms");
    return options;
  }

  @Override
  protected List<Long> visibleIds() {
    return server.query("SELECT id FROM results").lines().map(Long::valueOf).toList();
  }

  @Override
  protected void killServer() {
    server.process().kill();
  }

  @Override
  protected void restartServer() {
    server.process().restart();
  }

  @Override
  protected void pauseServer() {
    server.process().pause();
  }

  @Override
  protected void resumeServer() {
    server.process().resume();
  }

  @Override
  protected String refuse(long id) {
    return "much too long";
  }

  @Override
  protected Map<String, Object> wrongPassword() {
    Map<String, Object> options = options();
    options.put("user", ClickHouseServer.USER);
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
