package io.fluxcore.domain.event;

import org.jspecify.annotations.Nullable;

/**
 * Up to a few thousand events in columns: the unit of everything. Immutable once emitted, so it may
 * be shared between threads after a safe hand-over; its arrays must not be written.
 *
 * <p>The exception is a {@link #isBorrowed() borrowed} batch, which a reader may give only to
 * stages whose operators keep none.
 *
 * <p>A batch has {@link #rowCount()} physical rows. A selection vector, where there is one, names
 * the {@link #size()} rows that count, ascending; the others are to be ignored, and their values
 * may be anything. Loops read:
 *
 * <pre>{@code
 * int[] selection = batch.selection();
 * for (int i = 0; i < batch.size(); i++) {
 *   int row = selection == null ? i : selection[i];
 * }
 * }</pre>
 */
public final class EventBatch {
  /** Rows that a batch aims at: it fits the L2 cache with a handful of columns. */
  public static final int TARGET_ROWS = 2048;

  /** The timestamp of an event that has none. */
  public static final long NO_TIMESTAMP = Long.MIN_VALUE;

  private final Schema schema;
  private final Column[] columns;
  private final long[] timestamps;
  private final int rowCount;
  private final int @Nullable [] selection;
  private final int size;
  private final byte @Nullable [] rowKinds;
  private final Envelope envelope;
  private final @Nullable RawRecords rawRecords;
  private final int minKeyGroup;
  private final int maxKeyGroup;
  private final boolean borrowed;

  private EventBatch(
      Schema schema,
      Column[] columns,
      long[] timestamps,
      int rowCount,
      int @Nullable [] selection,
      int size,
      byte @Nullable [] rowKinds,
      Envelope envelope,
      @Nullable RawRecords rawRecords,
      int minKeyGroup,
      int maxKeyGroup,
      boolean borrowed) {
    this.schema = schema;
    this.columns = columns;
    this.timestamps = timestamps;
    this.rowCount = rowCount;
    this.selection = selection;
    this.size = size;
    this.rowKinds = rowKinds;
    this.envelope = envelope;
    this.rawRecords = rawRecords;
    this.minKeyGroup = minKeyGroup;
    this.maxKeyGroup = maxKeyGroup;
    this.borrowed = borrowed;
  }

  /**
   * A batch of insertions with all rows selected.
   *
   * @param timestamps epoch milliseconds, at least {@code rowCount} of them
   */
  public static EventBatch of(Schema schema, Column[] columns, long[] timestamps, int rowCount) {
    if (columns.length != schema.size()) {
      throw new IllegalArgumentException(columns.length + " columns for the schema " + schema);
    }
    if (timestamps.length < rowCount) {
      throw new IllegalArgumentException(
          timestamps.length + " timestamps for " + rowCount + " rows");
    }
    return new EventBatch(
        schema,
        columns,
        timestamps,
        rowCount,
        null,
        rowCount,
        null,
        Envelope.NONE,
        null,
        -1,
        -1,
        false);
  }

  public Schema schema() {
    return schema;
  }

  /** Physical rows. */
  public int rowCount() {
    return rowCount;
  }

