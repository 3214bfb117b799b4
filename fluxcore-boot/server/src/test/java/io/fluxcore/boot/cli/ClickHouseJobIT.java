package io.fluxcore.boot.cli;

import io.fluxcore.application.connector.kit.ClickHouseServer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A job of a real server writes to a real ClickHouse, and both are killed. */
final class ClickHouseJobIT extends KilledServerContract {
  private static ClickHouseServer house;

  @BeforeAll
  static void start() {
    house = ClickHouseServer.start();
    house.query(
        "CREATE TABLE events (id Int64, at DateTime, shop String, amount Int64)"
            + " ENGINE = MergeTree ORDER BY id");
    house.query(
        "CREATE TABLE totals (shop String, window_start DateTime, window_end DateTime, n Int64,"
            + " total Int64) ENGINE = MergeTree ORDER BY shop");
  }

  @AfterAll
  static void stop() {
    house.close();
  }

  @Override
  boolean isOnce() {
    return false;
  }

  @Override
  String eventsSink() {
    return "{connector: clickhouse, url: \"" + house.url() + "\", table: events}";
  }

  @Override
  String totalsSink() {
    return "{connector: clickhouse, url: \"" + house.url() + "\", table: totals}";
  }

  private static List<String[]> rows(String statement) {
    return Arrays.stream(house.query(statement).split("\n"))
        .filter(line -> !line.isEmpty())
        .map(line -> line.split("\t"))
        .toList();
  }

  @Override
  List<Event> events() {
    return rows("SELECT id, shop, amount, toUnixTimestamp(at) FROM events").stream()
        .map(
            row ->
                new Event(
                    Long.parseLong(row[0]),
                    row[1],
                    Long.parseLong(row[2]),
                    Instant.ofEpochSecond(Long.parseLong(row[3]))))
        .toList();
  }

  @Override
  List<Total> totals() {
    return rows("SELECT shop, toUnixTimestamp(window_start), n, total FROM totals").stream()
        .map(
            row ->
                new Total(
                    row[0],
                    Instant.ofEpochSecond(Long.parseLong(row[1])),
                    Long.parseLong(row[2]),
                    Long.parseLong(row[3])))
        .toList();
  }

  @Override
  long count() {
    return Long.parseLong(house.query("SELECT uniqExact(id) FROM events").strip());
  }

  @Override
  void killOutside() {
    house.process().restart();
  }
}
