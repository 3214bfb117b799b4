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
  private final int[] sources;
  private final EventBatchBuilder rows;
  private final @Nullable LeadRows leads;

  /** The row that is being computed: one of those that leave, or one by itself. */
  private final EventBatchBuilder computed;

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
    this.leads = over.looksAhead() ? new LeadRows(over, output) : null;
    this.computed = leads == null ? rows : new EventBatchBuilder(output, 1);
    this.targets = new @Nullable ColumnBuilder[codec.schema().size()];
    for (int i = 0; i < passed.size(); i++) {
      targets[i] = computed.column(i);
    }
    this.sources = new int[calls.size()];
    for (int i = 0; i < sources.length; i++) {
      if (calls.get(i) instanceof OverCall.Lag lag) {
        sources[i] = codec.schema().ordinal(lag.field());
      } else if (calls.get(i) instanceof OverCall.Lead lead) {
        sources[i] = codec.schema().ordinal(lead.field());
      }
    }
  }

  /** The fields of what leaves. */
  Schema schema() {
    return rows.schema();
  }

  /**
   * Computes a row, which is then to be added. In the place of what it looks ahead for are its own
   * fields, for which others look.
   *
   * @param earlier rows before it, the last one last
   * @param results of the aggregates, in one row
   * @param rowNumber its number among all
   * @param rank the number of the first row of its time
   * @param times how many times there were up to its own
   */
  void compute(
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
      ColumnBuilder column = computed.column(first + i);
      OverCall call = calls.get(i);
      if (call instanceof OverCall.Lag lag) {
        lag(lag, sources[i], earlier, column);
      } else if (call instanceof OverCall.Lead) {
        decode(current, at, sources[i], column);
      } else if (call instanceof OverCall.Numbering number) {
        column.appendLong(
            switch (number.kind()) {
              case ROW_NUMBER -> rowNumber;
              case RANK -> rank;
              case DENSE_RANK -> times;
              case PERCENT_RANK, CUME_DIST ->
                  throw new IllegalStateException(call + " in the order of time");
            });
      } else {
        column.append(results[aggregate++], 0);
      }
    }
  }

  /**
   * Adds the row that has been computed.
   *
   * @param led the last rows of its key, where rows look ahead
   */
  void add(long time, @Nullable RowBuffer led) {
    computed.endRow(time);
    if (leads != null && led != null) {
      leads.add(computed.build(), led, rows);
    }
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
    decode(earlier, at, field, column);
  }

  private void decode(RowBuffer of, int at, int field, ColumnBuilder column) {
    @Nullable ColumnBuilder[] one = new @Nullable ColumnBuilder[targets.length];
    one[field] = column;
    of.decode(codec, at, one);
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
