package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.job.kit.PostgresServer;
import java.io.IOException;
import java.net.URI;
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
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A job copies a table by its changes while its server is killed. */
@Timeout(300)
final class CdcIT {
  /** The ids, each as often as a change said that it is there. */
  private static final String COPIES = "copies, generate_series(1, n)";

  private static final int ROWS = 4_000;

  private static PostgresServer database;

  @TempDir private Path folder;

  @BeforeAll
  static void startDatabase() {
    database = PostgresServer.startLogical();
  }

  @AfterAll
  static void endDatabase() throws IOException {
    database.close();
  }

  private static void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.url());
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  private static List<Long> ids(String table) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.url());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select id from " + table + " order by id")) {
      List<Long> ids = new ArrayList<>();
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
      return ids;
    }
  }

  private static String job() {
    URI url = URI.create(database.url().substring("jdbc:".length()));
    return """
    job:
      name: copies
      checkpointInterval: 150ms
      deliveryGuarantee: exactly-once
      restartStrategy: {fixedDelay: {attempts: 100000, delay: 200ms}}
    topology:
      - name: orders
        source:
          connector: cdc
          host: %s
          port: %d
          database: postgres
          user: postgres
          tables: [public.orders]
          slot: copies
          publication: copies
          snapshot: never
          schema: {id: long, name: string}
      - name: perId
        aggregate: {groupBy: id, fields: {n: count}}
      - name: copy
        sink:
          connector: jdbc
          url: "%s"
          user: postgres
          password: none
          table: copies
          mode: upsert
    """
        .formatted(
            url.getHost(), url.getPort(), database.url().substring(0, database.url().indexOf('?')));
  }

  @Test
  void serverKilledAtRandom_losesNoChange_andTellsNoneTwice() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed of the moments: " + seed);
    Random random = new Random(seed);
    execute(
        "create table orders (id bigint primary key, name text)",
        "create table copies (id bigint primary key, n bigint)");
    RunningServer server = RunningServer.start(folder);
    try {
      server.submit(job());
      while (ids(COPIES).isEmpty()) {
        execute("insert into orders select coalesce(max(id), -1) + 1, 'first' from orders");
        TimeUnit.MILLISECONDS.sleep(100);
      }
      long next = ids("orders").size();
      int kills = 0;
      while (next < ROWS) {
        int burst = 1 + random.nextInt(100);
        // Rows that are copied together lie at one place of the log.
        execute(
            "copy orders from program 'seq -f %.0f,copied "
                + next
                + " "
                + (next + burst - 1)
                + "' (delimiter ',')");
        next += burst;
        if (kills < 4 && next > ROWS * (kills + 1L) / 5) {
          TimeUnit.MILLISECONDS.sleep(random.nextInt(600));
          server.close();
          server = RunningServer.start(folder);
          kills++;
        }
      }
      assertThat(kills).isEqualTo(4);
      List<Long> all = LongStream.range(0, next).boxed().toList();
      assertThat(ids("orders")).isEqualTo(all);
      // The first ones may have been there before the log was read.
      while (!ids(COPIES).contains(next - 1)) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
      List<Long> copied = ids(COPIES);
      assertThat(copied).isEqualTo(all.subList(all.size() - copied.size(), all.size()));
    } finally {
      server.close();
    }
  }
}
