package io.fluxcore.infrastructure.sql.model;

import io.fluxcore.application.scripted.Step;
import io.fluxcore.domain.event.RowKind;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random tables: what defines them, what happens to them, and what they come to. */
final class Inputs {
  static final List<String> TEXTS = List.of("", "a", "ab", "b", "Ba ", " a", "x'y", "aab");
  private static final int OUT_OF_ORDER = 5_000;

  /** How rows of a table come and go. */
  enum Way {
    /** Rows are added, about in the order of their times. */
    APPEND,
    /** A row takes the place of the one before with its key. */
    UPSERT,
    /** Rows are taken back. */
    RETRACT
  }

  /**
   * A table.
   *
   * @param changes in the order in which they come
   * @param versions of an upsert table: all changes, in order
   */
  record Table(
      Way way, String statement, Rows content, List<Step.Row> changes, List<Change> versions) {}

  /** A row that takes the place of that of its key, or deletes it. */
  record Change(boolean isDeletion, @Nullable Object[] row) {}

  private final Random random;
  private final List<Table> tables = new ArrayList<>();

  Inputs(Random random) {
    this.random = random;
    int count = 2 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      append("a" + i);
    }
    upsert("u0");
    if (random.nextBoolean()) {
      retract("r0");
    }
  }

  List<Table> tables() {
    return tables;
  }

  Table table(String name) {
    return tables.stream().filter(t -> t.content().from().equals(name)).findFirst().orElseThrow();
  }

  private static List<Rows.Column> columns(String name) {
    return List.of(
        new Rows.Column(name + "k", Kind.LONG),
        new Rows.Column(name + "v", Kind.LONG),
        new Rows.Column(name + "s", Kind.TEXT),
        new Rows.Column(name + "d", Kind.DECIMAL),
        new Rows.Column(name + "f", Kind.FLAG),
        new Rows.Column(name + "t", Kind.TIME));
  }

  private static String statement(String name, boolean hasTime, boolean isUpsert) {
    StringBuilder text = new StringBuilder("CREATE TABLE " + name + " (");
    columns(name)
        .forEach(c -> text.append(c.name()).append(' ').append(c.kind().sql()).append(", "));
    if (hasTime) {
      text.append("WATERMARK FOR " + name + "t AS " + name + "t - INTERVAL '5' SECOND, ");
    }
    if (isUpsert) {
      text.append("PRIMARY KEY (" + name + "k) NOT ENFORCED, ");
    }
    text.setLength(text.length() - 2);
    return text.append(") WITH ('connector' = '" + (isUpsert ? "upsert-script" : "script") + "')")
        .toString();
  }

  private @Nullable Object[] row(boolean hasKey, LocalDateTime time) {
    int key = random.nextInt(hasKey ? 4 : 5);
    return new Object[] {
      key == 4 ? null : (Object) (long) key,
      random.nextInt(6) == 0 ? null : (Object) (long) (random.nextInt(14) - 4),
      random.nextInt(6) == 0 ? null : TEXTS.get(random.nextInt(TEXTS.size())),
      random.nextInt(6) == 0 ? null : BigDecimal.valueOf(random.nextInt(1000) - 300L, 2),
      random.nextInt(6) == 0 ? null : (Object) random.nextBoolean(),
      time
    };
  }

  private static LocalDateTime time(long millis) {
    return Terms.EPOCH.plus(millis, ChronoUnit.MILLIS);
  }

  private static Step.Row step(String name, RowKind kind, @Nullable Object[] row) {
    Map<String, Object> values = new HashMap<>();
    List<Rows.Column> columns = columns(name);
    for (int i = 0; i < row.length; i++) {
      values.put(columns.get(i).name(), row[i]);
    }
    return new Step.Row(name, kind, 0, values);
  }

  /** No row is late: each comes before one that is later by more than the watermark allows. */
  private void append(String name) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    Map<@Nullable Object[], Long> arrivals = new HashMap<>();
    long millis = random.nextInt(500);
    for (int i = size(); i > 0; i--) {
      @Nullable Object[] row = row(false, time(millis));
      rows.add(row);
      arrivals.put(row, millis + random.nextInt(OUT_OF_ORDER));
      millis += 1 + (random.nextInt(6) == 0 ? random.nextInt(30_000) : random.nextInt(3_000));
    }
    List<@Nullable Object[]> arriving = new ArrayList<>(rows);
    arriving.sort(Comparator.comparing(arrivals::get));
    List<Step.Row> changes = new ArrayList<>();
    arriving.forEach(row -> changes.add(step(name, RowKind.INSERT, row)));
    Rows content = new Rows(name, columns(name), rows, true, 5, true, false);
    tables.add(new Table(Way.APPEND, statement(name, true, false), content, changes, List.of()));
  }

  private int size() {
    return random.nextInt(8) == 0 ? random.nextInt(2) : 3 + random.nextInt(22);
  }

  private void upsert(String name) {
    Map<Object, @Nullable Object[]> content = new LinkedHashMap<>();
    List<Step.Row> changes = new ArrayList<>();
    List<Change> versions = new ArrayList<>();
    long millis = random.nextInt(500);
    for (int i = size(); i > 0; i--) {
      @Nullable Object[] row = row(true, time(millis));
      Object key = row[0];
      boolean isDeletion = random.nextInt(5) == 0;
      versions.add(new Change(isDeletion, row));
      if (isDeletion) {
        content.remove(key);
        changes.add(step(name, RowKind.DELETE, row));
      } else {
        content.put(key, row);
        changes.add(step(name, RowKind.UPDATE_AFTER, row));
      }
      millis += 1 + random.nextInt(6_000);
    }
    Rows table =
        new Rows(name, columns(name), new ArrayList<>(content.values()), false, -1, false, false);
    tables.add(new Table(Way.UPSERT, statement(name, true, true), table, changes, versions));
  }

  private void retract(String name) {
    List<@Nullable Object[]> content = new ArrayList<>();
    List<Step.Row> changes = new ArrayList<>();
    for (int i = size(); i > 0; i--) {
      if (!content.isEmpty() && random.nextInt(3) == 0) {
        @Nullable Object[] old = content.remove(random.nextInt(content.size()));
        boolean isUpdate = random.nextBoolean();
        changes.add(step(name, isUpdate ? RowKind.UPDATE_BEFORE : RowKind.DELETE, old));
        if (isUpdate) {
          @Nullable Object[] row = row(false, time(random.nextInt(90_000)));
          content.add(row);
          changes.add(step(name, RowKind.UPDATE_AFTER, row));
        }
      } else {
        @Nullable Object[] row = row(false, time(random.nextInt(90_000)));
        content.add(row);
        changes.add(step(name, RowKind.INSERT, row));
      }
    }
    Rows table = new Rows(name, columns(name), content, false, -1, false, false);
    tables.add(new Table(Way.RETRACT, statement(name, false, false), table, changes, List.of()));
  }

  /** All changes, those of each table in order, in batches, with restarts between. */
  List<Step> script(Random order, int batchSize, int restarts, Map<String, ?> read) {
    List<List<Step.Row>> left = new ArrayList<>();
    tables.stream()
        .filter(table -> read.containsKey(table.content().from()))
        .forEach(table -> left.add(new ArrayList<>(table.changes())));
    left.removeIf(List::isEmpty);
    List<Step> script = new ArrayList<>();
    while (!left.isEmpty()) {
      List<Step.Row> changes = left.get(order.nextInt(left.size()));
      int size = Math.min(changes.size(), 1 + order.nextInt(batchSize));
      List<Step.Row> batch = changes.subList(0, size);
      script.add(new Step.Batch(batch.get(0).source(), batch));
      batch.clear();
      left.removeIf(List::isEmpty);
    }
    for (int i = 0; i < restarts; i++) {
      script.add(order.nextInt(script.size() + 1), new Step.SnapshotRestore());
    }
    script.add(new Step.EndOfInput());
    return script;
  }
}
