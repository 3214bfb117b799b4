package io.fluxcore.application.query;

import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.RowKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows that stand after the changes of a changelog with its former rows. Not thread-safe. */
final class StandingRows {
  private final Map<Values, Standing> rows = new LinkedHashMap<>();
  private long size;

  /** A row by its values alone. */
  @SuppressWarnings("ArrayRecordComponent") // compared by its contents
  private record Values(@Nullable Object[] values) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Values v && Arrays.deepEquals(values, v.values);
    }

    @Override
    public int hashCode() {
      return Arrays.deepHashCode(values);
    }
  }

  /** A row and how often it stands. */
  private static final class Standing {
    final EventRecord row;
    long count;

    Standing(EventRecord row) {
      this.row = row;
    }
  }

  void change(EventRecord row) {
    @Nullable Object[] values = new @Nullable Object[row.schema().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i);
    }
    RowKind kind = row.rowKind();
    boolean adds = kind == RowKind.INSERT || kind == RowKind.UPDATE_AFTER;
    Values key = new Values(values);
    Standing standing = rows.computeIfAbsent(key, k -> new Standing(row));
    standing.count += adds ? 1 : -1;
    size += adds ? 1 : -1;
    if (standing.count == 0) {
      rows.remove(key);
    }
  }

  /** How many there are. */
  long size() {
    return size;
  }

  /** In the order in which they came to stand. */
  List<EventRecord> list() {
    List<EventRecord> list = new ArrayList<>();
    for (Standing standing : rows.values()) {
      EventRecord row = standing.row;
      @Nullable Object[] values = new @Nullable Object[row.schema().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = row.get(i);
      }
      EventRecord inserted = EventRecord.of(row.schema(), RowKind.INSERT, row.timestamp(), values);
      for (long i = 0; i < standing.count; i++) {
        list.add(inserted);
      }
    }
    return list;
  }
}
