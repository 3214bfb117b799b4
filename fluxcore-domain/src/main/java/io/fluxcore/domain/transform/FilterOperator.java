package io.fluxcore.domain.transform;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import java.util.function.LongConsumer;

/**
 * Keeps the rows for which a condition is true: the same batch with fewer rows selected. A row that
 * cannot be judged is neither kept nor filtered, but failed.
 */
public final class FilterOperator extends TransformOperator {
  /** Where fewer than one row in this many stays, a copy of those costs less than the others do. */
  private static final int SPARSE = 16;

  private final RowCondition condition;

  /** Receives the rows; another one is made only when it has become the selection of a batch. */
  private int[] scratch = new int[0];

  public FilterOperator(RowCondition condition) {
    this(condition, watermark -> {});
  }

  /**
   * The same, and its watermarks are told.
   *
   * @param watermarks what its expressions know them by
   */
  public FilterOperator(RowCondition condition, LongConsumer watermarks) {
    super(watermarks);
    this.condition = condition;
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext context) {
    super.open(context);
    condition.open(context.operatorId());
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    int size = batch.size();
    if (scratch.length < size) {
      scratch = new int[size];
    }
    int[] rows = scratch;
    BatchFailures failures = failures().begin(batch);
    int kept = failures.removeFrom(rows, condition.select(batch, rows, failures));
    ledger().filtered(size - kept - failures.count());
    if (kept == size) {
      out.emit(batch);
    } else if (kept > 0 && kept * SPARSE < batch.rowCount()) {
      out.emit(batch.gather(rows, kept));
    } else if (kept > 0) {
      scratch = new int[0];
      out.emit(batch.withSelection(rows, kept));
    }
  }
}
