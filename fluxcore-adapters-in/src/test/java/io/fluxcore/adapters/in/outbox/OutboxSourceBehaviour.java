package io.fluxcore.adapters.in.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.DescriptorContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.JdkRegexCompiler;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the source does, on any database. */
@Timeout(180)
abstract class OutboxSourceBehaviour {
  static final Schema FIELDS =
      Schema.of(
          new Field("id", DataType.LONG),
          new Field("name", DataType.STRING),
          new Field("__op", DataType.STRING));

  abstract OutboxDatabase database();

  static Source source(Map<String, Object> options) {
    OutboxSourceConnector connector = new OutboxSourceConnector();
    return connector.create(
        OptionParser.parse(connector.descriptor(), options).orThrow(),
        new ConnectorServices(JdkRegexCompiler.INSTANCE));
  }

  /** Reads what comes. */
  static final class Reading implements AutoCloseable {
    final SourceReader reader;
    final List<String> rows = new ArrayList<>();
    final List<BadRecord> bad = new ArrayList<>();
    final List<SplitPosition> ends = new ArrayList<>();
    final List<Integer> counts = new ArrayList<>();

    Reading(Source source, Schema schema, int batchRows, @Nullable SplitPosition from) {
      reader = source.createReader(SourceReading.context(schema, batchRows));
      source.discoverSplits().forEach(split -> reader.assign(split, from));
    }

    Reading until(int count) {
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (rows.size() + bad.size() < count) {
        assertThat(System.nanoTime()).as("%s %s", rows, bad).isLessThan(deadline);
        poll();
      }
      return this;
    }

    void poll() {
      if (reader.poll(Duration.ofMillis(100)) instanceof Poll.Rows some) {
        for (EventRecord row : SourceReading.records(some.batch())) {
          List<@Nullable Object> values = new ArrayList<>();
          row.schema()
              .fieldNames()
              .forEach(
                  name -> {
                    Object value = row.get(name);
                    values.add(value instanceof byte[] bytes ? bytes.length + " bytes" : value);
                  });
          rows.add(row.rowKind().sign() + values);
        }
        bad.addAll(some.bad());
        ends.add(some.end());
        counts.add(rows.size());
      }
    }

    SplitPosition last() {
      return ends.get(ends.size() - 1);
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  private static Reading reading(Source source, @Nullable SplitPosition from) {
    return new Reading(source, FIELDS, 100, from);
  }

  String table() {
    String table = OutboxDatabase.newName();
    database().execute("create table " + table + " (id bigint primary key, name varchar(20))");
    database().install(table);
    return table;
  }

  @Test
  void descriptor_isComplete() {
    DescriptorContract.check(new OutboxSourceConnector().descriptor());
    DescriptorContract.checkWrongOptions(new OutboxSourceConnector().descriptor());
  }

  @Test
  void changes_areRowsOfTheirKinds() {
    String table = table();
    String other = OutboxDatabase.newName();
    database().execute("create table " + other + " (id bigint primary key, name varchar(20))");
    Source source = source(database().options(table + "," + other));
    try (Reading reading = reading(source, null)) {
      database().execute("insert into " + table + " values (1, 'ключ 😀'), (2, 'b')");
      reading.until(2);
      database()
          .execute(
              "insert into " + other + " values (7, '\"quoted\\\\')",
              "update " + table + " set name = 'c' where id = 1",
              "update " + table + " set id = 9 where id = 2",
              "delete from " + table + " where id = 1",
              "update " + table + " set name = null");
      reading.until(10);
      assertThat(reading.rows.subList(0, 2)).containsExactly("+I[1, ключ 😀, c]", "+I[2, b, c]");
      assertThat(reading.rows.subList(3, 10))
          .containsExactly(
              "-U[1, ключ 😀, u]",
              "+U[1, c, u]",
              "-U[2, b, u]",
              "+U[9, b, u]",
              "-D[1, c, d]",
              "-U[9, b, u]",
              "+U[9, null, u]");
      assertThat(reading.rows.get(2)).startsWith("+I[7, \"quoted");
    }
  }

  @Test
  void everyPosition_isGoneOnFrom_withoutAnyChangeTwice() {
    String table = table();
    Source source = source(database().options(table, "fetchSize", 3));
    List<String> all;
    List<SplitPosition> ends;
    List<Integer> counts;
    try (Reading reading = reading(source, null)) {
      for (int i = 0; i < 10; i++) {
        database().execute("insert into " + table + " values (" + i + ", 'a')");
      }
      database().execute("update " + table + " set name = 'b' where id < 4");
      reading.until(18);
      all = reading.rows;
      ends = reading.ends;
      counts = reading.counts;
    }
    for (int i = 0; i < ends.size(); i++) {
      List<String> rest = all.subList(counts.get(i), all.size());
      try (Reading reading = reading(source, ends.get(i))) {
        assertThat(reading.until(rest.size()).rows).isEqualTo(rest);
      }
    }
  }

  /** The change with the smaller number ends after those with larger ones. */
  @Test
  void changeOfATransactionThatEndsLate_isNotPassedOver() throws Exception {
    String table = table();
    Source source = source(database().options(table, "gapTimeout", "20s"));
    try (Reading reading = reading(source, null);
        Connection slow = database().connect();
        Statement statement = slow.createStatement()) {
      database().execute("insert into " + table + " values (1, 'first')");
      reading.until(1);
      slow.setAutoCommit(false);
      statement.execute("insert into " + table + " values (2, 'slow')");
      database().execute("insert into " + table + " values (3, 'fast')");
      for (int i = 0; i < 10; i++) {
        reading.poll();
      }
      assertThat(reading.rows).containsExactly("+I[1, first, c]");
      slow.commit();
      assertThat(reading.until(3).rows)
          .containsExactly("+I[1, first, c]", "+I[2, slow, c]", "+I[3, fast, c]");
    }
  }

  @Test
  void changeOfATransactionThatIsRolledBack_isNotWaitedForForEver() throws Exception {
    String table = table();
    try (Reading reading = reading(source(database().options(table)), null);
        Connection failing = database().connect();
        Statement statement = failing.createStatement()) {
      failing.setAutoCommit(false);
      statement.execute("insert into " + table + " values (1, 'never'), (2, 'never')");
      database().execute("insert into " + table + " values (3, 'comes')");
      failing.rollback();
      database().execute("insert into " + table + " values (4, 'comes')");
      assertThat(reading.until(2).rows).containsExactly("+I[3, comes, c]", "+I[4, comes, c]");
    }
  }

  @Test
  void whatACheckpointHolds_isDeleted_andAnOlderPositionIsRefused() throws Exception {
    String table = table();
    Source source = source(database().options(table));
    String count = "select count(*) from of_" + table;
    SplitPosition early;
    SplitPosition late;
    try (Reading reading = reading(source, null)) {
      database().execute("insert into " + table + " values (1, 'a')");
      early = reading.until(1).last();
      reading.reader.checkpointStarted(1);
      database().execute("insert into " + table + " values (2, 'a'), (3, 'a'), (4, 'a')");
      reading.until(4);
      reading.reader.checkpointStarted(2);
      late = reading.last();
      database().execute("insert into " + table + " values (5, 'b')");
      reading.until(5);
      assertThat(database().number(count)).isEqualTo(5);
      reading.reader.checkpointCompleted(2);
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (database().number(count) > 2) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        reading.poll();
      }
    }
    try (Reading reading = reading(source, late)) {
      assertThat(reading.until(1).rows).containsExactly("+I[5, b, c]");
    }
    try (Reading reading = reading(source, early)) {
      assertThatThrownBy(() -> reading.until(1))
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContaining("FLX-OUTBOX-0002");
    }
    Source keeping = source(database().options(table, "delete", false));
    try (Reading reading = reading(keeping, late)) {
      reading.until(1);
      reading.reader.checkpointStarted(1);
      reading.reader.checkpointCompleted(1);
      reading.poll();
    }
    assertThat(database().number(count)).isEqualTo(2);
  }

