package io.fluxcore.domain.window;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.RowErrors;
import java.util.BitSet;

/** Passes on the errors of rows, and remembers which rows they were. */
final class RefusedRows implements RowErrors {
  private final RowErrors errors;
  private final BitSet rows = new BitSet();

  RefusedRows(RowErrors errors) {
    this.errors = errors;
  }

  @Override
  public void failed(int row, RecordException error) {
    rows.set(row);
    errors.failed(row, error);
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  boolean contains(int row) {
    return rows.get(row);
  }
}
