package io.fluxcore.domain.transform;

import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.operator.Output;
import java.util.function.Consumer;

/**
 * Lets user code see each row and hands the batch on as it is. Rows for which the code throws are
 * failed, and are not handed on.
 */
public final class PeekOperator extends TransformOperator {
  private final Consumer<? super Event> action;
  private final EventCursor cursor = new EventCursor();

  public PeekOperator(Consumer<? super Event> action) {
    this.action = action;
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    BatchFailures failures = failures().begin(batch);
    int[] selection = batch.selection();
    int size = batch.size();
    try {
      for (int i = 0; i < size; i++) {
        see(batch, selection == null ? i : selection[i], failures);
      }
    } finally {
      cursor.close();
    }
    out.emit(failures.without(batch));
  }

  private void see(EventBatch batch, int row, BatchFailures failures) {
    for (int attempt = 1; ; attempt++) {
      try {
        action.accept(cursor.moveTo(batch, row));
        return;
      } catch (Exception e) {
        if (!failures.again(e, attempt)) {
          failures.failed(row, UserCode.error(operatorId(), e), attempt);
          return;
        }
      }
    }
  }
}
