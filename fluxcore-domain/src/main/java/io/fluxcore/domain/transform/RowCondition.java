package io.fluxcore.domain.transform;

import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.expression.CompiledPredicate;
import java.util.function.Predicate;

/**
 * What a filter or a route asks of the rows of a batch: one call for each batch. Belongs to one
 * operator of one subtask, and is used on its thread.
 */
@FunctionalInterface
public interface RowCondition {
  /**
   * Writes the selected physical rows for which the condition is true. A row that cannot be judged
   * is reported and is not among them.
   *
   * @param rows receives the rows, ascending; at least as long as the batch's size, and not the
   *     batch's own selection
   * @return how many
   */
  int select(EventBatch batch, int[] rows, RowErrors errors);

  /** Tells the condition, before the first batch, whose errors it reports. */
  default void open(String operatorId) {}

  /** A condition that is evaluated by column. */
  static RowCondition of(CompiledPredicate predicate) {
    return predicate::select;
  }

  /** User code that looks at one row at a time. */
  static RowCondition code(Predicate<? super Event> predicate) {
    return new CodeCondition(predicate);
  }
}
