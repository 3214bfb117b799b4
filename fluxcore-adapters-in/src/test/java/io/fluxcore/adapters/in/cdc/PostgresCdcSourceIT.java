package io.fluxcore.adapters.in.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.job.kit.PostgresServer;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads the changes of a real PostgreSQL. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class PostgresCdcSourceIT extends CdcSourceBehaviour {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static PostgresServer server;
  private static PostgresServer withoutLog;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.startLogical();
    new PostgresCdcSourceIT().createTables();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    if (withoutLog != null) {
      withoutLog.close();
    }
  }

  @Override
  Connection connect() throws SQLException {
    return DriverManager.getConnection(server.url());
  }

  @Override
  String series(long from, long to) {
    return "generate_series(" + from + ", " + to + ") i";
  }

  @Override
  String rowsTogether(String table, long from, long to, String name) {
    return "copy "
        + table
        + " from program 'seq -f %g,"
        + name
        + " "
        + from
        + " "
        + to
        + "' (delimiter ',')";
  }

  /** Without the rows before: the tables have no replica identity. */
  @Override
  int changed(int updates) {
    return updates;
  }

  @Override
  void awaitLog(Reading reading, Source source) throws SQLException {
    reading.until(0);
    waitForSlot(source);
  }

  @Override
  void stopServer() {
    server.stop();
  }

  @Override
  void startServerAgain() {
    server.startAgain();
  }

  @Override
  void pauseServer() {
    server.pause();
  }

  @Override
  void resumeServer() {
    server.resume();
  }

  @Override
  Map<String, Object> options(String tables, String... more) {
    URI url = URI.create(server.url().substring("jdbc:".length()));
    String name = "t" + NAMES.incrementAndGet();
    Map<String, Object> options = new HashMap<>();
    options.put("host", url.getHost());
    options.put("port", url.getPort());
    options.put("database", "postgres");
    options.put("user", "postgres");
    options.put("tables", Stream.of(tables.split(",")).map(table -> "public." + table).toList());
    options.put("slot", name);
    options.put("publication", name);
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return options;
  }

  @Test
  void changesFollowTheSnapshot_asRowsOfTheirKinds() throws SQLException {
    execute(
        "create table kinds (id bigint primary key, name text)",
        "insert into kinds values (1, 'a'), (2, 'b')",
        "create table full_kinds (id bigint primary key, name text)",
        "alter table full_kinds replica identity full",
        "insert into full_kinds values (7, 'x')");
    Source source = real(options("kinds,full_kinds"));
    try (Reading reading = new Reading(source, FIELDS, 100, null)) {
      reading.until(3);
      assertThat(reading.rows)
          .containsExactlyInAnyOrder("+I[1, a, r]", "+I[2, b, r]", "+I[7, x, r]");
      reading.rows.clear();
      execute(
          "insert into kinds values (3, '漢')",
          "update kinds set name = 'c' where id = 1",
          "delete from kinds where id = 2",
          "update kinds set id = 9 where id = 3",
          "update full_kinds set name = 'y'",
          "delete from full_kinds");
      reading.until(8);
      assertThat(reading.rows)
          .containsExactly(
              "+I[3, 漢, c]",
              "+U[1, c, u]",
              "-D[2, null, d]",
              "-D[3, null, d]",
              "+I[9, 漢, c]",
              "-U[7, x, u]",
              "+U[7, y, u]",
              "-D[7, y, d]");
      execute("truncate kinds");
      reading.until(9);
      assertThat(reading.bad)
          .singleElement()
          .satisfies(b -> assertThat(b.message()).contains("truncated"));
    }
  }

  @Test
  void everyType_isReadAsTheFieldWantsIt() throws SQLException {
    execute(
        "create table types (id bigint primary key, b boolean, s smallint, i int, r real,"
            + " d double precision, n numeric(20,5), free numeric, t text, v varchar(9), c char(3),"
            + " y bytea, day date, local timestamp, at timestamptz, at3 timestamp(3), u uuid,"
            + " j jsonb, l text[])",
        "insert into types values (1, true, -1, 2, 0.5, 1e300, 12.50000, 0.125, 'ı', 'v', 'c',"
            + " '\\x00ff', '2026-01-31', '2026-01-31 10:00:00.123456',"
            + " '2026-01-31 10:00:00.5+02', '2026-01-31 10:00:00.123',"
            + " '00000000-0000-0000-0000-00000000000a', '{\"a\": 1}', '{p,null}')",
        "insert into types (id) values (2)");
    Schema all =
        Schema.builder()
            .field("id", DataType.LONG)
            .field("b", DataType.BOOLEAN)
            .field("s", DataType.LONG)
            .field("i", DataType.LONG)
            .field("r", DataType.DOUBLE)
            .field("d", DataType.DOUBLE)
            .field("n", DataType.decimal(20, 5))
            .field("free", DataType.decimal(10, 3))
            .field("t", DataType.STRING)
            .field("v", DataType.STRING)
            .field("c", DataType.STRING)
            .field("day", DataType.DATE)
            .field("local", DataType.TIMESTAMP)
            .field("at", DataType.TIMESTAMP_TZ)
            .field("at3", DataType.TIMESTAMP)
            .field("u", DataType.STRING)
            .field("j", DataType.STRING)
            .field("l", DataType.NESTED)
            .build();
    try (Reading reading = new Reading(real(options("types")), all, 100, null)) {
      reading.until(2);
      assertThat(reading.rows)
          .containsExactly(
              "+I[1, true, -1, 2, 0.5, 1.0E300, 12.50000, 0.125, ı, v, c  , 2026-01-31,"
                  + " 2026-01-31T10:00:00.123456, 2026-01-31T08:00:00.500Z,"
                  + " 2026-01-31T10:00:00.123, 00000000-0000-0000-0000-00000000000a,"
                  + " {\"a\": 1}, [p, null]]",
              "+I[2, null, null, null, null, null, null, null, null, null, null, null, null,"
                  + " null, null, null, null, null]");
    }
    Schema wrong = Schema.of(new Field("id", DataType.LONG), new Field("t", DataType.LONG));
    try (Reading reading = new Reading(real(options("types")), wrong, 100, null)) {
      reading.until(2);
      assertThat(reading.rows).containsExactly("+I[2, null]");
      assertThat(reading.bad)
          .singleElement()
          .satisfies(b -> assertThat(b.code()).isEqualTo("FLX-CDC-0101"));
    }
  }

  private static void waitForSlot(Source source) throws SQLException {
    String slot = ((CdcSource) source).options().slot();
    while (true) {
      try (Connection connection = DriverManager.getConnection(server.url());
          Statement statement = connection.createStatement();
          ResultSet result =
              statement.executeQuery(
                  "select 1 from pg_replication_slots s join pg_stat_replication r on r.pid ="
                      + " s.active_pid where r.state = 'streaming' and s.slot_name = '"
                      + slot
                      + "'")) {
        if (result.next()) {
          return;
        }
      }
      Thread.onSpinWait();
    }
  }

  private static String confirmed(Source source) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.url());
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "select confirmed_flush_lsn::text from pg_replication_slots where slot_name = '"
                    + ((CdcSource) source).options().slot()
                    + "'")) {
      assertThat(result.next()).isTrue();
      return result.getString(1);
    }
  }

  @Test
  void databaseKeepsWhatNoCheckpointHolds() throws SQLException {
    execute("create table kept (id bigint primary key, name text)");
    Source source = real(options("kept", "snapshot", "never"));
    try (Reading reading = new Reading(source, FIELDS, 100, null)) {
      reading.until(0);
      waitForSlot(source);
      String before = confirmed(source);
      execute(
          "insert into kept values (1, 'a')",
          "insert into kept values (2, 'a')",
          "insert into kept values (3, 'a')");
      reading.until(3);
      assertThat(confirmed(source)).isEqualTo(before);
      SplitPosition early = reading.ends.get(0);
      reading.reader.checkpointStarted(1);
      reading.reader.checkpointCompleted(1);
      long deadline = System.nanoTime() + 30_000_000_000L;
      while (confirmed(source).equals(before)) {
        assertThat(System.nanoTime()).as("confirmed in time").isLessThan(deadline);
        reading.until(0);
      }
      SplitPosition late = reading.ends.get(reading.ends.size() - 1);
      reading.reader.close();
      try (Reading again = new Reading(source, FIELDS, 100, late)) {
        execute("insert into kept values (4, 'b')");
        assertThat(again.until(1).rows).containsExactly("+I[4, b, c]");
        again.reader.checkpointStarted(2);
      }
      execute(
          "select pg_replication_slot_advance('"
              + ((CdcSource) source).options().slot()
              + "', pg_current_wal_lsn())");
      assertThatThrownBy(() -> new Reading(source, FIELDS, 100, early))
          .hasMessageContaining("FLX-CDC-0003")
          .hasMessageContaining("has gone on");
      execute("select pg_drop_replication_slot('" + ((CdcSource) source).options().slot() + "')");
      assertThatThrownBy(() -> new Reading(source, FIELDS, 100, late))
          .hasMessageContaining("FLX-CDC-0003")
          .hasMessageContaining("not there any more");
    }
  }

  /** What is not taken stays in the database, and not in memory. */
  @Test
  void readerThatIsSlow_leavesTheLogWhereItIs() throws Exception {
    int rows = 60_000;
    execute("create table large (id bigint primary key, name text)");
    Source source = real(options("large", "snapshot", "never"));
    try (Reading reading = new Reading(source, FIELDS, 1000, null)) {
      reading.until(0);
      waitForSlot(source);
      for (int from = 0; from < rows; from += 1000) { // each a transaction
        execute(
            "insert into large select i, repeat('x', 1900) from generate_series("
                + (from + 1)
                + ", "
                + (from + 1000)
                + ") i");
      }
      long unsent = unsent(source);
      for (int same = 0; same < 20; ) {
        TimeUnit.MILLISECONDS.sleep(50);
        long now = unsent(source);
        same = now == unsent ? same + 1 : 0;
        unsent = now;
      }
      assertThat(unsent).isGreaterThan(rows * 1900L / 2);
      reading.until(rows);
      assertThat(reading.rows).hasSize(rows);
      for (int i = 0; i < rows; i++) {
        assertThat(reading.rows.get(i)).startsWith("+I[" + (i + 1) + ", x");
      }
    }
  }

  /** Bytes of the log that the database has not sent. */
  private static long unsent(Source source) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.url());
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "select pg_current_wal_lsn() - r.sent_lsn from pg_stat_replication r join"
                    + " pg_replication_slots s on s.active_pid = r.pid where s.slot_name = '"
                    + ((CdcSource) source).options().slot()
                    + "'")) {
      assertThat(result.next()).isTrue();
      return result.getLong(1);
    }
  }

  @Test
  void whatIsWrongWithTheDatabase_isToldWhenTheJobStarts() throws Exception {
    assertThatThrownBy(() -> real(options("none")).discoverSplits())
        .hasMessageContaining("FLX-CDC-0001")
        .hasMessageContaining("'public.none'");
    Map<String, Object> manual = options("store");
    manual.put("createPublication", "false");
    assertThatThrownBy(() -> real(manual).discoverSplits())
        .hasMessageContaining("create publication");
    execute("create role weak login password 'weak'");
    assertThatThrownBy(
            () -> real(options("store", "user", "weak", "password", "weak")).discoverSplits())
        .hasMessageContaining("may not replicate");
    withoutLog = PostgresServer.start();
    URI url = URI.create(withoutLog.url().substring("jdbc:".length()));
    assertThatThrownBy(
            () -> real(options("none", "port", String.valueOf(url.getPort()))).discoverSplits())
        .hasMessageContaining("wal_level")
        .hasMessageContaining("'public.none'");
  }
}
