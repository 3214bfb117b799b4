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
import io.fluxcore.application.connector.kit.SourceFaultsContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the source does with every database. */
abstract class CdcSourceBehaviour extends SourceConnectorContract {
  private static final AtomicInteger TABLES = new AtomicInteger();

  static final Schema FIELDS =
      Schema.of(
          new Field("id", DataType.LONG),
          new Field("name", DataType.STRING),
          new Field("__op", DataType.STRING));

  /** A connection that may do everything. */
  abstract Connection connect() throws SQLException;

  /** Options of tables that are named without their schema; each time of a job of its own. */
  abstract Map<String, Object> options(String tables, String... more);

  /** Numbers as rows of one column {@code i}, in a statement. */
  abstract String series(long from, long to);

  /** A statement that writes rows of these numbers that lie at one place of the log. */
  abstract String rowsTogether(String table, long from, long to, String name);

  /** Waits until what is written now will be read. */
  abstract void awaitLog(Reading reading, Source source) throws SQLException;

  abstract void stopServer();

  abstract void startServerAgain();

  abstract void pauseServer();

  abstract void resumeServer();

  final void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  /** The tables that the contract reads. */
  final void createTables() throws SQLException {
    execute(
        "create table store (id bigint primary key, name text, price numeric(10,2))",
        "insert into store select i, concat('İ', i), i from " + series(1, 12),
        "create table nothing (id bigint primary key, name text)");
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

  final CdcSource real(Map<String, Object> options) {
    SourceConnector connector = new CdcSourceConnector();
    return (CdcSource)
        connector.create(OptionParser.parse(connector.descriptor(), options).orThrow(), services());
  }

  @Override
  protected Map<String, Object> options() {
    return options("store", "snapshot", "only");
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
    return options("nothing", "snapshot", "only");
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    Map<String, Object> options = options("nothing", "password", "a", "passwordFile", "/b");
    options.put("tables", List.of("nothing"));
    return options;
  }

  /** Reads until there are as many rows, and a little longer. */
  static final class Reading implements AutoCloseable {
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

    void take(Poll poll) {
      if (poll instanceof Poll.Rows some) {
        for (EventRecord row : SourceReading.records(some.batch())) {
          List<@Nullable Object> values = new ArrayList<>();
          for (String name : row.schema().fieldNames()) {
            Object value = row.get(name);
            values.add(value instanceof byte[] bytes ? Arrays.toString(bytes) : value);
          }
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

  /** What the source keeps when its database fails, amid many changes of one transaction. */
  @Nested
  class Faults extends SourceFaultsContract {
    private String table;
    private Map<String, Object> options;

    @BeforeEach
    void newTable() throws SQLException {
      table = "faults" + TABLES.incrementAndGet();
      options = CdcSourceBehaviour.this.options(table, "snapshot", "never");
      execute("create table " + table + " (id bigint primary key)");
    }

    @Override
    protected SourceConnector connector() {
      return new CdcSourceConnector();
    }

    @Override
    protected Map<String, Object> options() {
      return new HashMap<>(options);
    }

    @Override
    protected SourceReader started(Map<String, Object> asked) throws SQLException {
      Source source = source(asked);
      Reading reading = new Reading(source, SCHEMA, 100, null);
      awaitLog(reading, source);
      return reading.reader;
    }

    @Override
    protected void publish(long fromId, long toId) throws SQLException {
      execute("insert into " + table + " select i from " + series(fromId, toId - 1));
    }

    @Override
    protected void killServer() {
      stopServer();
    }

    @Override
    protected void restartServer() {
      startServerAgain();
    }

    @Override
    protected void pauseServer() {
      CdcSourceBehaviour.this.pauseServer();
    }

    @Override
    protected void resumeServer() {
      CdcSourceBehaviour.this.resumeServer();
    }

    /** Whether the log holds what is wanted is looked at first. */
    @Override
    protected boolean knowsItsSplits() {
      return false;
    }

    @Override
    protected Map<String, Object> wrongPassword() {
      Map<String, Object> wrong = options();
      wrong.put("user", "nobody");
      wrong.put("password", "wrong");
      return wrong;
    }

    @Override
    protected Map<String, Object> missing() {
      return CdcSourceBehaviour.this.options("no_such_table", "snapshot", "never");
    }
  }

  /** Rows that were written together lie at one place of the log. */
  @Test
  void readingFromEveryPosition_givesTheRestAndNothingTwice() throws SQLException {
    execute("create table many (id bigint primary key, name text)");
    Source source = real(options("many", "snapshot", "never"));
    List<String> all;
    List<SplitPosition> ends;
    List<Integer> counts;
    try (Reading reading = new Reading(source, FIELDS, 3, null)) {
      awaitLog(reading, source);
      execute(
          "insert into many select i, 'a' from " + series(1, 10),
          "begin",
          "insert into many values (11, 'b')",
          "insert into many values (12, 'b')",
          "commit",
          "update many set name = 'c' where id < 5",
          rowsTogether("many", 20, 29, "d"),
          "delete from many where id in (1, 2)",
          "insert into many values (30, 'z')");
      reading.until(10 + 2 + changed(4) + 10 + 2 + 1);
      all = reading.rows;
      ends = reading.ends;
      counts = reading.counts;
    }
    assertThat(all).hasSize(25 + changed(4));
    for (int i = 0; i < ends.size(); i += 2) {
      List<String> rest = all.subList(counts.get(i), all.size());
      try (Reading reading = new Reading(source, FIELDS, 7, ends.get(i))) {
        reading.until(rest.size());
        assertThat(reading.rows).as("from " + ends.get(i).text()).isEqualTo(rest);
      }
    }
  }

  /** Rows of as many updates. */
  abstract int changed(int updates);

  @Test
  void positionAmidTheSnapshot_isRefused_unlessItMayBeRepeated() {
    SplitPosition amid;
    Map<String, Object> options = options("store");
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
  void alteredTable_isReadOn_andADeclaredColumnThatIsGoneIsAFailure() throws SQLException {
    execute(
        "create table altered (id bigint primary key, name text)",
        "insert into altered values (1, 'a')");
    Schema more = FIELDS.with(new Field("extra", DataType.LONG));
    Map<String, Object> options = options("altered");
    try (Reading reading = new Reading(real(options), more, 100, null)) {
      reading.until(1);
      execute(
          "alter table altered add extra bigint",
          "insert into altered values (2, 'b', 7)",
          "alter table altered drop column name",
          "insert into altered values (3, 8)");
      reading.until(3);
      assertThat(reading.rows)
          .containsExactly("+I[1, a, r, null]", "+I[2, b, c, 7]", "+I[3, null, c, 8]");
    }
    Map<String, Object> declared = options("altered");
    declared.put("schema", Map.of("id", "long", "extra", "long"));
    try (Reading reading =
        new Reading(
            real(declared),
            Schema.of(new Field("id", DataType.LONG), new Field("extra", DataType.LONG)),
            100,
            null)) {
      reading.until(3);
      execute("alter table altered drop column extra", "insert into altered values (4)");
      assertThatThrownBy(() -> reading.until(4))
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContaining("FLX-CDC-0006")
          .hasMessageContaining("'extra'");
    }
  }
}
