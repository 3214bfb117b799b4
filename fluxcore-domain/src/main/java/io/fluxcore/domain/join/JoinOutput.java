package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.RowBuffer;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects pairs of rows, asks the condition about them, and emits those that match; and collects
 * rows that are results alone, with nulls in place of the other. Not thread-safe.
 *
 * <p>A pair that the condition cannot judge does not match; it is counted as a row that came in and
 * failed, since it is none of the rows that did come.
 */
final class JoinOutput {
  private final boolean emitsPairs;
  private final @Nullable CompiledPredicate condition;
  private final Schema output;
  private final Schema emitted;
  private final EventBatchBuilder pairs;
  private final EventBatchBuilder singles;
  private final JoinedColumns[] ofPairs = new JoinedColumns[2];
  private final JoinedColumns[] ofSingles = new JoinedColumns[2];
  private long[][] constants = new long[0][];
  private int[] selected = new int[0];

  /**
   * The output of a join.
   *
   * @param condition compiled for {@link JoinFields#pairs}; null: all pairs match
   * @param output what is emitted: {@link JoinFields#output}, and columns of {@link #constants}
   */
  JoinOutput(EquiJoin join, @Nullable CompiledPredicate condition, Schema output) {
    JoinFields fields = join.fields();
    this.emitsPairs = join.type().givesPairs();
    this.condition = condition;
    this.output = output;
    this.emitted = fields.output();
    this.pairs = new EventBatchBuilder(fields.pairs());
    this.singles = new EventBatchBuilder(emitted);
    for (int input = 0; input < 2; input++) {
      ofPairs[input] = new JoinedColumns(fields, input, pairs);
      ofSingles[input] = new JoinedColumns(fields, input, singles);
    }
  }

  boolean hasCondition() {
    return condition != null;
  }

  /** Times in microseconds that follow the fields of the inputs in each result. */
  void constants(long... times) {
    constants = new long[times.length][EventBatch.TARGET_ROWS];
    for (int i = 0; i < times.length; i++) {
      Arrays.fill(constants[i], times[i]);
    }
  }

  /** A pair of kept rows: a row of this input and a row of the other one. */
  void pair(int input, RowBuffer rows, int at, RowBuffer others, int other, long timestamp) {
    ofPairs[input].row(rows, at);
    ofPairs[1 - input].row(others, other);
    pairs.endRow(timestamp);
  }

  /** A pair of a row of a batch of this input and a kept row of the other one. */
  void pair(int input, EventBatch batch, int row, RowBuffer others, int other, long timestamp) {
    ofPairs[input].row(batch, row);
    ofPairs[1 - input].row(others, other);
    pairs.endRow(timestamp);
  }

  /** A kept row of this input as a result of its own. */
  void single(int input, RowBuffer rows, int at, long timestamp) {
    ofSingles[input].row(rows, at);
    ofSingles[1 - input].nulls();
    singles.endRow(timestamp);
  }

  /** A row of a batch of this input as a result of its own. */
  void single(int input, EventBatch batch, int row) {
    ofSingles[input].row(batch, row);
    ofSingles[1 - input].nulls();
    singles.endRow(batch.timestamps()[row]);
  }

  /** Pairs that were not asked about or not emitted. */
  int pairs() {
    return pairs.size();
  }

  boolean arePairsFull() {
    return pairs.isFull();
  }

  boolean areSinglesFull() {
    return singles.isFull();
  }

  /**
   * Asks about the pairs, and emits those that match where pairs are results.
   *
   * @param matched gets the number of each pair that matches, from 0 in the order they were added
   */
  void flushPairs(OperatorContext context, Output out, IntConsumer matched) {
    if (pairs.size() == 0) {
      return;
    }
    EventBatch batch = pairs.build();
    CompiledPredicate asked = condition;
    if (asked == null) {
      for (int i = 0; i < batch.size(); i++) {
        matched.accept(i);
      }
      emit(batch, out);
      return;
    }
    if (selected.length < batch.size()) {
      selected = new int[batch.size()];
    }
    int count =
        asked.select(
            batch,
            selected,
            (row, error) -> {
              context.ledger().in(1, 0);
              context.failures().failed(batch, row, error);
            });
    for (int i = 0; i < count; i++) {
      matched.accept(selected[i]);
    }
    if (count > 0) {
      boolean all = count == batch.size();
      emit(all ? batch : batch.withSelection(Arrays.copyOf(selected, count), count), out);
    }
  }

  private void emit(EventBatch batch, Output out) {
    if (emitsPairs) {
      out.emit(finished(batch));
    }
  }

  void flushSingles(Output out) {
    if (singles.size() > 0) {
      out.emit(finished(singles.build()));
    }
  }

  private EventBatch finished(EventBatch batch) {
    Column[] columns = Arrays.copyOf(batch.columns(), output.size());
    for (int i = 0; i < constants.length; i++) {
      columns[emitted.size() + i] =
          new LongColumn(DataType.TIMESTAMP_TZ, batch.rowCount(), constants[i], null);
    }
    return batch.withColumns(output, columns);
  }
}
