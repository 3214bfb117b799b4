package io.fluxcore.domain.window;

import io.fluxcore.domain.event.EventBatch;

/** The selected rows of batches as arrays of physical rows. Reused from batch to batch. */
public final class SelectedRows {
  private int[] identity = new int[0];

  /** The selected rows of a batch; valid until the next one, and only read. */
  public int[] of(EventBatch batch) {
    int[] selection = batch.selection();
    if (selection != null) {
      return selection;
    }
    if (identity.length < batch.size()) {
      identity = new int[Math.max(batch.size(), EventBatch.TARGET_ROWS)];
      for (int i = 0; i < identity.length; i++) {
        identity[i] = i;
      }
    }
    return identity;
  }
}
