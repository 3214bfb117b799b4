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
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
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

  /** Columns of the last schema that was looked at, by wanted field; null where there is none. */
  private org.apache.kafka.connect.data.@Nullable Schema lastSchema;

  private final org.apache.kafka.connect.data.@Nullable Field[] lastColumns;

  ChangeRows(Schema wanted, String source, boolean declared, boolean oneTable, int batchRows) {
    this.wanted = wanted;
    this.source = source;
    this.declared = declared;
    this.oneTable = oneTable;
    this.rows = new EventBatchBuilder(wanted, batchRows);
    this.lastColumns = new org.apache.kafka.connect.data.@Nullable Field[wanted.size()];
  }

  /** Rows so far. */
  int size() {
    return rows.size();
  }

  boolean isEmpty() {
    return rows.size() == 0 && bad.isEmpty();
  }

  /** Adds the rows of a change, or the change as a bad record. */
  void add(SourceRecord record, String coordinates) {
    if (!(record.value() instanceof Struct change) || change.schema().field("op") == null) {
      return; // a tombstone, a heartbeat, the beginning of a transaction
    }
    int before = rows.size();
    try {
      add(change);
    } catch (BadChange e) {
      rows.abandonRow();
      if (rows.size() > before) {
        throw new IllegalStateException("a bad change has left a row", e);
      }
      bad.add(
          new BadRecord(
              change.toString().getBytes(StandardCharsets.UTF_8),
              coordinates,
              e.code(),
              String.valueOf(e.getMessage())));
    }
  }

  private void add(Struct change) {
    String op = change.getString("op");
    switch (op) {
      case "c", "r" -> row(change, "after", RowKind.INSERT);
      case "u" -> {
        boolean hasBefore = change.get("before") != null;
        if (hasBefore) {
          // The row after first: when it is bad, the row before must not stay.
          append(change, "after");
          rows.abandonRow();
          row(change, "before", RowKind.UPDATE_BEFORE);
        }
        row(change, "after", RowKind.UPDATE_AFTER);
      }
      case "d" -> row(change, "before", RowKind.DELETE);
      case "t" ->
          throw new BadChange(
              BadChange.NO_ROW,
              "table "
                  + change.getStruct("source").getString("table")
                  + " was truncated, which no rows can tell");
      default -> {}
    }
  }

  private void row(Struct change, String part, RowKind kind) {
    append(change, part);
    rows.endRow(millis(change), kind);
  }

  private static long millis(Struct change) {
    Long millis = change.getStruct("source").getInt64("ts_ms");
    return millis == null ? EventBatch.NO_TIMESTAMP : millis;
  }

  private void append(Struct change, String part) {
    Struct row = change.getStruct(part);
    if (row == null) {
      throw new BadChange(
          BadChange.NO_ROW,
          "a change of kind '" + change.getString("op") + "' does not tell the row '" + part + "'");
    }
    if (row.schema() != lastSchema) {
      look(row.schema(), change.getStruct("source"));
    }
    for (int i = 0; i < lastColumns.length; i++) {
      Field field = wanted.field(i);
      org.apache.kafka.connect.data.Field column = lastColumns[i];
      if (column != null) {
        ColumnValue.append(field, column.schema(), row.get(column), rows.column(i));
      } else if (METAS.contains(field.name())) {
        meta(field, change, rows.column(i));
      } else {
        rows.column(i).appendNull();
      }
    }
  }

  /** Finds the columns of a table that comes, or has been altered. */
  private void look(org.apache.kafka.connect.data.Schema schema, Struct from) {
    String table = from.getString("table");
    Set<String> had = columns.computeIfAbsent(table, name -> new HashSet<>());
    for (int i = 0; i < lastColumns.length; i++) {
      String name = wanted.field(i).name();
      lastColumns[i] = schema.field(name);
      if (lastColumns[i] != null) {
        had.add(name);
      } else if (declared && !METAS.contains(name) && (oneTable || had.contains(name))) {
        throw FluxCoreException.user(
            COLUMN_GONE,
            Place.of("schema"),
            "table '" + table + "' has no column '" + name + "', which is declared",
            "its columns are "
                + String.join(", ", schema.fields().stream().map(f -> f.name()).toList())
                + "; declare these, or leave the option out");
      }
    }
    lastSchema = schema;
  }

  private static void meta(Field field, Struct change, ColumnBuilder column) {
    Struct from = change.getStruct("source");
    if (field.name().equals("__source_ts_ms")) {
      Long millis = from.getInt64("ts_ms");
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
          case "__op" -> change.getString("op");
          case "__db" -> from.getString("db");
          case "__schema" ->
              from.schema().field("schema") == null ? null : from.getString("schema");
          default -> from.getString("table");
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
