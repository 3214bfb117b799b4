package io.fluxcore.domain.state;

import java.io.IOException;

/**
 * The keyed state of a subtask as it was when {@link StateBackend#freeze} was called, whatever the
 * subtask does to its state afterwards. Made on the task's thread, written and closed on another
 * one; not thread-safe beyond that hand-over.
 */
public interface FrozenState extends AutoCloseable {
  /** No keyed state. */
  FrozenState EMPTY =
      new FrozenState() {
        @Override
        public void write(SnapshotTarget target) {}

        @Override
        public void close() {}
      };

  /**
   * Writes the state. Called at most once, and may take long. When its thread is interrupted, it
   * ends soon with an {@link IOException}.
   */
  void write(SnapshotTarget target) throws IOException;

  /**
   * Gives back what holds the state. Called once, also when it was never written, perhaps after the
   * backend itself was closed.
   */
  @Override
  void close();
}
