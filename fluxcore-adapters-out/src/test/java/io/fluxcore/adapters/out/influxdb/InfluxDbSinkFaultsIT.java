package io.fluxcore.adapters.out.influxdb;

import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.kit.InfluxServer;
import io.fluxcore.application.connector.kit.SinkFaultsContract;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Faults of a server of version 1 that asks who writes, and points that it refuses. */
final class InfluxDbSinkFaultsIT extends SinkFaultsContract {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String CREDENTIALS = "&u=flux&p=geheim";

  /** A tag may have no more than 65,535 bytes. */
  private static final int TOO_LARGE = 70_000;

  private static InfluxServer server;

  @BeforeAll
  static void start() {
    server = InfluxServer.start(true);
    server.query("", "CREATE USER flux WITH PASSWORD 'geheim' WITH ALL PRIVILEGES");
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @BeforeEach
  void emptyDatabase() {
    server.query("", "DROP DATABASE test", CREDENTIALS);
    server.query("", "CREATE DATABASE test", CREDENTIALS);
  }

  @Override
  protected SinkConnector connector() {
    return new InfluxDbSinkConnector();
  }

  @Override
  protected Map<String, Object> options() {
    Map<String, Object> options = new HashMap<>();
    options.put("url", server.url());
    options.put("database", "test");
    options.put("measurement", "rows");
    options.put("tags", "name");
    options.put("user", "flux");
    options.put("password", "geheim");
    options.put("batchSize", 60);
    options.put("timeout", "2s");
    options.put("retryTimeout", "200ms");
    return options;
  }

  @Override
  protected List<Long> visibleIds() {
    String found = server.query("test", "SELECT id FROM rows", CREDENTIALS);
    List<Long> ids = new ArrayList<>();
    for (JsonNode point : JSON.readTree(found).at("/results/0/series/0/values")) {
      ids.add(point.path(1).asLong());
    }
    return ids;
  }

  @Override
  protected boolean showsRowsOnce() {
    return true;
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
    return "x".repeat(TOO_LARGE);
  }

  @Override
  protected Map<String, Object> wrongPassword() {
    Map<String, Object> options = options();
    options.put("password", "guessed");
    return options;
  }

  @Override
  protected Map<String, Object> missing() {
    Map<String, Object> options = options();
    options.put("database", "nowhere");
    return options;
  }
}