  @Test
  void whatIsWrong_isToldWhenAJobIsSubmitted() {
    String table = OutboxDatabase.newName();
    database().execute("create table " + table + " (id bigint primary key, name varchar(20))");
    assertRefused(source(database().options("no_such_table")), "FLX-SQL-0005");
    Source manual = source(database().options(table, "install", false));
    assertRefused(manual, "FLX-OUTBOX-0001", "create table", "create trigger");
    try (Reading reading = reading(manual, null)) {
      assertThatThrownBy(() -> reading.until(1)).hasMessageContaining("FLX-OUTBOX-0001");
    }
    database().install(table);
    manual.check();
    database().install(table);
    try (Reading reading = reading(manual, null)) {
      database().execute("insert into " + table + " values (1, 'a')");
      reading.until(1);
      reading.reader.holdSplits(Set.of("changes"));
      database().execute("insert into " + table + " values (2, 'a')");
      for (int i = 0; i < 5; i++) {
        reading.poll();
      }
      assertThat(reading.rows).hasSize(1);
      reading.reader.holdSplits(Set.of());
      reading.until(2);
      reading.reader.close();
      reading.reader.close();
    }
    assertThatThrownBy(() -> reading(manual, new SplitPosition("nowhere")))
        .hasMessageContaining("FLX-OUTBOX-0003");
    assertThatThrownBy(
            () ->
                source(
                    new HashMap<>(
                        Map.of(
                            "url", "jdbc:h2:mem:x", "tables", List.of("a"), "outboxTable", "A B"))))
        .hasMessageContainingAll("url", "outboxTable");
  }

  private static void assertRefused(Source source, String... words) {
    assertThatThrownBy(source::check)
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.USER))
        .hasMessageContainingAll(words);
  }

  @Test
  void valueThatDoesNotFit_isABadRecord() {
    String table = table();
    Schema wrong = Schema.of(new Field("name", DataType.LONG));
    try (Reading reading = new Reading(source(database().options(table)), wrong, 100, null)) {
      database()
          .execute(
              "insert into " + table + " values (1, 'text')",
              "update " + table + " set name = null",
              "delete from " + table);
      reading.until(3);
      assertThat(reading.bad).hasSize(2);
      assertThat(reading.bad.get(0).code()).isEqualTo("FLX-OUTBOX-0101");
      assertThat(reading.rows).containsExactly("-D[null]");
    }
  }
}
