package io.fluxcore.adapters.in.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.kit.MariaDbServer;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads the changes of a real MariaDB, whose log names the columns. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class MariaDbCdcSourceIT extends CdcSourceBehaviour {
  private static MariaDbServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        MariaDbServer.start(
            "--log-bin=binlog",
            "--server-id=1",
            "--binlog-format=ROW",
            "--binlog-row-metadata=FULL");
    new MariaDbCdcSourceIT().createTables();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  Connection connect() throws SQLException {
    return connect(server);
  }

  private static Connection connect(MariaDbServer to) throws SQLException {
    return DriverManager.getConnection(to.url(), MariaDbServer.USER, MariaDbServer.PASSWORD);
  }

  @Override
  Map<String, Object> options(String tables, String... more) {
    return options(server, tables, more);
  }

  private static Map<String, Object> options(MariaDbServer of, String tables, String... more) {
    URI url = URI.create(of.url().substring("jdbc:".length()));
    Map<String, Object> options = new HashMap<>();
    options.put("type", "mariadb");
    options.put("host", url.getHost());
    options.put("port", url.getPort());
    options.put("database", MariaDbServer.DATABASE);
    options.put("user", MariaDbServer.USER);
    options.put("password", MariaDbServer.PASSWORD);
    options.put("tables", Stream.of(tables.split(",")).map(table -> "shop." + table).toList());
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return options;
  }

  @Override
  String series(long from, long to) {
    return "(select seq i from seq_" + from + "_to_" + to + ") s";
  }

  @Override
  String rowsTogether(String table, long from, long to, String name) {
    return "insert into " + table + " select i, '" + name + "' from " + series(from, to);
  }

  /** With the rows before. */
  @Override
  int changed(int updates) {
    return 2 * updates;
  }

  @Override
  void awaitLog(Reading reading, Source source) {
    while (reading.ends.isEmpty()) {
      reading.until(0);
    }
  }

  @Override
  void stopServer() {
    server.kill();
  }

  @Override
  void startServerAgain() {
    server.restart();
  }

  @Override
  void pauseServer() {
    server.pause();
  }

  @Override
  void resumeServer() {
    server.resume();
  }

  private static String only(MariaDbServer of, String query) throws SQLException {
    try (Connection connection = connect(of);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      assertThat(result.next()).isTrue();
      return result.getString(1);
    }
  }

  /** The way to a snapshot that MySQL needs, with locks, goes on MariaDB, too. */
  @ParameterizedTest
  @ValueSource(strings = {"mariadb", "mysql"})
  void changesFollowTheSnapshot_asRowsOfTheirKinds(String type) throws SQLException {
    execute(
        "create or replace table kinds (id bigint primary key, name text)",
        "insert into kinds values (1, 'a'), (2, 'b')",
        "create or replace table keyless (id bigint, name text)",
        "insert into keyless values (7, 'x')");
    Source source = real(options("kinds,keyless", "type", type));
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
          "update keyless set id = 8, name = 'y'",
          "delete from keyless");
      reading.until(9);
      assertThat(reading.rows)
          .containsExactly(
              "+I[3, 漢, c]",
              "-U[1, a, u]",
              "+U[1, c, u]",
              "-D[2, b, d]",
              "-D[3, 漢, d]",
              "+I[9, 漢, c]",
              "-U[7, x, u]",
              "+U[8, y, u]",
              "-D[8, y, d]");
      execute("truncate kinds");
      reading.until(10);
      assertThat(reading.bad)
          .singleElement()
          .satisfies(b -> assertThat(b.message()).contains("kinds", "truncated"));
    }
  }

  private static final String TYPES =
      "(id bigint primary key, flag boolean, tiny tinyint unsigned, small smallint unsigned,"
          + " medium mediumint unsigned, number int unsigned, big bigint unsigned, real4 float,"
          + " real8 double, price decimal(20,5), t text, latin varchar(9) character set latin1,"
          + " c char(3), bytes varbinary(9), padded binary(4), image blob, day date,"
          + " local datetime(6), plain datetime, at timestamp(3) null, span time(2), y year,"
          + " one bit(1), bits bit(9), kind enum('klein','gr\u00f6\u00dfer'), many set('p','q','r'),"
          + " u uuid, j json, last varchar(300) character set utf8mb4)";

  private static final String VALUES =
      "(%d, true, 255, 65535, 16777215, 4294967295, 18446744073709551615, 0.1, 1e300, -12.50000,"
          + " '\u0131\ud83d\ude00', '\u00fc', 'c', x'00ff', x'0100', x'fe', '2026-01-31',"
          + " '1969-12-31 10:00:00.123456', '2026-03-29 02:30:00', '2026-01-31 10:00:00.123',"
          + " '-12:30:01.25', 2026, b'1', b'100000001', 'gr\u00f6\u00dfer', 'p,r',"
          + " '6ba7b810-9dad-41d1-80b4-00c04fd430c8', '{\"a\": 1}', 'z')";

  private static final Schema ALL =
      Schema.builder()
          .field("flag", DataType.BOOLEAN)
          .field("tiny", DataType.LONG)
          .field("small", DataType.LONG)
          .field("medium", DataType.LONG)
          .field("number", DataType.LONG)
          .field("big", DataType.decimal(20, 0))
          .field("real4", DataType.DOUBLE)
          .field("real8", DataType.DOUBLE)
          .field("price", DataType.decimal(20, 5))
          .field("t", DataType.STRING)
          .field("latin", DataType.STRING)
          .field("c", DataType.STRING)
          .field("bytes", DataType.BYTES)
          .field("padded", DataType.BYTES)
          .field("image", DataType.BYTES)
          .field("day", DataType.DATE)
          .field("local", DataType.TIMESTAMP)
          .field("plain", DataType.TIMESTAMP)
          .field("at", DataType.TIMESTAMP_TZ)
          .field("span", DataType.STRING)
          .field("y", DataType.LONG)
          .field("one", DataType.BOOLEAN)
          .field("bits", DataType.LONG)
          .field("kind", DataType.STRING)
          .field("many", DataType.STRING)
          .field("u", DataType.STRING)
          .field("j", DataType.STRING)
          .field("last", DataType.STRING)
          .build();

  private static final String EXPECTED =
      "+I[true, 255, 65535, 16777215, 4294967295, 18446744073709551615, 0.10000000149011612,"
          + " 1.0E300, -12.50000, \u0131\ud83d\ude00, \u00fc, c, [0, -1], [1, 0, 0, 0], [-2],"
          + " 2026-01-31, 1969-12-31T10:00:00.123456, 2026-03-29T02:30,"
          + " 2026-01-31T10:00:00.123Z, -12:30:01.25, 2026, true, 257, gr\u00f6\u00dfer, p,r,"
          + " 6ba7b810-9dad-41d1-80b4-00c04fd430c8, {\"a\": 1}, z]";

  private static final String NULLS = "+I[" + "null, ".repeat(27) + "null]";

  @ParameterizedTest
  @ValueSource(strings = {"FULL", "MINIMAL", "NO_LOG"})
  void everyType_isTheSameInTheSnapshotAndInTheLog(String metadata) throws SQLException {
    try {
      execute(
          "set global binlog_row_metadata = " + metadata,
          "create or replace table types " + TYPES,
          "set time_zone = '+00:00'",
          "insert into types values " + String.format(VALUES, 1),
          "insert into types (id) values (2)");
      try (Reading reading = new Reading(real(options("types")), ALL, 100, null)) {
        reading.until(2);
        execute(
            "set time_zone = '+00:00'",
            "insert into types values " + String.format(VALUES, 3),
            "insert into types (id) values (4)");
        reading.until(4);
        assertThat(reading.bad).isEmpty();
        assertThat(reading.rows).containsExactly(EXPECTED, NULLS, EXPECTED, NULLS);
      }
    } finally {
      execute("set global binlog_row_metadata = FULL");
    }
  }

  @Test
  void valueThatDoesNotGoWithItsField_isABadRecord() throws SQLException {
    execute(
        "create table wrong (id bigint primary key, t text, big bigint unsigned)",
        "insert into wrong values (1, 'a', 18446744073709551615), (2, null, 3)");
    Schema wanted =
        Schema.of(
            new Field("id", DataType.LONG),
            new Field("t", DataType.LONG),
            new Field("big", DataType.LONG));
    try (Reading reading = new Reading(real(options("wrong")), wanted, 100, null)) {
      reading.until(2);
      execute("insert into wrong values (3, null, 18446744073709551615), (4, null, 5)");
      reading.until(4);
      assertThat(reading.rows).containsExactly("+I[2, null, 3]", "+I[4, null, 5]");
      assertThat(reading.bad)
          .hasSize(2)
          .allSatisfy(b -> assertThat(b.code()).isEqualTo("FLX-CDC-0101"));
    }
  }

  @Test
  void datesThatAreNone_areNull() throws SQLException {
    String zeros =
        "insert into zeros values (%d, '0000-00-00', '2026-00-10', '0000-00-00 00:00:00', 0)";
    execute(
        "create table zeros (id bigint primary key, a date, b date, c datetime, d timestamp)",
        "set sql_mode = ''",
        String.format(zeros, 1));
    Schema wanted =
        Schema.of(
            new Field("id", DataType.LONG),
            new Field("a", DataType.DATE),
            new Field("b", DataType.DATE),
            new Field("c", DataType.TIMESTAMP),
            new Field("d", DataType.TIMESTAMP_TZ));
    try (Reading reading = new Reading(real(options("zeros")), wanted, 100, null)) {
      reading.until(1);
      execute("set sql_mode = ''", String.format(zeros, 2));
      reading.until(2);
      assertThat(reading.rows)
          .containsExactly("+I[1, null, null, null, null]", "+I[2, null, null, null, null]");
    }
  }

  /** Half of them are written while the snapshot is read. */
  @Test
  void rowsThatAreWrittenDuringTheSnapshot_areReadOnce() throws Exception {
    execute(
        "create table busy (id bigint primary key, name text)",
        "insert into busy select i, repeat('x', 1000) from " + series(1, 30_000));
    Thread writer =
        new Thread(
            () -> {
              try {
                for (int i = 30_001; i <= 30_300; i++) {
                  execute("insert into busy values (" + i + ", 'y')");
                }
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    writer.start();
    Schema id = Schema.of(new Field("id", DataType.LONG));
    try (Reading reading = new Reading(real(options("busy")), id, 500, null)) {
      reading.until(30_300);
      writer.join();
      assertThat(reading.rows).hasSize(30_300).doesNotHaveDuplicates();
    }
  }

  /** With names that the log does not say, those of the database are taken while they fit. */
  @Test
  void tableThatWasAltered_isTold_whereTheLogDoesNotNameColumns() throws SQLException {
    try {
      execute(
          "set global binlog_row_metadata = NO_LOG",
          "create table unnamed (id bigint primary key, name text)");
      Source source = real(options("unnamed"));
      SplitPosition before;
      try (Reading reading = new Reading(source, FIELDS, 100, null)) {
        awaitLog(reading, source);
        execute("insert into unnamed values (1, 'a')");
        reading.until(1);
        execute(
            "alter table unnamed add column more bigint", "insert into unnamed values (2, 'b', 3)");
        reading.until(2);
        assertThat(reading.rows).containsExactly("+I[1, a, c]", "+I[2, b, c]");
        before = reading.ends.get(reading.ends.size() - 1);
      }
      execute("insert into unnamed values (3, 'c', 4)", "alter table unnamed drop column more");
      try (Reading reading = new Reading(source, FIELDS, 100, before)) {
        assertThatThrownBy(() -> reading.until(1))
            .hasMessageContaining("FLX-CDC-0007")
            .hasMessageContaining("3 columns")
            .hasMessageContaining("binlog_row_metadata = FULL");
      }
    } finally {
      execute("set global binlog_row_metadata = FULL");
    }
  }

  @Test
  void tableThatIsAlteredWhileNobodyReads_isReadByTheNamesOfTheLog() throws SQLException {
    execute("create table named (id bigint primary key, name text)");
    Source source = real(options("named"));
    SplitPosition position;
    try (Reading reading = new Reading(source, FIELDS, 100, null)) {
      awaitLog(reading, source);
      execute("insert into named values (1, 'a')");
      reading.until(1);
      position = reading.ends.get(reading.ends.size() - 1);
    }
    execute(
        "insert into named values (2, 'b')",
        "alter table named add column before_it bigint first, rename column name to other",
        "insert into named values (7, 3, 'c')",
        "alter table named rename column other to name",
        "insert into named values (8, 4, 'd')");
    try (Reading reading = new Reading(source, FIELDS, 100, position)) {
      reading.until(3);
      assertThat(reading.rows).containsExactly("+I[2, b, c]", "+I[3, null, c]", "+I[4, d, c]");
    }
  }

  @Test
  void logThatWasPurged_isTold_withWhatToDo() throws SQLException {
    execute("create table purged (id bigint primary key, name text)");
    Source source = real(options("purged"));
    SplitPosition position;
    try (Reading reading = new Reading(source, FIELDS, 100, null)) {
      awaitLog(reading, source);
      position = reading.ends.get(0);
    }
    execute("flush binary logs");
    String newest = only(server, "show master status");
    // a log that a connection still reads stays, and the server notices late that one has ended
    do {
      execute("purge binary logs to '" + newest + "'");
    } while (!only(server, "show binary logs").equals(newest));
    assertThatThrownBy(() -> new Reading(source, FIELDS, 100, position))
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.USER))
        .hasMessageContaining("FLX-CDC-0003")
        .hasMessageContaining("not there any more");
  }

  /** What others write moves the position, so that the log can be purged up to it. */
  @Test
  void tablesThatStandStill_letTheLogGo() throws SQLException {
    execute(
        "create table idle (id bigint primary key, name text)",
        "create table others (id bigint primary key, name text)");
    Source source = real(options("idle"));
    try (Reading reading = new Reading(source, FIELDS, 100, null)) {
      awaitLog(reading, source);
      execute("flush binary logs", "insert into others values (1, 'a')");
      String newest = only(server, "show master status");
      long deadline = System.nanoTime() + 30_000_000_000L;
      while (!reading.ends.get(reading.ends.size() - 1).text().contains(newest)) {
        assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
        reading.until(0);
      }
      assertThat(reading.rows).isEmpty();
    }
  }

  /** What is not taken stays in the database, and not in memory. */
  @Test
  void readerThatIsSlow_leavesTheLogWhereItIs() throws Exception {
    int rows = 60_000;
    execute("create table large (id bigint primary key, name text)");
    Source source = real(options("large", "snapshot", "never"));
    try (Reading reading = new Reading(source, FIELDS, 1000, null)) {
      awaitLog(reading, source);
      for (int from = 1; from <= rows; from += 1000) { // each a transaction
        execute("insert into large select i, repeat('x', 1900) from " + series(from, from + 999));
      }
      for (int same = 0; same < 20; ) {
        TimeUnit.MILLISECONDS.sleep(50);
        String state =
            only(
                server,
                "select coalesce(max(state), '') from information_schema.processlist"
                    + " where command = 'Binlog Dump' and state like '%net%'");
        same = state.isEmpty() ? 0 : same + 1;
      }
      reading.until(rows);
      assertThat(reading.rows).hasSize(rows);
      for (int i = 0; i < rows; i++) {
        assertThat(reading.rows.get(i)).startsWith("+I[" + (i + 1) + ", x");
      }
    }
  }

  @Test
  void whatTheLogHasNoRowsOf_isABadRecord() throws SQLException {
    execute("create table formless (id bigint primary key, name text)");
    Source source = real(options("formless"));
    try (Reading reading = new Reading(source, FIELDS, 100, null)) {
      awaitLog(reading, source);
      execute("set session binlog_format = STATEMENT", "insert into formless values (1, 'a')");
      execute(
          "set session binlog_row_image = MINIMAL",
          "update formless set name = 'b' where id = 1",
          "delete from formless where id = 1");
      execute(
          "xa start 'x'",
          "insert into formless values (2, 'b')",
          "xa end 'x'",
          "xa prepare 'x'",
          "xa rollback 'x'");
      execute("insert into formless values (3, 'c')");
      reading.until(5);
      assertThat(reading.rows).containsExactly("+I[3, c, c]");
      assertThat(reading.bad.stream().map(b -> b.code()).toList())
          .containsExactly("FLX-CDC-0103", "FLX-CDC-0102", "FLX-CDC-0102", "FLX-CDC-0103");
      assertThat(reading.bad.get(1).message()).contains("binlog_row_image");
      assertThat(reading.bad.get(3).message()).contains("XA");
    }
  }

  @Test
  void whatCannotBeRead_isAFailure_andNotPassedOver() throws SQLException {
    execute("create table pressed (id bigint primary key, name text)");
    Source source = real(options("pressed"));
    try (Reading reading = new Reading(source, FIELDS, 100, null)) {
      awaitLog(reading, source);
      execute("set global log_bin_compress = ON");
      try {
        execute("insert into pressed values (1, repeat('x', 2000))");
      } finally {
        execute("set global log_bin_compress = OFF");
      }
      assertThatThrownBy(() -> reading.until(1))
          .isInstanceOfSatisfying(
              FluxCoreException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.USER))
          .hasMessageContaining("FLX-CDC-0001")
          .hasMessageContaining("log_bin_compress = OFF");
    }
  }

  /** A snapshot is not read to its end when nobody wants it any more. */
  @Test
  void closeAmidTheSnapshot_endsIt() throws SQLException {
    execute(
        "create table wide (id bigint primary key, name text)",
        "insert into wide select i, repeat('x', 10000) from " + series(1, 10_000));
    try (Reading reading = new Reading(real(options("wide")), FIELDS, 10, null)) {
      reading.until(10);
    }
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!only(
            server,
            "select count(*) from information_schema.processlist"
                + " where info like 'select%wide%' and id <> connection_id()")
        .equals("0")) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  /** Columns that cannot be read are in the way of nobody else. */
  @Test
  void tablesThatAreNotAskedFor_mayHaveAnything() throws SQLException {
    execute(
        "create table asked (id bigint primary key, name text)",
        "create table odd (id bigint primary key, c text compressed, g geometry)");
    Source source = real(options("asked"));
    try (Reading reading = new Reading(source, FIELDS, 100, null)) {
      awaitLog(reading, source);
      execute(
          "begin",
          "insert into odd values (1, repeat('x', 1000), point(1, 2))",
          "insert into asked values (1, 'a')",
          "update odd set id = 2",
          "commit");
      reading.until(1);
      assertThat(reading.rows).containsExactly("+I[1, a, c]");
    }
  }

  private static List<String> problems(Source source) {
    List<String> messages = new ArrayList<>();
    try {
      source.discoverSplits();
    } catch (FluxCoreException e) {
      assertThat(e.category()).isEqualTo(ErrorCategory.USER);
      e.diagnostics().forEach(d -> messages.add(d.code() + " " + d.message() + " > " + d.remedy()));
    }
    return messages;
  }

  @Test
  void whatIsWrongWithTheDatabase_isToldWhenTheJobStarts() throws Exception {
    execute(
        "create table Cased (id bigint primary key)",
        "create table aria (id bigint primary key) engine = aria",
        "create view seen as select * from store",
        "create user weak identified by 'weak'");
    assertThat(problems(real(options("none,store,seen,aria"))))
        .hasSize(3)
        .anyMatch(p -> p.contains("FLX-CDC-0001") && p.contains("no table 'shop.none'"))
        .anyMatch(p -> p.contains("'shop.seen' is a view"))
        .anyMatch(p -> p.contains("engine Aria") && p.contains("engine = InnoDB"));
    execute("grant select on shop.nothing to weak");
    assertThat(problems(real(options("store", "user", "weak", "password", "weak"))))
        .anyMatch(p -> p.contains("REPLICATION SLAVE") && p.contains("grant replication slave on"))
        .anyMatch(p -> p.contains("BINLOG MONITOR"))
        .anyMatch(p -> p.contains("may not read table 'shop.store'"));
    execute(
        "grant replication slave, binlog monitor on *.* to weak", "grant select on shop.* to weak");
    Source weak = real(options("store", "user", "weak", "password", "weak"));
    assertThat(problems(weak)).isEmpty();
    try (Reading reading = new Reading(weak, FIELDS, 100, null)) {
      assertThat(reading.until(12).rows).hasSize(12);
      execute("insert into nothing values (-1, 'not asked for')", "delete from nothing");
    }
    assertThat(problems(real(options("store", "serverId", "1"))))
        .singleElement()
        .satisfies(p -> assertThat(p).contains("serverId 1 is the number of"));
    assertThat(problems(real(options("store", "password", "wrong"))))
        .singleElement()
        .satisfies(p -> assertThat(p).contains("FLX-CDC-0001", "cannot be entered", "mend user"));
    assertThat(problems(real(options("store", "database", "nowhere"))))
        .singleElement()
        .satisfies(p -> assertThat(p).contains("FLX-CDC-0001", "nowhere"));
    assertThatThrownBy(() -> real(options("store", "slot", "mine", "publication", "mine")))
        .hasMessageContaining("'slot'")
        .hasMessageContaining("'publication'");
  }

  @Test
  void serverWithoutALogOfRows_isToldWhenTheJobStarts() throws Exception {
    try (MariaDbServer unlogged = MariaDbServer.start()) {
      try (Connection connection = connect(unlogged);
          Statement statement = connection.createStatement()) {
        statement.execute("create table store (id bigint primary key)");
      }
      assertThat(problems(real(options(unlogged, "store"))))
          .anyMatch(p -> p.contains("log_bin") && p.contains("restart"))
          .anyMatch(p -> p.contains("binlog_format") && p.contains("'MIXED'"));
    }
    try (MariaDbServer minimal =
        MariaDbServer.start(
            "--log-bin=binlog",
            "--binlog-format=ROW",
            "--binlog-row-image=MINIMAL",
            "--log-bin-compress=ON",
            "--binlog-ignore-db=shop")) {
      try (Connection connection = connect(minimal);
          Statement statement = connection.createStatement()) {
        statement.execute("create table store (id bigint primary key)");
      }
      assertThat(problems(real(options(minimal, "store"))))
          .hasSize(3)
          .anyMatch(p -> p.contains("binlog_row_image") && p.contains("FULL"))
          .anyMatch(p -> p.contains("log_bin_compress"))
          .anyMatch(p -> p.contains("leaves out the database"));
    }
  }

  /** The server lets go of the older of two replicas with one number. */
  @Test
  void numberThatAnotherReaderHas_isTold() throws SQLException {
    Map<String, Object> options = options("store", "serverId", "4242");
    options.put("snapshot", "never");
    Source source = real(options);
    try (Reading first = new Reading(source, FIELDS, 100, null)) {
      awaitLog(first, source);
      try (Reading second = new Reading(source, FIELDS, 100, null)) {
        awaitLog(second, source);
        long deadline = System.nanoTime() + 30_000_000_000L;
        assertThatThrownBy(
                () -> {
                  while (System.nanoTime() < deadline) {
                    first.until(0);
                  }
                })
            .hasMessageContaining("FLX-CDC-0002")
            .hasMessageContaining("4242");
      }
    }
  }
}
