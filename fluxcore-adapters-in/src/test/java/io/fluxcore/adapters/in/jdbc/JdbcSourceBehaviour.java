package io.fluxcore.adapters.in.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.JdkRegexCompiler;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the source does with tables, on any database. */
@Timeout(120)
abstract class JdbcSourceBehaviour {
  private static final Schema IDS = Schema.builder().field("id", DataType.LONG).build();

  abstract TestDatabase database();

  private static Source source(Map<String, Object> options) {
    JdbcSourceConnector connector = new JdbcSourceConnector();
    return connector.create(
        OptionParser.parse(connector.descriptor(), options).orThrow(),
        new ConnectorServices(JdkRegexCompiler.INSTANCE));
  }

  private Source source(Object... options) {
    return source(database().options(options));
  }

  /** Reads what comes. */
  static final class Reading implements AutoCloseable {
    final SourceReader reader;
    final List<Long> ids = new ArrayList<>();
    final List<BadRecord> bad = new ArrayList<>();
    final Map<String, SplitPosition> ends = new HashMap<>();

    Reading(Source source, Map<String, SplitPosition> from) {
      reader = source.createReader(new ReaderContext("in", 0, 1, IDS, false, null, 100));
      source.discoverSplits().forEach(split -> reader.assign(split, from.get(split.id())));
    }

    Reading untilRows(int count) {
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (ids.size() + bad.size() < count) {
        assertThat(System.nanoTime()).as("%s", ids).isLessThan(deadline);
        poll();
      }
      return this;
    }

    Reading untilBegun() {
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (ends.isEmpty()) {
        assertThat(System.nanoTime()).as("%s", ends).isLessThan(deadline);
        poll();
      }
      return this;
    }

