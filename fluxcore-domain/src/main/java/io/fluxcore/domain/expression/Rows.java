package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a batch for which something is to be evaluated: the batch's selection, or a part of
 * it where a branch is taken by some rows only. Valid during one evaluation; not thread-safe.
 */
public final class Rows {
  private final EventBatch batch;
  private final int @Nullable [] selection;
  private final int count;
  private final FailedRows failures;

  private Rows(EventBatch batch, int @Nullable [] selection, int count, FailedRows failures) {
    this.batch = batch;
    this.selection = selection;
    this.count = count;
    this.failures = failures;
  }

  static Rows of(EventBatch batch, FailedRows failures) {
    return new Rows(batch, batch.selection(), batch.size(), failures);
  }

  public EventBatch batch() {
    return batch;
  }

  /** Physical rows of the batch: the size of every column. */
  public int rowCount() {
    return batch.rowCount();
  }

  /** How many rows are to be evaluated. */
  public int count() {
    return count;
  }

  /** The physical rows, ascending, in the first {@link #count()} entries; null for all rows. */
  public int @Nullable [] selection() {
    return selection;
  }

  /** The physical row of the i-th. */
  public int row(int i) {
    return selection == null ? i : selection[i];
  }

  /** Some of these rows: the first {@code newCount} entries, ascending. The array is not copied. */
  public Rows only(int[] rows, int newCount) {
    return new Rows(batch, rows, newCount, failures);
  }

  /**
   * Reports that a row cannot be evaluated; its value must then be null. The whole expression is
   * null for the row, and it is reported once, with the first error.
   */
  public void fail(int row, RecordException error) {
    failures.failed(row, error);
  }
}
