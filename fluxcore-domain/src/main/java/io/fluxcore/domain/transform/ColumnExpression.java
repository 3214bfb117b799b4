package io.fluxcore.domain.transform;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;

/** Computes a column of a batch. Used on the thread of one subtask. */
@FunctionalInterface
public interface ColumnExpression {
  /**
   * The values for the selected rows; those of other rows may be anything. A row that cannot be
   * evaluated is reported.
   *
   * @return a column of {@link EventBatch#rowCount()} rows
   */
  Column evaluate(EventBatch batch, RowErrors errors);
}