    void poll() {
      if (reader.poll(Duration.ofMillis(100)) instanceof Poll.Rows rows) {
        SourceReading.records(rows.batch()).forEach(r -> ids.add(r.getLong("id")));
        bad.addAll(rows.bad());
        ends.put(rows.split(), rows.end());
      }
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  private static Reading reading(Source source) {
    return new Reading(source, Map.of());
  }

  private static List<Long> ids(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  private String table(String columns) {
    String name = TestDatabase.newName();
    database().execute("create table " + name + " (" + columns + ")");
    return name;
  }

  private void insertIds(String table, long from, long to) {
    List<String> statements = new ArrayList<>();
    for (long id = from; id < to; id++) {
      statements.add("insert into " + table + " (id) values (" + id + ")");
    }
    database().execute(statements.toArray(String[]::new));
  }

  @Test
  void rowsThatComeLater_areRead_fromWhereReadingWas() {
    String table = table("id bigint primary key, name varchar(10)");
    insertIds(table, 0, 250);
    Source source = source("table", table, "column", "id");
    Map<String, SplitPosition> ends;
    try (Reading reading = reading(source)) {
      reading.untilRows(250);
      insertIds(table, 250, 260);
      assertThat(reading.untilRows(260).ids).isEqualTo(ids(0, 260));
      ends = Map.copyOf(reading.ends);
    }
    insertIds(table, 260, 263);
    try (Reading reading = new Reading(source, ends)) {
      assertThat(reading.untilRows(3).ids).isEqualTo(ids(260, 263));
    }
  }

  @Test
  void starts_areWhereTheyAreAsked() {
    String table = table("id bigint primary key");
    insertIds(table, 0, 10);
    try (Reading latest = reading(source("table", table, "column", "id", "startFrom", "latest"))) {
      latest.untilBegun();
      insertIds(table, 10, 12);
      assertThat(latest.untilRows(2).ids).isEqualTo(ids(10, 12));
    }
    try (Reading byValue =
        reading(source("table", table, "column", "id", "startFrom", "value", "startAfter", "7"))) {
      assertThat(byValue.untilRows(4).ids).isEqualTo(ids(8, 12));
    }
    assertThatThrownBy(
            () -> {
              try (Reading wrong =
                  reading(
                      source(
                          "table",
                          table,
                          "column",
                          "id",
                          "startFrom",
                          "value",
                          "startAfter",
                          "x"))) {
                wrong.untilRows(1);
              }
            })
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContainingAll("FLX-JDBC-0022", "no value of column");
  }

  /** The transaction of a smaller number ends after that of a larger one. */
  @Test
  void rowThatIsCommittedLate_isWaitedForAsLongAsSettleSays() throws SQLException {
    String table = table("id bigint primary key");
    try (Connection slow = database().connect();
        Reading reading =
            reading(source(database().options("table", table, "column", "id", "settle", "2s")))) {
      slow.setAutoCommit(false);
      try (Statement statement = slow.createStatement()) {
        statement.execute("insert into " + table + " values (1)");
        reading.untilBegun();
        insertIds(table, 2, 5);
        for (int i = 0; i < 5; i++) {
          reading.poll();
        }
        assertThat(reading.ids).isEmpty();
        slow.commit();
      }
      assertThat(reading.untilRows(4).ids).isEqualTo(ids(1, 5));
      insertIds(table, 5, 6);
      assertThat(reading.untilRows(5).ids).isEqualTo(ids(1, 6));
    }
  }

  @Test
  void splits_haveAllRows_eachOnce() {
    String table = table("id bigint primary key");
    insertIds(table, -20, 80);
    Source source = source("table", table, "column", "id", "splits", 4, "bounded", true);
    Map<String, SourceReading.SplitContent> contents =
        SourceReading.readAll(source, SourceReading.context(IDS, 7));
    assertThat(contents).hasSize(4);
    List<Long> all = new ArrayList<>();
    contents
        .values()
        .forEach(
            content -> {
              assertThat(content.rows()).hasSize(25);
              content.rows().forEach(row -> all.add(row.getLong("id")));
            });
    assertThat(all).containsExactlyInAnyOrderElementsOf(ids(-20, 80));
  }

  @Test
  void queryWithTextsAndDecimalsAsKey_isReadInItsOrder() {
    String table = table("id bigint, grp varchar(5), num numeric(10,2)");
    List<String> statements = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      statements.add(
          "insert into " + table + " values (" + i + ", 'g" + i / 10 + "', " + i % 10 + ".25)");
    }
    database().execute(statements.toArray(String[]::new));
    Source source =
        source(
            "query",
            "select * from " + table + " where id >= 5",
            "column",
            "grp",
            "key",
            List.of("num"),
            "fetchSize",
            3);
    try (Reading reading = reading(source)) {
      assertThat(reading.untilRows(25).ids).isEqualTo(ids(5, 30));
      assertThat(reading.ends.get("rows").text()).isEqualTo("{\"after\":[\"g2\",\"9.25\"]}");
    }
  }

  @Test
  void tableWithoutColumn_isReadOnce_andCannotBeGoneOnWith() {
    String table = table("id bigint");
    insertIds(table, 0, 30);
    Source source = source("table", table, "bounded", true);
    assertThat(source.isReplayable()).isFalse();
    assertThat(source.seeking()).isNull();
    List<Long> all = new ArrayList<>();
    SourceReading.readAll(source, SourceReading.context(IDS, 7))
        .values()
        .forEach(content -> content.rows().forEach(row -> all.add(row.getLong("id"))));
    assertThat(all).containsExactlyInAnyOrderElementsOf(ids(0, 30));
  }

  @Test
  void everyType_isReadAsTheFieldWantsIt() {
    Schema all =
        Schema.builder()
            .field("id", DataType.LONG)
            .field("b", DataType.BOOLEAN)
            .field("s", DataType.LONG)
            .field("d", DataType.DOUBLE)
            .field("n", DataType.decimal(20, 5))
            .field("w", DataType.LONG)
            .field("t", DataType.STRING)
            .field("u", DataType.STRING)
            .field("born", DataType.DATE)
            .field("local_at", DataType.TIMESTAMP)
            .field("at", DataType.TIMESTAMP_TZ)
            .field("l2", DataType.TIMESTAMP_TZ)
            .build();
    String table =
        table(
            "id bigint primary key, b boolean, s smallint, d double precision, n numeric(20,5), w"
                + " numeric(20), t varchar(20), u uuid, born date, local_at timestamp(6), at"
                + " timestamp(6) with time zone, l2 timestamp(6)");
    database()
        .execute(
            "insert into "
                + table
                + " values (1, true, -7, 0.5, 12.5, 123, 'ı 😀',"
                + " '00000000-0000-0000-0000-00000000000a', date '2026-01-31', timestamp"
                + " '2026-01-31 10:00:00.123456', timestamp with time zone '2026-01-31"
                + " 10:00:00.5+02:00', timestamp '2026-01-31 10:00:00')",
            "insert into " + table + " (id) values (2)",
            "insert into " + table + " (id, w) values (3, 99999999999999999999)",
            "insert into " + table + " (id, t) values (4, '')");
    List<String> rows = new ArrayList<>();
    List<BadRecord> bad = new ArrayList<>();
    SourceReading.readAll(
            source("table", table, "column", "id", "bounded", true), SourceReading.context(all, 10))
        .values()
        .forEach(
            content -> {
              bad.addAll(content.bad());
              content
                  .rows()
                  .forEach(
                      row -> {
                        List<@Nullable Object> values = new ArrayList<>();
                        all.fieldNames().forEach(name -> values.add(row.get(name)));
                        rows.add(values.toString());
                      });
            });
    assertThat(rows)
        .containsExactly(
            "[1, true, -7, 0.5, 12.50000, 123, ı 😀, 00000000-0000-0000-0000-00000000000a,"
                + " 2026-01-31, 2026-01-31T10:00:00.123456, 2026-01-31T08:00:00.500Z,"
                + " 2026-01-31T10:00:00Z]",
            "[2, null, null, null, null, null, null, null, null, null, null, null]",
            "[4, null, null, null, null, null, , null, null, null, null, null]");
    assertThat(bad)
        .singleElement()
        .satisfies(
            b -> {
              assertThat(b.code()).isEqualTo("FLX-SQL-0101");
              assertThat(b.coordinates()).isEqualTo(table + "@[3]");
              assertThat(new String(b.bytes(), StandardCharsets.UTF_8))
                  .contains("99999999999999999999");
            });
  }

  @Test
  void bytesAndHugeTexts_areRead() {
    boolean isH2 = database().url().contains(":h2:");
    String table = table("id bigint primary key, y " + (isH2 ? "varbinary" : "bytea") + ", t text");
    database()
        .execute(
            "insert into "
                + table
                + " values (1, "
                + (isH2 ? "X'00ff'" : "'\\x00ff'")
                + ", repeat('x', 3000000))");
    Schema wanted = Schema.builder().field("y", DataType.BYTES).field("t", DataType.STRING).build();
    List<EventRecord> rows =
        SourceReading.readAll(
                source("table", table, "column", "id", "bounded", true),
                SourceReading.context(wanted, 10))
            .get("rows")
            .rows();
    assertThat((byte[]) rows.get(0).get("y")).containsExactly(0, 0xff);
    assertThat((String) rows.get(0).get("t")).hasSize(3_000_000);
  }

  @Test
  void whatIsWrong_isToldAtOnce_whenAJobIsSubmitted() {
    String table = table("id bigint, d double precision, name varchar(5)");
    assertRefused(source("table", "no_such_table", "column", "id"), "FLX-SQL-0005", "has ");
    assertRefused(source("table", table, "column", "id"), "FLX-JDBC-0021", "primary key");
    assertRefused(source("table", table, "column", "d", "key", List.of("id")), "no exact order");
    assertRefused(source("table", table, "column", "x", "key", List.of("y")), "'x'", "'y'");
    assertRefused(
        source(
            "table",
            table,
            "column",
            "id",
            "key",
            List.of("id"),
            "schema",
            Map.of("name", "long", "gone", "string")),
        "does not give a field of type",
        "'gone'");
    assertRefused(
        source("table", table, "column", "name", "key", List.of("id"), "splits", 2), "splits");
    assertRefused(source("query", "selec 1", "bounded", true), "FLX-SQL-0004");
    assertThatThrownBy(() -> source("table", table)).hasMessageContaining("'column'");
    assertThatThrownBy(() -> source("query", "select 1 id", "column", "id"))
        .hasMessageContaining("'key'");
    source("table", table, "column", "id", "key", List.of("id")).check();
  }

  private static void assertRefused(Source source, String... words) {
    assertThatThrownBy(source::check)
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> {
              assertThat(e.category()).isEqualTo(ErrorCategory.USER);
              assertThat(e.diagnostics()).allMatch(d -> !d.remedy().isEmpty());
            })
        .hasMessageContainingAll(words);
  }

  @Test
  void fieldThatNoColumnGives_isToldByTheReader() {
    String table = table("key_id bigint primary key");
    try (Reading reading = reading(source("table", table, "column", "key_id"))) {
      assertThatThrownBy(() -> reading.untilRows(1))
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContainingAll("FLX-JDBC-0021", "'id'");
    }
    insertInto(table);
    try (Reading reading =
        reading(source("table", table, "column", "key_id", "columns", Map.of("id", "KEY_ID")))) {
      assertThat(reading.untilRows(1).ids).containsExactly(5L);
    }
  }

  private void insertInto(String table) {
    database().execute("insert into " + table + " values (5)");
  }

  @Test
  void writersBesideTheReader_loseNothing() throws Exception {
    String table = table("id bigint primary key");
    try (Reading reading = reading(source("table", table, "column", "id", "settle", "300ms"))) {
      for (int i = 0; i < 20; i++) {
        insertIds(table, i * 10L, i * 10L + 10);
        reading.poll();
      }
      assertThat(reading.untilRows(200).ids).isEqualTo(ids(0, 200));
    }
  }
}