  /** Selected rows. */
  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** Selected physical rows, ascending, the first {@link #size()} entries; null when all are. */
  public int @Nullable [] selection() {
    return selection;
  }

  /** The physical row of the i-th selected one. */
  public int row(int i) {
    return selection == null ? i : selection[i];
  }

  public Column column(int ordinal) {
    return columns[ordinal];
  }

  /**
   * The column of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Column column(String name) {
    return columns[schema.ordinal(name)];
  }

  /** All columns, shared. */
  public Column[] columns() {
    return columns;
  }

  /** Event times by physical row, epoch milliseconds or {@link #NO_TIMESTAMP}. */
  public long[] timestamps() {
    return timestamps;
  }

  /** {@link RowKind} codes by physical row; null when all are insertions. */
  public byte @Nullable [] rowKinds() {
    return rowKinds;
  }

  public RowKind rowKind(int row) {
    return rowKinds == null ? RowKind.INSERT : RowKind.of(rowKinds[row]);
  }

  public Envelope envelope() {
    return envelope;
  }

  public @Nullable RawRecords rawRecords() {
    return rawRecords;
  }

  /** Smallest key group of the rows, -1 when the batch has not been exchanged by key. */
  public int minKeyGroup() {
    return minKeyGroup;
  }

  /** Largest key group of the rows, -1 when the batch has not been exchanged by key. */
  public int maxKeyGroup() {
    return maxKeyGroup;
  }

  /**
   * Whether the arrays are the source's, which writes to them again when the call that handed over
   * the batch has returned. Who keeps a batch longer keeps {@link #gather a copy}.
   */
  public boolean isBorrowed() {
    return borrowed;
  }

  /** The same rows, said to be {@link #isBorrowed() borrowed}. */
  public EventBatch asBorrowed() {
    return new EventBatch(
        schema,
        columns,
        timestamps,
        rowCount,
        selection,
        size,
        rowKinds,
        envelope,
        rawRecords,
        minKeyGroup,
        maxKeyGroup,
        true);
  }

  /** The same rows, of which only these (ascending, the first {@code count}) are selected. */
  public EventBatch withSelection(int[] rows, int count) {
    return new EventBatch(
        schema,
        columns,
        timestamps,
        rowCount,
        rows,
        count,
        rowKinds,
        envelope,
        rawRecords,
        minKeyGroup,
        maxKeyGroup,
        borrowed);
  }

  /** The same rows, timestamps and envelope with other fields. */
  public EventBatch withColumns(Schema newSchema, Column[] newColumns) {
    if (newColumns.length != newSchema.size()) {
      throw new IllegalArgumentException(newColumns.length + " columns for " + newSchema);
    }
    return new EventBatch(
        newSchema,
        newColumns,
        timestamps,
        rowCount,
        selection,
        size,
        rowKinds,
        envelope,
        rawRecords,
        minKeyGroup,
        maxKeyGroup,
        borrowed);
  }

  public EventBatch withTimestamps(long[] newTimestamps) {
    return new EventBatch(
        schema,
        columns,
        newTimestamps,
        rowCount,
        selection,
        size,
        rowKinds,
        envelope,
        rawRecords,
        minKeyGroup,
        maxKeyGroup,
        borrowed);
  }

  public EventBatch withRowKinds(byte @Nullable [] newRowKinds) {
    return new EventBatch(
        schema,
        columns,
        timestamps,
        rowCount,
        selection,
        size,
        newRowKinds,
        envelope,
        rawRecords,
        minKeyGroup,
        maxKeyGroup,
        borrowed);
  }

  public EventBatch withEnvelope(Envelope newEnvelope) {
    return new EventBatch(
        schema,
        columns,
        timestamps,
        rowCount,
        selection,
        size,
        rowKinds,
        newEnvelope,
        rawRecords,
        minKeyGroup,
        maxKeyGroup,
        borrowed);
  }

  public EventBatch withRawRecords(@Nullable RawRecords newRawRecords) {
    return new EventBatch(
        schema,
        columns,
        timestamps,
        rowCount,
        selection,
        size,
        rowKinds,
        envelope,
        newRawRecords,
        minKeyGroup,
        maxKeyGroup,
        borrowed);
  }

  /** The same rows, all of whose key groups lie in this range. */
  public EventBatch withKeyGroups(int min, int max) {
    return new EventBatch(
        schema,
        columns,
        timestamps,
        rowCount,
        selection,
        size,
        rowKinds,
        envelope,
        rawRecords,
        min,
        max,
        borrowed);
  }

  /** These physical rows, in this order, as a batch of their own without a selection. */
  public EventBatch gather(int[] rows, int count) {
    Column[] gathered = new Column[columns.length];
    for (int c = 0; c < columns.length; c++) {
      gathered[c] = columns[c].gather(rows, count);
    }
    long[] times = new long[count];
    byte[] kinds = rowKinds == null ? null : new byte[count];
    for (int i = 0; i < count; i++) {
      times[i] = timestamps[rows[i]];
      if (kinds != null && rowKinds != null) {
        kinds[i] = rowKinds[rows[i]];
      }
    }
    return new EventBatch(
        schema,
        gathered,
        times,
        count,
        null,
        count,
        kinds,
        envelope.gather(rows, count),
        rawRecords == null ? null : rawRecords.gather(rows, count),
        minKeyGroup,
        maxKeyGroup,
        false);
  }

  /** The selected rows without a selection; this batch itself when all rows are selected. */
  public EventBatch compact() {
    return selection == null ? this : gather(selection, size);
  }

  /** Bytes on the heap, about: for memory bounds. */
  public long estimatedBytes() {
    long bytes = 64 + 8L * rowCount;
    for (Column column : columns) {
      bytes += column.estimatedBytes();
    }
    return bytes;
  }

  @Override
  public String toString() {
    return "EventBatch[" + size + " of " + rowCount + " rows, " + schema + "]";
  }
}
