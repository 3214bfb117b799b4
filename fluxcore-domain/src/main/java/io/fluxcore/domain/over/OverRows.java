package io.fluxcore.domain.over;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.row.RowCodec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects rows with what was computed for them, until they leave as batches. */
final class OverRows {
  private final RowCodec codec;
  private final List<OverCall> calls;
  private final int[] lagged;
  private final EventBatchBuilder rows;
  private final @Nullable ColumnBuilder[] targets;
  private final Deque<EventBatch> full = new ArrayDeque<>();

  /**
   * Rows of an over-window.
   *
   * @param passed the fields of the codec, from its first on, that rows leave with
   */
  OverRows(OverWindow over, RowCodec codec, Schema passed, Schema output) {
    this.codec = codec;
    this.calls = over.calls();
    this.rows = new EventBatchBuilder(output);
    this.targets = new @Nullable ColumnBuilder[codec.schema().size()];
    for (int i = 0; i < passed.size(); i++) {
      targets[i] = rows.column(i);
    }
    this.lagged = new int[calls.size()];
    for (int i = 0; i < lagged.length; i++) {
      if (calls.get(i) instanceof OverCall.Lag lag) {
        lagged[i] = codec.schema().ordinal(lag.field());
      }
    }
  }

  /**
   * Adds a row.
   *
   * @param earlier rows before it, the last one last
   * @param results of the aggregates, in one row
   * @param rowNumber its number among all
   * @param rank the number of the first row of its time
   * @param times how many times there were up to its own
   */
  void add(
      RowBuffer current,
      int at,
      RowBuffer earlier,
      Column[] results,
      long rowNumber,
      long rank,
      long times) {
    current.decode(codec, at, targets);
    int first = rows.schema().size() - calls.size();
    int aggregate = 0;
    for (int i = 0; i < calls.size(); i++) {
      ColumnBuilder column = rows.column(first + i);
      OverCall call = calls.get(i);
      if (call instanceof OverCall.Lag lag) {
        lag(lag, lagged[i], earlier, column);
      } else if (call instanceof OverCall.Numbering number) {
        column.appendLong(
            switch (number.kind()) {
              case ROW_NUMBER -> rowNumber;
              case RANK -> rank;
              case DENSE_RANK -> times;
            });
      } else {
        column.append(results[aggregate++], 0);
      }
    }
    rows.endRow(current.timestamp(at));
    if (rows.isFull()) {
      full.add(rows.build());
    }
  }

  private void lag(OverCall.Lag lag, int field, RowBuffer earlier, ColumnBuilder column) {
    int back = earlier.size() - lag.rows();
    if (back < 0) {
      column.appendNull();
      return;
    }
    int at = earlier.first();
    for (int i = 0; i < back; i++) {
      at = earlier.next(at);
    }
    @Nullable ColumnBuilder[] one = new @Nullable ColumnBuilder[targets.length];
    one[field] = column;
    earlier.decode(codec, at, one);
  }

  /** Hands rows on for as long as downstream has capacity; whether all are gone. */
  boolean flush(Output out) {
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

  boolean hasMore() {
    return !full.isEmpty() || rows.size() > 0;
  }
}
