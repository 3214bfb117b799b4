package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;

/** A condition bound to a schema, evaluated by column. */
public interface CompiledPredicate {
  /**
   * Writes the selected physical rows for which the condition is true (not false, not null).
   *
   * @param rows receives the rows, ascending; at least as long as the batch's size
   * @return how many
   */
  int select(EventBatch batch, int[] rows, RowErrors errors);
}
