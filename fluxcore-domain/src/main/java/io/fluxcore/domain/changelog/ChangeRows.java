package io.fluxcore.domain.changelog;

import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.EncodedRow;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.row.RowCodec;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Collects rows of a changelog that come out of state, until they leave as batches. Not
 * thread-safe.
 */
public final class ChangeRows {
  private final RowCodec codec;
  private final EventBatchBuilder rows;
  private final @Nullable ColumnBuilder[] targets;
  private final Deque<EventBatch> full = new ArrayDeque<>();

  /**
   * For rows of a codec.
   *
   * @param output the codec's fields, in its order, and others behind them
   */
  public ChangeRows(RowCodec codec, Schema output) {
    this.codec = codec;
    this.rows = new EventBatchBuilder(output);
    this.targets = new @Nullable ColumnBuilder[codec.schema().size()];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = rows.column(i);
    }
  }

  /** The builder of a field behind those of the codec, which is given its value before a row. */
  public ColumnBuilder extra(int field) {
    return rows.column(codec.schema().size() + field);
  }

  /** Adds a row. */
  public void add(RowKind kind, EncodedRow row, long timestamp) {
    codec.decode(row, targets);
    end(kind, timestamp);
  }

  /** Adds a row whose bytes begin there. */
  public void add(RowKind kind, byte[] bytes, int at, long timestamp) {
    codec.decode(bytes, at, targets);
    end(kind, timestamp);
  }

  /** Adds a row of a buffer. */
  public void add(RowKind kind, RowBuffer buffer, int at, long timestamp) {
    buffer.decode(codec, at, targets);
    end(kind, timestamp);
  }

  private void end(RowKind kind, long timestamp) {
    rows.endRow(timestamp, kind);
    if (rows.isFull()) {
      full.add(rows.build());
    }
  }

  /**
   * Hands rows on for as long as downstream has capacity.
   *
   * @return whether all are gone; otherwise it is to be called again
   */
  public boolean flush(Output out) {
    if (rows.size() > 0) {
      full.add(rows.build());
    }
    while (!full.isEmpty()) {
      out.emit(full.remove());
      if (!full.isEmpty() && !out.hasCapacity()) {
        return false;
      }
    }
    return true;
  }

  /** Whether there are so many rows that some are to be handed on. */
  public boolean isLarge() {
    return !full.isEmpty();
  }

  /** Whether there are rows that have not been handed on. */
  public boolean hasMore() {
    return !full.isEmpty() || rows.size() > 0;
  }
}
