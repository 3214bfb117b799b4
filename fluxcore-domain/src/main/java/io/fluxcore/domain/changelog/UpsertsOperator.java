package io.fluxcore.domain.changelog;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;

/**
 * Makes upserts by a key of changes whose order is kept and of which at most one row has a key at a
 * time: former rows are left out, since the new one takes their place. Where a row may come to have
 * another key, its former one is a deletion.
 */
public final class UpsertsOperator implements Operator {
  private final boolean keepsKey;
  private OperatorContext context;

  /**
   * An operator over rows of any schema.
   *
   * @param keepsKey whether a new row has the key of the former one that it replaces
   */
  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  public UpsertsOperator(boolean keepsKey) {
    this.keepsKey = keepsKey;
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    byte[] kinds = batch.rowKinds();
    if (kinds == null) {
      out.emit(batch);
    } else if (keepsKey) {
      withoutFormer(batch, out);
    } else {
      out.emit(batch.withRowKinds(formerDeleted(kinds)));
    }
  }

  private void withoutFormer(EventBatch batch, Output out) {
    int[] rows = new int[batch.size()];
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      if (batch.rowKind(row) != RowKind.UPDATE_BEFORE) {
        rows[count++] = row;
      }
    }
    context.ledger().filtered(batch.size() - count);
    if (count == batch.size()) {
      out.emit(batch);
    } else if (count > 0) {
      out.emit(batch.withSelection(rows, count));
    }
  }

  private static byte[] formerDeleted(byte[] kinds) {
    byte[] changed = kinds.clone();
    for (int row = 0; row < changed.length; row++) {
      if (changed[row] == RowKind.UPDATE_BEFORE.code()) {
        changed[row] = RowKind.DELETE.code();
      }
    }
    return changed;
  }
}
