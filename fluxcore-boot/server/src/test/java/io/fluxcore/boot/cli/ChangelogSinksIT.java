package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.job.kit.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changelogs in tables of PostgreSQL: totals of all rows by the key that the topology tells, the
 * places of the best by their own, and totals by a key that does not name their rows to the
 * planner. Their server is killed again and again, and in the end each is the table that a query
 * over the events makes.
 */
@Timeout(600)
final class ChangelogSinksIT {
  private static final long EVENTS = 30_000;
  private static final int RATE = 3_000;
  private static final int KILLS = 4;
  private static final int PLACES = 5;

  private static PostgresServer database;

  @TempDir private Path folder;
  private RunningServer server;

  @BeforeAll
  static void startDatabase() throws SQLException {
    database = PostgresServer.start();
    database.empty();
  }

  @AfterAll
  static void endDatabase() throws IOException {
    database.close();
  }

  @AfterEach
  void end() {
    if (server != null) {
      server.close();
    }
  }

  private static String sink(String more) {
    String url = database.url();
    return "{connector: jdbc, url: \"%s\", user: %s, password: none, createTable: true, %s}"
        .formatted(
            url.substring(0, url.indexOf('?')),
            url.substring(url.indexOf("user=") + 5).split("&", 2)[0],
            more);
  }

  private static String job() {
    return """
    job:
      name: shops
      parallelism: 2
      checkpointInterval: 150ms
      deliveryGuarantee: exactly-once
      restartStrategy: {fixedDelay: {attempts: 100000, delay: 200ms}}
    topology:
      - name: orders
        source:
          connector: generator
          count: %d
          rate: %d
          splits: 2
          step: 20ms
          fields:
            id: sequence
            shop: {kind: zipf, keys: 50, prefix: shop-}
            amount: {kind: uniform, min: 1, max: 1000}
      - name: events
        sink: %s
      - name: perShop
        from: orders
        aggregate:
          groupBy: shop
          fields: {n: count, total: {sum: amount}}
      - name: totals
        sink: %s
      - name: best
        from: perShop
        topN: {key: [], orderBy: [total desc, shop], limit: %d, rank: place}
      - name: places
        sink: %s
      - name: coded
        from: orders
        project: {shop: shop, code: upper(shop), amount: amount}
      - name: perCode
        aggregate:
          groupBy: [shop, code]
          fields: {n: count, total: {sum: amount}}
      - name: codes
        sink: %s
    """
        .formatted(
            EVENTS,
            RATE,
            sink("table: events"),
            sink("table: totals, mode: upsert"),
            PLACES,
            sink("table: places, mode: upsert, key: [place]"),
            sink("table: codes, mode: upsert, key: [shop]"));
  }

  /** Rows, their values with a space between. */
  private static List<String> query(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.url());
        Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      int columns = results.getMetaData().getColumnCount();
      while (results.next()) {
        StringBuilder row = new StringBuilder(results.getString(1));
        for (int i = 2; i <= columns; i++) {
          row.append(' ').append(results.getString(i));
        }
        rows.add(row.toString());
      }
      return rows;
    }
  }

  private static long committed() throws SQLException {
    boolean isThere =
        !query("select 1 from information_schema.tables where table_name = 'events'").isEmpty();
    return isThere ? Long.parseLong(query("select count(*) from events").get(0)) : 0;
  }

  /** Whether, after some more events are there, others are to come. */
  private static boolean awaitMoreOrAll() throws SQLException, InterruptedException {
    long before = committed();
    while (before < EVENTS && committed() <= before) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return committed() < EVENTS;
  }

  @Test
  void killedAtRandom_endsWithTheTablesOfItsEvents() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed of the moments: " + seed);
    Random random = new Random(seed);
    Path home = Files.createDirectories(folder.resolve("one"));
    server = RunningServer.start(home);
    server.submit(job());
    int kills = 0;
    while (kills < KILLS && awaitMoreOrAll()) {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(600));
      server.close();
      kills++;
      server = RunningServer.start(home);
    }
    assertThat(kills).isGreaterThanOrEqualTo(2);
    server.await(
        "shops",
        job -> {
          String state = job.path("state").asString("");
          assertThat(state).as(job.toString()).isNotIn("FAILED", "CANCELLED");
          return state.equals("FINISHED");
        });
    assertThat(query("select count(*), count(distinct id) from events"))
        .containsExactly(EVENTS + " " + EVENTS);
    String totals = "select shop, count(*) as n, sum(amount) as total from events group by shop";
    assertThat(query("select shop, n, total from totals order by shop"))
        .isNotEmpty()
        .isEqualTo(query(totals + " order by shop"));
    assertThat(query("select place, shop, n, total from places order by place"))
        .isEqualTo(
            query(
                "select row_number() over (order by total desc, shop), shop, n, total from ("
                    + totals
                    + ") t order by total desc, shop limit "
                    + PLACES));
    assertThat(query("select shop, code, n, total from codes order by shop"))
        .isEqualTo(
            query("select shop, upper(shop), n, total from (" + totals + ") t order by shop"));
  }
}
