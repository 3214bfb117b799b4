package io.fluxcore.adapters.in.outbox;

import io.fluxcore.application.connector.BadRecord;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Changes as rows of the wanted fields: columns by their names in any case, and fields that tell
 * about the change, called as those of the source {@code cdc}. Not thread-safe.
 */
final class ChangeRows {
  private static final Set<String> METAS = Set.of("__op", "__schema", "__table", "__source_ts_ms");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final Schema wanted;
  private final String source;
  private final EventBatchBuilder rows;
  private final List<BadRecord> bad = new ArrayList<>();

  /**
   * A change.
   *
   * @param op {@code c}, {@code u}, {@code d}, or {@code t} for a truncation
   * @param millis when it was made
   */
  record Change(
      long id,
      String schema,
      String table,
      String op,
      @Nullable String before,
      @Nullable String after,
      long millis) {}

  ChangeRows(Schema wanted, String source, int capacity) {
    this.wanted = wanted;
    this.source = source;
    this.rows = new EventBatchBuilder(wanted, capacity);
  }

  /** Adds the rows of a change, or the change as a bad record. */
  void add(Change change, String outbox) {
    try {
      Map<String, @Nullable Object> before = row(change.before());
      Map<String, @Nullable Object> after = row(change.after());
      switch (change.op()) {
        case "c" -> end(after, change, RowKind.INSERT);
        case "u" -> {
          append(after, change); // first: when it is bad, the row before must not stay
          rows.abandonRow();
          end(before, change, RowKind.UPDATE_BEFORE);
          end(after, change, RowKind.UPDATE_AFTER);
        }
        case "d" -> end(before, change, RowKind.DELETE);
        default ->
            bad(
                change,
                outbox,
                OutboxErrors.NO_ROW,
                "table " + change.table() + " was truncated, which no rows can tell");
      }
    } catch (JacksonException | IllegalArgumentException e) {
      rows.abandonRow();
      bad(change, outbox, OutboxErrors.WRONG_TYPE, String.valueOf(e.getMessage()));
    }
  }

  private void bad(Change change, String outbox, String code, String message) {
    String text = change.after() == null ? change.before() : change.after();
    bad.add(
        new BadRecord(
            (text == null ? "" : text).getBytes(StandardCharsets.UTF_8),
            outbox + "@" + change.id(),
            code,
            message));
  }

  @SuppressWarnings("unchecked") // an object of JSON
  private static Map<String, @Nullable Object> row(@Nullable String json) {
    return json == null ? Map.of() : JSON.readValue(json, Map.class);
  }

  private void end(Map<String, @Nullable Object> row, Change change, RowKind kind) {
    append(row, change);
    rows.endRow(change.millis(), kind);
  }

  private void append(Map<String, @Nullable Object> row, Change change) {
    for (int i = 0; i < wanted.size(); i++) {
      Field field = wanted.field(i);
      Object value = value(row, field.name());
      if (value != null) {
        rows.column(i).append(ChangeValue.of(field, value));
      } else if (METAS.contains(field.name())) {
        meta(field, change, rows.column(i));
      } else {
        rows.column(i).appendNull();
      }
    }
  }

  private static @Nullable Object value(Map<String, @Nullable Object> row, String name) {
    Object value = row.get(name);
    if (value == null && !row.containsKey(name)) {
      for (Map.Entry<String, @Nullable Object> column : row.entrySet()) {
        if (column.getKey().equalsIgnoreCase(name)) {
          return column.getValue();
        }
      }
    }
    return value;
  }

  private static void meta(Field field, Change change, ColumnBuilder column) {
    if (field.name().equals("__source_ts_ms")) {
      switch (field.type().kind()) {
        case LONG -> column.append(change.millis());
        case TIMESTAMP_TZ -> column.append(Instant.ofEpochMilli(change.millis()));
        default ->
            throw new IllegalArgumentException("__source_ts_ms is a long, not " + field.type());
      }
      return;
    }
    if (field.type().kind() != DataType.Kind.STRING) {
      throw new IllegalArgumentException(field.name() + " is a string, not " + field.type());
    }
    column.appendString(
        switch (field.name()) {
          case "__op" -> change.op();
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
