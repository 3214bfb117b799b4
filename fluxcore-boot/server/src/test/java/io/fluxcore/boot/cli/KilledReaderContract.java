package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.job.kit.PostgresServer;
import java.io.IOException;
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

/**
 * What a source keeps while the server that reads it is killed again and again: each row is copied,
 * and once. A source's test extends it, and says how rows come to be outside.
 */
@Timeout(600)
abstract class KilledReaderContract {
  private static final int ROWS = 4_000;
  private static final int KILLS = 4;

  private static PostgresServer database;

  @TempDir private Path folder;

  @BeforeAll
  static void startDatabase() {
    database = PostgresServer.start();
  }

  @AfterAll
  static void endDatabase() throws IOException {
    database.close();
  }

  /** The source of rows with the fields id and name, as a job file writes it. */
  abstract String source() throws Exception;

  /** Has rows of these ids outside, in this order. */
  abstract void produce(long fromId, long toId) throws Exception;

  /** The database that rows are copied to. */
  static Connection connect() throws SQLException {
    return DriverManager.getConnection(database.url());
  }

  /** Its address, without user. */
  static String address() {
    return database.url().substring(0, database.url().indexOf('?'));
  }

  private static void execute(String statement) throws SQLException {
    try (Connection connection = connect();
        Statement executed = connection.createStatement()) {
      executed.execute(statement);
    }
  }

  /** The ids, each as often as it was read. */
  private static List<Long> copies() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("select id from copies, generate_series(1, n) order by id")) {
      List<Long> ids = new ArrayList<>();
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
      return ids;
    }
  }

  private String job() throws Exception {
    return """
    job:
      name: copies
      checkpointInterval: 150ms
      deliveryGuarantee: exactly-once
      restartStrategy: {fixedDelay: {attempts: 100000, delay: 200ms}}
    topology:
      - name: rows
        source: %s
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
        .formatted(source(), address());
  }

  @Test
  void serverKilledAtRandom_losesNoRow_andReadsNoneTwice() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed of the moments: " + seed);
    Random random = new Random(seed);
    execute("create table copies (id bigint primary key, n bigint)");
    long next = 10;
    produce(0, next);
    RunningServer server = RunningServer.start(folder);
    try {
      server.submit(job());
      int kills = 0;
      while (next < ROWS) {
        int burst = 1 + random.nextInt(100);
        produce(next, next + burst);
        next += burst;
        if (kills < KILLS && next > ROWS * (kills + 1L) / (KILLS + 1)) {
          TimeUnit.MILLISECONDS.sleep(random.nextInt(600));
          server.close();
          server = RunningServer.start(folder);
          kills++;
        }
      }
      assertThat(kills).isEqualTo(KILLS);
      while (copies().size() < next) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
      assertThat(copies()).isEqualTo(LongStream.range(0, next).boxed().toList());
    } finally {
      server.close();
    }
  }
}
