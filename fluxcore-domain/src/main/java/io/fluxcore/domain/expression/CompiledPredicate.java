package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;

/**
 * A condition bound to a schema, evaluated by column. Used by one thread at a time: compile once
 * per thread, which is cheap.
 */
@FunctionalInterface
public interface CompiledPredicate {
  /**
   * Writes the selected physical rows for which the condition is true (not false, not null). A row
   * that cannot be evaluated is reported once and is not among them.
   *
   * <p>Terms of {@code and} are evaluated only for rows for which the terms before are true, so an
   * error behind a null is not met here, as it is by {@link CompiledExpression#evaluate}.
   *
   * @param rows receives the rows, ascending; at least as long as the batch's size, and not the
   *     batch's own selection
   * @return how many
   */
  int select(EventBatch batch, int[] rows, RowErrors errors);

  /** Whether equal rows always give equal results. */
  default boolean isDeterministic() {
    return true;
  }
}
