package io.fluxcore.adapters.in.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.SourceConnectorContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.job.kit.PostgresServer;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads the changes of a real PostgreSQL. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class CdcSourceIT extends SourceConnectorContract {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final Schema FIELDS =
      Schema.of(
          new Field("id", DataType.LONG),
          new Field("name", DataType.STRING),
          new Field("__op", DataType.STRING));
  private static PostgresServer server;
  private static PostgresServer withoutLog;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.startLogical();
    execute(
        "create table shop (id bigint primary key, name text, price numeric(10,2))",
        "insert into shop select i, 'İ' || i, i from generate_series(1, 12) i",
        "create table nothing (id bigint primary key, name text)");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    if (withoutLog != null) {
      withoutLog.close();
    }
  }

  private static void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.url());
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  private static Map<String, Object> options(String tables, String... more) {
    URI url = URI.create(server.url().substring("jdbc:".length()));
    String name = "t" + NAMES.incrementAndGet();
    Map<String, Object> options = new HashMap<>();
    options.put("host", url.getHost());
    options.put("port", url.getPort());
    options.put("database", "postgres");
    options.put("user", "postgres");
    options.put("tables", List.of(tables.split(",")));
    options.put("slot", name);
    options.put("publication", name);
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return options;
  }

  /** With no times: the rows of a snapshot have the time at which it was taken. */
  @Override
  protected SourceConnector connector() {
    return timeless(SourceConnector.class, new CdcSourceConnector());
  }

  private static <T> T timeless(Class<T> type, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object result;
              try {
                result = method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (result instanceof Source source) {
                return timeless(Source.class, source);
              }
              if (result instanceof SourceReader reader) {
                return timeless(SourceReader.class, reader);
              }
              return result instanceof Poll.Rows rows
                  ? new Poll.Rows(
                      rows.split(),
                      rows.batch().withTimestamps(new long[rows.batch().rowCount()]),
                      rows.end(),
                      rows.bad(),
                      rows.filtered())
                  : result;
            }));
  }

  private CdcSource real(Map<String, Object> options) {
    SourceConnector connector = new CdcSourceConnector();
    return (CdcSource)
        connector.create(OptionParser.parse(connector.descriptor(), options).orThrow(), services());
  }

  @Override
  protected Map<String, Object> options() {
    return options("public.shop", "snapshot", "only");
  }

  @Override
  protected Schema schema() {
    return Schema.of(
        new Field("id", DataType.LONG),
        new Field("name", DataType.STRING),
        new Field("price", DataType.decimal(10, 2)));
  }

  @Override
  protected List<List<EventRecord>> expectedRows() {
    List<EventRecord> rows = new ArrayList<>();
    SourceReading.readAll(source(), SourceReading.context(schema(), 7))
        .values()
        .forEach(content -> rows.addAll(content.rows()));
    assertThat(rows.stream().map(row -> row.get("id") + " " + row.get("name")).toList())
        .hasSize(12)
        .contains("1 İ1", "12 İ12");
    return List.of(rows);
  }

  @Override
  protected @Nullable Map<String, Object> emptyOptions() {
    return options("public.nothing", "snapshot", "only");
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    return options("nothing", "password", "a", "passwordFile", "/b");
  }

  /** Reads until there are as many rows, and a little longer. */
  private static final class Reading implements AutoCloseable {
    final SourceReader reader;
    final List<String> rows = new ArrayList<>();
    final List<SplitPosition> ends = new ArrayList<>();
    final List<Integer> counts = new ArrayList<>();
    final List<BadRecord> bad = new ArrayList<>();

    Reading(Source source, Schema schema, int batchRows, @Nullable SplitPosition from) {
      reader = source.createReader(SourceReading.context(schema, batchRows));
      source.discoverSplits().forEach(split -> reader.assign(split, from));
    }

    Reading until(int count) {
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (rows.size() + bad.size() < count) {
        assertThat(System.nanoTime()).as("in time: %s %s", rows, bad).isLessThan(deadline);
        take(reader.poll(Duration.ofSeconds(1)));
      }
      for (int i = 0; i < 3; i++) {
        take(reader.poll(Duration.ofMillis(100)));
      }
      return this;
    }

    private void take(Poll poll) {
      if (poll instanceof Poll.Rows some) {
        for (EventRecord row : SourceReading.records(some.batch())) {
          List<@Nullable Object> values = new ArrayList<>();
          row.schema().fieldNames().forEach(name -> values.add(row.get(name)));
          rows.add(row.rowKind().sign() + values);
        }
        bad.addAll(some.bad());
        ends.add(some.end());
        counts.add(rows.size());
      }
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  @Test
  void changesFollowTheSnapshot_asRowsOfTheirKinds() throws SQLException {
    execute(
        "create table kinds (id bigint primary key, name text)",
        "insert into kinds values (1, 'a'), (2, 'b')",
        "create table full_kinds (id bigint primary key, name text)",
        "alter table full_kinds replica identity full",
        "insert into full_kinds values (7, 'x')");
    Source source = real(options("public.kinds,public.full_kinds"));
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
    try (Reading reading = new Reading(real(options("public.types")), all, 100, null)) {
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
    try (Reading reading = new Reading(real(options("public.types")), wrong, 100, null)) {
      reading.until(2);
      assertThat(reading.rows).containsExactly("+I[2, null]");
      assertThat(reading.bad)
          .singleElement()
          .satisfies(b -> assertThat(b.code()).isEqualTo("FLX-CDC-0101"));
    }
  }

  /** Rows that were copied together lie at one place of the log. */
  @Test
  void readingFromEveryPosition_givesTheRestAndNothingTwice() throws SQLException {
    execute("create table many (id bigint primary key, name text)");
    Source source = real(options("public.many", "snapshot", "never"));
    List<String> all;
    List<SplitPosition> ends;
    List<Integer> counts;
    try (Reading reading = new Reading(source, FIELDS, 3, null)) {
      reading.until(0);
      waitForSlot(source);
      execute(
          "insert into many select i, 'a' from generate_series(1, 10) i",
          "begin; insert into many values (11, 'b'); insert into many values (12, 'b'); commit",
          "update many set name = 'c' where id < 5",
          "copy many from program 'seq -f %g,d 20 29' (delimiter ',')",
          "delete from many where id in (1, 2)",
          "insert into many values (30, 'z')");
      reading.until(10 + 2 + 4 + 10 + 2 + 1);
      all = reading.rows;
      ends = reading.ends;
      counts = reading.counts;
    }
    assertThat(all).hasSize(29);
    for (int i = 0; i < ends.size(); i += 2) {
      List<String> rest = all.subList(counts.get(i), all.size());
      try (Reading reading = new Reading(source, FIELDS, 7, ends.get(i))) {
        reading.until(rest.size());
        assertThat(reading.rows).as("from " + ends.get(i).text()).isEqualTo(rest);
      }
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
    Source source = real(options("public.kept", "snapshot", "never"));
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

  @Test
  void positionAmidTheSnapshot_isRefused_unlessItMayBeRepeated() {
    SplitPosition amid;
    Map<String, Object> options = options("public.shop");
    try (Reading reading = new Reading(real(options), FIELDS, 5, null)) {
      reading.until(5);
      amid = reading.ends.get(0);
    }
    assertThatThrownBy(() -> new Reading(real(options), FIELDS, 5, amid))
        .hasMessageContaining("FLX-CDC-0005")
        .hasMessageContaining("repeat");
    options.put("snapshotRestart", "repeat");
    try (Reading reading = new Reading(real(options), FIELDS, 5, amid)) {
      assertThat(reading.until(12).rows).hasSize(12);
    }
  }

  @Test
  void serverThatIsStartedAgain_isGoneOnWith() throws Exception {
    execute("create table steady (id bigint primary key, name text)");
    Source source = real(options("public.steady", "snapshot", "never"));
    try (Reading reading = new Reading(source, FIELDS, 100, null)) {
      reading.until(0);
      waitForSlot(source);
      execute("insert into steady values (1, 'a'), (2, 'a')");
      reading.until(2);
      server.stop();
      reading.until(0);
      server.startAgain();
      execute("insert into steady values (3, 'b')");
      reading.until(3);
      assertThat(reading.rows).containsExactly("+I[1, a, c]", "+I[2, a, c]", "+I[3, b, c]");
    }
  }

  @Test
  void serverThatStandsStill_isWaitedFor_andGoneOnWith() throws Exception {
    execute("create table still (id bigint primary key, name text)");
    Source source = real(options("public.still", "snapshot", "never"));
    try (Reading reading = new Reading(source, FIELDS, 100, null)) {
      reading.until(0);
      waitForSlot(source);
      execute("insert into still select i, 'a' from generate_series(1, 3000) i");
      reading.until(500);
      server.pause();
      try {
        // The host's thread is not held up; what was sent before may come.
        for (int i = 0; i < 20; i++) {
          reading.take(reading.reader.poll(Duration.ofMillis(50)));
        }
      } finally {
        server.resume();
      }
      execute("insert into still values (3001, 'b')");
      reading.until(3001);
      assertThat(reading.rows)
          .hasSize(3001)
          .doesNotHaveDuplicates()
          .last()
          .isEqualTo("+I[3001, b, c]");
    }
  }

  /** What is not taken stays in the database, and not in memory. */
  @Test
  void readerThatIsSlow_leavesTheLogWhereItIs() throws Exception {
    int rows = 60_000;
    execute("create table large (id bigint primary key, name text)");
    Source source = real(options("public.large", "snapshot", "never"));
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
  void alteredTable_isReadOn_andADeclaredColumnThatIsGoneIsAFailure() throws SQLException {
    execute(
        "create table altered (id bigint primary key, name text)",
        "insert into altered values (1, 'a')");
    Schema more = FIELDS.with(new Field("extra", DataType.LONG));
    Map<String, Object> options = options("public.altered");
    try (Reading reading = new Reading(real(options), more, 100, null)) {
      reading.until(1);
      execute(
          "alter table altered add extra bigint",
          "insert into altered values (2, 'b', 7)",
          "alter table altered drop name",
          "insert into altered values (3, 8)");
      reading.until(3);
      assertThat(reading.rows)
          .containsExactly("+I[1, a, r, null]", "+I[2, b, c, 7]", "+I[3, null, c, 8]");
    }
    Map<String, Object> declared = options("public.altered");
    declared.put("schema", Map.of("id", "long", "extra", "long"));
    try (Reading reading =
        new Reading(
            real(declared),
            Schema.of(new Field("id", DataType.LONG), new Field("extra", DataType.LONG)),
            100,
            null)) {
      reading.until(3);
      execute("alter table altered drop extra", "insert into altered values (4)");
      assertThatThrownBy(() -> reading.until(4))
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContaining("FLX-CDC-0006")
          .hasMessageContaining("'extra'");
    }
  }

  @Test
  void whatIsWrongWithTheDatabase_isToldWhenTheJobStarts() throws Exception {
    assertThatThrownBy(() -> real(options("public.none")).discoverSplits())
        .hasMessageContaining("FLX-CDC-0001")
        .hasMessageContaining("'public.none'");
    Map<String, Object> manual = options("public.shop");
    manual.put("createPublication", "false");
    assertThatThrownBy(() -> real(manual).discoverSplits())
        .hasMessageContaining("create publication");
    execute("create role weak login password 'weak'");
    assertThatThrownBy(
            () -> real(options("public.shop", "user", "weak", "password", "weak")).discoverSplits())
        .hasMessageContaining("may not replicate");
    assertThatThrownBy(() -> real(options("public.shop", "user", "nobody")).discoverSplits())
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.USER));
    assertThatThrownBy(() -> real(options("public.shop", "port", "1")).discoverSplits())
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> assertThat(e.category()).isEqualTo(ErrorCategory.EXTERNAL));
    withoutLog = PostgresServer.start();
    URI url = URI.create(withoutLog.url().substring("jdbc:".length()));
    assertThatThrownBy(
            () ->
                real(options("public.none", "port", String.valueOf(url.getPort())))
                    .discoverSplits())
        .hasMessageContaining("wal_level")
        .hasMessageContaining("'public.none'");
  }
}
