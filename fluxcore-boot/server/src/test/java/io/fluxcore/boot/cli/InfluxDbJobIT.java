package io.fluxcore.boot.cli;

import io.fluxcore.application.connector.kit.InfluxServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A job of a real server writes to a real InfluxDB, and both are killed. */
final class InfluxDbJobIT extends KilledServerContract {
  private static final JsonMapper JSON = new JsonMapper();
  private static InfluxServer influx;

  @BeforeAll
  static void start() {
    influx = InfluxServer.start();
    influx.query("", "CREATE DATABASE test");
  }

  @AfterAll
  static void stop() {
    influx.close();
  }

  private static String sink(String more) {
    return "{connector: influxdb, url: \"" + influx.url() + "\", database: test, " + more + "}";
  }

  @Override
  String eventsSink() {
    return sink("measurement: events, tags: [id], timeField: at");
  }

  @Override
  String totalsSink() {
    return sink("measurement: totals, tags: [shop], timeField: window_start");
  }

  private static List<Map<String, JsonNode>> points(String measurement) {
    JsonNode series =
        JSON.readTree(influx.query("test", "SELECT * FROM " + measurement))
            .path("results")
            .path(0)
            .path("series")
            .path(0);
    List<Map<String, JsonNode>> points = new ArrayList<>();
    for (JsonNode values : series.path("values")) {
      Map<String, JsonNode> point = new HashMap<>();
      for (int i = 0; i < values.size(); i++) {
        point.put(series.path("columns").path(i).asString(), values.path(i));
      }
      points.add(point);
    }
    return points;
  }

  private static Instant time(Map<String, JsonNode> point) {
    return Instant.ofEpochSecond(0, point.get("time").asLong());
  }

  @Override
  List<Event> events() {
    return points("events").stream()
        .map(
            point ->
                new Event(
                    point.get("id").asLong(),
                    point.get("shop").asString(),
                    point.get("amount").asLong(),
                    time(point)))
        .toList();
  }

  @Override
  List<Total> totals() {
    return points("totals").stream()
        .map(
            point ->
                new Total(
                    point.get("shop").asString(),
                    time(point),
                    point.get("n").asLong(),
                    point.get("total").asLong()))
        .toList();
  }

  @Override
  long count() {
    return JSON.readTree(influx.query("test", "SELECT count(amount) FROM events"))
        .path("results")
        .path(0)
        .path("series")
        .path(0)
        .path("values")
        .path(0)
        .path(1)
        .asLong(0);
  }

  @Override
  void killOutside() {
    influx.process().restart();
  }
}
