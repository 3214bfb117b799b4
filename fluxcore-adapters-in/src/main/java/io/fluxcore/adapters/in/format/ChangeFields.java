package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wanted fields that tell about a change rather than of the row: {@code __op}, {@code __db},
 * {@code __schema}, {@code __table}, {@code __source_ts_ms}. Immutable.
 */
final class ChangeFields {
  private final List<Meta> metas = new ArrayList<>();

  private record Meta(int column, String name, DataType type) {}

  /**
   * What a message says of a change.
   *
   * @param op {@code c}, {@code r}, {@code u} or {@code d}
   * @param sourceMillis when the database made it, in epoch milliseconds
   */
  record Change(
      String op,
      @Nullable String database,
      @Nullable String schema,
      @Nullable String table,
      @Nullable Long sourceMillis) {}

  ChangeFields(Schema wanted) {
    for (int i = 0; i < wanted.size(); i++) {
      String name = wanted.field(i).name();
      switch (name) {
        case "__op", "__db", "__schema", "__table", "__source_ts_ms" ->
            metas.add(new Meta(i, name, wanted.type(i)));
        default -> {}
      }
    }
  }

  /**
   * Puts the values in place of those that were appended from the row, which has no such fields.
   *
   * @throws BadValue if a field has another type
   */
  void replaceIn(RowAssembler rows, Change change) {
    for (Meta meta : metas) {
      ColumnBuilder column = rows.column(meta.column);
      column.removeLast();
      append(meta, change, column);
    }
  }

  private static void append(Meta meta, Change change, ColumnBuilder column) {
    if (meta.name.equals("__source_ts_ms")) {
      Long millis = change.sourceMillis();
      switch (meta.type.kind()) {
        case LONG -> column.append(millis);
        case TIMESTAMP_TZ -> column.append(millis == null ? null : Instant.ofEpochMilli(millis));
        default -> throw BadValue.wrongType(meta.name, meta.type, "a number of milliseconds");
      }
      return;
    }
    if (meta.type.kind() != DataType.Kind.STRING) {
      throw BadValue.wrongType(meta.name, meta.type, "a text");
    }
    column.appendString(
        switch (meta.name) {
          case "__op" -> change.op();
          case "__db" -> change.database();
          case "__schema" -> change.schema();
          default -> change.table();
        });
  }
}
