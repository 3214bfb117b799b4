package io.fluxcore.adapters.in.cdc;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Envelope;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes as rows of the wanted fields: columns by their names, and fields of Debezium's own names
 * that tell about the change. Events carry the time at which the change was committed. Not
 * thread-safe.
 */
final class ChangeRows {
  private static final String COLUMN_GONE = "FLX-CDC-0006";
  private static final Set<String> METAS =
      Set.of("__op", "__db", "__schema", "__table", "__source_ts_ms");

  private final Schema wanted;
  private final String source;

  /** Whether the fields were declared, so that each must be there. */
  private final boolean declared;

  private final boolean oneTable;
  private final EventBatchBuilder rows;
  private final List<BadRecord> bad = new ArrayList<>();

  /** By table, the wanted columns that it has had. */
  private final Map<String, Set<String>> columns = new HashMap<>();

  /** Columns of the last layout that was looked at, by wanted field; -1 where there is none. */
  private @Nullable Object lastLayout;

  private final int[] lastColumns;

  ChangeRows(Schema wanted, String source, boolean declared, boolean oneTable, int batchRows) {
    this.wanted = wanted;
    this.source = source;
    this.declared = declared;
    this.oneTable = oneTable;
    this.rows = new EventBatchBuilder(wanted, batchRows);
    this.lastColumns = new int[wanted.size()];
  }

  /** Rows so far. */
  int size() {
    return rows.size();
  }

  boolean isEmpty() {
    return rows.size() == 0 && bad.isEmpty();
  }

  /** Adds the rows of a change, or the change as a bad record. */
  void add(Change change) {
    int before = rows.size();
    try {
      addRows(change);
    } catch (BadChange e) {
      rows.abandonRow();
      if (rows.size() > before) {
        throw new IllegalStateException("a bad change has left a row", e);
      }
      bad.add(
          new BadRecord(
              change.toString().getBytes(StandardCharsets.UTF_8),
              change.coordinates(),
              e.code(),
              String.valueOf(e.getMessage())));
    }
  }

  private void addRows(Change change) {
    String kind = change.kind();
    switch (kind) {
      case Change.CREATE, Change.READ -> row(change, kind, change.after(), RowKind.INSERT);
      case Change.UPDATE -> {
        ChangedRow before = change.before();
        if (before != null) {
          // The row after first: when it is bad, the row before must not stay.
          append(change, kind, change.after());
          rows.abandonRow();
        }
        if (before != null && change.isMove()) {
          row(change, Change.DELETE, before, RowKind.DELETE);
          row(change, Change.CREATE, change.after(), RowKind.INSERT);
          return;
        }
        if (before != null) {
          row(change, kind, before, RowKind.UPDATE_BEFORE);
        }
        row(change, kind, change.after(), RowKind.UPDATE_AFTER);
      }
      case Change.DELETE -> row(change, kind, change.before(), RowKind.DELETE);
      case Change.TRUNCATE ->
          throw new BadChange(
              BadChange.NO_ROW,
              "table " + change.table() + " was truncated, which no rows can tell");
      case BinlogChange.STATEMENT ->
          throw new BadChange(
              BadChange.NO_ROW,
              "a statement that may have changed table "
                  + change.table()
                  + " is in the log without its rows; let no session set binlog_format");
      case BinlogChange.PREPARED ->
          throw new BadChange(
              BadChange.NO_ROW,
              "a change of table "
                  + change.table()
                  + " is of an XA transaction, which may yet be rolled back");
      default -> {}
    }
  }

  private void row(Change change, String told, @Nullable ChangedRow row, RowKind kind) {
    append(change, told, row);
    Long millis = change.millis();
    rows.endRow(millis == null ? EventBatch.NO_TIMESTAMP : millis, kind);
  }

  private void append(Change change, String told, @Nullable ChangedRow row) {
    if (row == null) {
      throw new BadChange(
          BadChange.NO_ROW, "a change of kind '" + told + "' does not tell the row");
    }
    if (row.layout() != lastLayout) {
      look(row, change.table());
    }
    for (int i = 0; i < lastColumns.length; i++) {
      Field field = wanted.field(i);
      if (lastColumns[i] >= 0) {
        row.append(field, lastColumns[i], rows.column(i));
      } else if (METAS.contains(field.name())) {
        meta(field, change, told, rows.column(i));
      } else {
        rows.column(i).appendNull();
      }
    }
  }

  /** Finds the columns of a table that comes, or has been altered. */
  private void look(ChangedRow row, String table) {
    List<String> names = row.columns();
    Set<String> had = columns.computeIfAbsent(table, name -> new HashSet<>());
    for (int i = 0; i < lastColumns.length; i++) {
      String name = wanted.field(i).name();
      lastColumns[i] = names.indexOf(name);
      if (lastColumns[i] >= 0) {
        had.add(name);
      } else if (declared && !METAS.contains(name) && (oneTable || had.contains(name))) {
        throw FluxCoreException.user(
            COLUMN_GONE,
            Place.of("schema"),
            "table '" + table + "' has no column '" + name + "', which is declared",
            "its columns are "
                + String.join(", ", names)
                + "; declare these, or leave the option out");
      }
    }
    lastLayout = row.layout();
  }

  private static void meta(Field field, Change change, String told, ColumnBuilder column) {
    if (field.name().equals("__source_ts_ms")) {
      Long millis = change.millis();
      switch (field.type().kind()) {
        case LONG -> column.append(millis);
        case TIMESTAMP_TZ -> column.append(millis == null ? null : Instant.ofEpochMilli(millis));
        default ->
            throw new BadChange(
                BadChange.WRONG_TYPE, "__source_ts_ms is a long, not " + field.type());
      }
      return;
    }
    if (field.type().kind() != DataType.Kind.STRING) {
      throw new BadChange(BadChange.WRONG_TYPE, field.name() + " is a string, not " + field.type());
    }
    column.appendString(
        switch (field.name()) {
          case "__op" -> told;
          case "__db" -> change.database();
          case "__schema" -> change.schema();
          default -> change.table();
        });
  }

  /** The rows so far; then there are none. */
  EventBatch build() {
    return rows.build().withEnvelope(Envelope.ofSource(source));
  }

  /** The bad records so far; then there are none. */
  List<BadRecord> takeBad() {
    List<BadRecord> taken = List.copyOf(bad);
    bad.clear();
    return taken;
  }
}
