package io.fluxcore.domain.transform;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Sends each row to exactly one port: that of the first condition that is true for it, which has
 * the number of the condition counted from 1, or else to {@link Output#MAIN}. A row that a
 * condition cannot judge goes nowhere, and later conditions are not asked. Within a port rows keep
 * their order; between ports there is none.
 */
public final class RouteOperator extends TransformOperator {
  private final RowCondition[] conditions;

  public RouteOperator(List<RowCondition> conditions) {
    this(conditions, watermark -> {});
  }

  /**
   * The same, and its watermarks are told.
   *
   * @param watermarks what its expressions know them by
   */
  public RouteOperator(List<RowCondition> conditions, LongConsumer watermarks) {
    super(watermarks);
    this.conditions = conditions.toArray(RowCondition[]::new);
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext context) {
    super.open(context);
    for (RowCondition condition : conditions) {
      condition.open(context.operatorId());
    }
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    BatchFailures failures = failures().begin(batch);
    EventBatch rest = batch;
    int[] restRows = null; // ours alone until it is emitted, so it is compacted in place
    int[] rows = new int[batch.size()];
    for (int i = 0; i < conditions.length && !rest.isEmpty(); i++) {
      int failedBefore = failures.count();
      int taken = failures.removeFrom(rows, conditions[i].select(rest, rows, failures));
      if (taken == rest.size()) {
        out.emit(i + 1, rest);
        return;
      }
      if (taken == 0 && failures.count() == failedBefore) {
        continue;
      }
      if (restRows == null) {
        restRows = new int[batch.size()];
      }
      int left = remove(rest, rows, taken, failures, restRows);
      if (taken > 0) {
        out.emit(i + 1, batch.withSelection(rows, taken));
        rows = new int[left];
      }
      rest = batch.withSelection(restRows, left);
    }
    out.emit(rest);
  }

  /** Writes the selected rows that were neither taken nor failed, and returns how many. */
  private static int remove(
      EventBatch batch, int[] taken, int takenCount, BatchFailures failures, int[] left) {
    int[] selection = batch.selection();
    int size = batch.size();
    int count = 0;
    int next = 0;
    for (int i = 0; i < size; i++) {
      int row = selection == null ? i : selection[i];
      if (next < takenCount && taken[next] == row) {
        next++;
      } else if (!failures.isFailed(row)) {
        left[count++] = row;
      }
    }
    return count;
  }
}
