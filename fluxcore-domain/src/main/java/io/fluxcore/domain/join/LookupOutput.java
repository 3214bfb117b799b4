package io.fluxcore.domain.join;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.operator.Output;
import org.jspecify.annotations.Nullable;

/** Collects rows with what was found for them. Not thread-safe. */
final class LookupOutput {
  private final EventBatchBuilder results;
  private final JoinedColumns left;
  private final JoinedColumns right;

  LookupOutput(JoinFields fields) {
    results = new EventBatchBuilder(fields.output());
    left = new JoinedColumns(fields, JoinType.LEFT_INPUT, results);
    right = new JoinedColumns(fields, JoinType.RIGHT_INPUT, results);
  }

  /** A row with one that was found; null: with nulls. */
  void add(EventBatch batch, int row, @Nullable Object @Nullable [] found) {
    left.row(batch, row);
    if (found == null) {
      right.nulls();
    } else {
      right.row(found);
    }
    results.endRow(batch.timestamps()[row]);
  }

  boolean isFull() {
    return results.isFull();
  }

  void flush(Output out) {
    if (results.size() > 0) {
      out.emit(results.build());
    }
  }
}
