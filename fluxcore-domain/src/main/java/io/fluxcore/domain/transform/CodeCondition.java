package io.fluxcore.domain.transform;

import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.event.RowErrors;
import java.util.function.Predicate;

/** User code as a condition, through one view that is reused for all rows. */
final class CodeCondition implements RowCondition {
  private final Predicate<? super Event> predicate;
  private final EventCursor cursor = new EventCursor();
  private String operatorId = "";

  CodeCondition(Predicate<? super Event> predicate) {
    this.predicate = predicate;
  }

  @Override
  public void open(String id) {
    operatorId = id;
  }

  @Override
  public int select(EventBatch batch, int[] rows, RowErrors errors) {
    int[] selection = batch.selection();
    int size = batch.size();
    int count = 0;
    try {
      for (int i = 0; i < size; i++) {
        int row = selection == null ? i : selection[i];
        if (test(batch, row, errors)) {
          rows[count++] = row;
        }
      }
    } finally {
      cursor.close();
    }
    return count;
  }

  private boolean test(EventBatch batch, int row, RowErrors errors) {
    for (int attempt = 1; ; attempt++) {
      try {
        return predicate.test(cursor.moveTo(batch, row));
      } catch (Exception e) {
        if (!errors.again(e, attempt)) {
          errors.failed(row, UserCode.error(operatorId, e), attempt);
          return false;
        }
      }
    }
  }
}
