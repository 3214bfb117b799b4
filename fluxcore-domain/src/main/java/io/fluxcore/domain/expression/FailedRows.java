package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.RowErrors;
import org.jspecify.annotations.Nullable;

/** Passes on the first error of each row, and remembers the rows. */
final class FailedRows implements RowErrors {
  private final RowErrors target;
  private final int rowCount;
  private long @Nullable [] rows;

  FailedRows(RowErrors target, int rowCount) {
    this.target = target;
    this.rowCount = rowCount;
  }

  @Override
  public void failed(int row, RecordException error) {
    if (rows == null) {
      rows = NullBits.create(rowCount);
    }
    if (!NullBits.isSet(rows, row)) {
      NullBits.set(rows, row);
      target.failed(row, error);
    }
  }

  /** The rows that failed, or null when none did. */
  long @Nullable [] rows() {
    return rows;
  }
}
