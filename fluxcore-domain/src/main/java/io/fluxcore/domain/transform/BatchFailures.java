package io.fluxcore.domain.transform;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The failed rows of the batch at hand: hands on the first error of each row, so that it is counted
 * once, and remembers the row. Reused for all batches of an operator.
 */
final class BatchFailures implements RowErrors {
  private final RecordFailures target;
  private @Nullable EventBatch batch;
  private long[] bits = new long[0];
  private int count;

  BatchFailures(RecordFailures target) {
    this.target = target;
  }

  /** Forgets the rows of the batch before. */
  BatchFailures begin(EventBatch newBatch) {
    if (count > 0) {
      Arrays.fill(bits, 0);
      count = 0;
    }
    batch = newBatch;
    target.retries().begin();
    return this;
  }

  @Override
  public boolean again(Exception thrown, int attempts) {
    return !(thrown instanceof RecordException) && target.retries().again(attempts);
  }

  @Override
  public void failed(int row, RecordException error) {
    failed(row, error, 1);
  }

  @Override
  public void failed(int row, RecordException error, int attempts) {
    EventBatch current = batch;
    if (current == null) {
      throw new IllegalStateException("begin() first");
    }
    if (count == 0 && bits.length << 6 < current.rowCount()) {
      bits = NullBits.create(current.rowCount());
    }
    if (!isFailed(row)) {
      NullBits.set(bits, row);
      count++;
      target.failed(current, row, error, attempts);
    }
  }

  /** Rows that failed since {@link #begin}. */
  int count() {
    return count;
  }

  boolean isFailed(int row) {
    return count > 0 && NullBits.isSet(bits, row);
  }

  /** Takes failed rows out of the first {@code length} rows, and returns how many stay. */
  int removeFrom(int[] rows, int length) {
    if (count == 0) {
      return length;
    }
    int kept = 0;
    for (int i = 0; i < length; i++) {
      if (!NullBits.isSet(bits, rows[i])) {
        rows[kept++] = rows[i];
      }
    }
    return kept;
  }

  /** The batch without the rows that failed: itself when none did. */
  EventBatch without(EventBatch source) {
    if (count == 0) {
      return source;
    }
    int[] rows = new int[source.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = source.row(i);
    }
    return source.withSelection(rows, removeFrom(rows, rows.length));
  }
}
