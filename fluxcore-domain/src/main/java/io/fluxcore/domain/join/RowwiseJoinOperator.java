package io.fluxcore.domain.join;

import io.fluxcore.domain.keyed.ExpiringOperator;
import io.fluxcore.domain.operator.Output;
import org.jspecify.annotations.Nullable;

/**
 * What joins have in common that work through a batch row by row: they leave off where downstream
 * has no more capacity, and go on from there.
 *
 * @param <B> a batch that is being worked on, which knows how far it is done
 */
abstract class RowwiseJoinOperator<B> extends ExpiringOperator {
  /** Where results go. */
  final ChangelogJoinOutput output;

  /** What the last call left undone. */
  private @Nullable B batch;

  private boolean isFlushing;

  RowwiseJoinOperator(ChangelogJoinOutput output) {
    this.output = output;
  }

  /** Works on a batch; the one before is done. */
  final void begin(B arrived, Output out) {
    batch = arrived;
    resume(out);
  }

  /**
   * Works on the rows of a batch that are not done. Called once a batch and not once a row, so that
   * its loop over rows calls nothing that only the running program knows.
   *
   * @return false where downstream has no more capacity, and rows are left
   */
  abstract boolean work(B current, Output out);

  @Override
  public final boolean hasMore() {
    return batch != null || isFlushing;
  }

  @Override
  public final void resume(Output out) {
    if (batch != null) {
      if (!work(batch, out)) {
        return;
      }
      batch = null;
    }
    isFlushing = !output.flush(out);
  }
}
