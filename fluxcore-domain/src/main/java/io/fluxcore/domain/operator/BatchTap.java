package io.fluxcore.domain.operator;

import io.fluxcore.domain.event.EventBatch;

/**
 * Looks at batches on their way, on the stage's thread: returns at once, changes nothing, and keeps
 * a copy of a batch that is {@link EventBatch#isBorrowed() borrowed}.
 */
@FunctionalInterface
public interface BatchTap {
  /** Looks at nothing. */
  BatchTap NONE = batch -> {};

  /** A batch, which is not empty. */
  void see(EventBatch batch);
}
