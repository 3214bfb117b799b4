package io.fluxcore.domain.event;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects rows into batches: fill each column of {@link #column(int)}, then call {@link #endRow}.
 * After {@link #build()} the builder is empty and may be filled again. Not thread-safe.
 */
public final class EventBatchBuilder {
  private final Schema schema;
  private final ColumnBuilder[] columns;
  private final int capacity;
  private long[] timestamps;
  private byte @Nullable [] rowKinds;
  private int size;

  public EventBatchBuilder(Schema schema, int capacity) {
    this.schema = schema;
    this.capacity = Math.max(1, capacity);
    this.columns = new ColumnBuilder[schema.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = new ColumnBuilder(schema.type(i), this.capacity);
    }
    this.timestamps = new long[this.capacity];
  }

  public EventBatchBuilder(Schema schema) {
    this(schema, EventBatch.TARGET_ROWS);
  }

  public Schema schema() {
    return schema;
  }

  public ColumnBuilder column(int ordinal) {
    return columns[ordinal];
  }

  /** Rows so far. */
  public int size() {
    return size;
  }

  public boolean isFull() {
    return size >= capacity;
  }

  /** Ends an insertion; every column must have got one value. */
  public void endRow(long timestamp) {
    endRow(timestamp, RowKind.INSERT);
  }

  public void endRow(long timestamp, RowKind kind) {
    if (size == timestamps.length) {
      timestamps = Arrays.copyOf(timestamps, size * 2);
      if (rowKinds != null) {
        rowKinds = Arrays.copyOf(rowKinds, size * 2);
      }
    }
    if (kind != RowKind.INSERT && rowKinds == null) {
      rowKinds = new byte[timestamps.length];
    }
    if (rowKinds != null) {
      rowKinds[size] = kind.code();
    }
    timestamps[size++] = timestamp;
  }

  /** Takes back what was appended since the last {@link #endRow}: a record that turned out bad. */
  public void abandonRow() {
    for (ColumnBuilder column : columns) {
      while (column.size() > size) {
        column.removeLast();
      }
    }
  }

  /** A whole row of {@link Values}' classes, in the schema's order. */
  public EventBatchBuilder row(long timestamp, @Nullable Object... values) {
    return row(RowKind.INSERT, timestamp, values);
  }

  public EventBatchBuilder row(RowKind kind, long timestamp, @Nullable Object... values) {
    if (values.length != columns.length) {
      throw new IllegalArgumentException(values.length + " values for " + schema);
    }
    for (int i = 0; i < columns.length; i++) {
      columns[i].append(values[i]);
    }
    endRow(timestamp, kind);
    return this;
  }

  /** The rows so far as a batch; the builder starts anew. */
  public EventBatch build() {
    Column[] built = new Column[columns.length];
    for (int i = 0; i < columns.length; i++) {
      if (columns[i].size() != size) {
        throw new IllegalStateException(
            "column '"
                + schema.field(i).name()
                + "' has "
                + columns[i].size()
                + " values for "
                + size
                + " rows");
      }
      built[i] = columns[i].build();
    }
    EventBatch batch = EventBatch.of(schema, built, timestamps, size).withRowKinds(rowKinds);
    size = 0;
    rowKinds = null;
    timestamps = new long[capacity];
    return batch;
  }
}
