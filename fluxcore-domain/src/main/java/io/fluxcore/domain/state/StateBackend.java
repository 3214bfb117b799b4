package io.fluxcore.domain.state;

import io.fluxcore.domain.key.KeyGroupRange;

/**
 * The keyed state of one subtask of one operator. Used by that subtask's thread only. The heap
 * implementation is the reference semantics.
 */
public interface StateBackend extends AutoCloseable {
  /**
   * The table family of this layout, made on the first call. A family is one table per namespace;
   * windows use the window's or pane's start in epoch milliseconds, plain keyed state uses 0.
   */
  SlotTables tables(StateLayout layout);

  /** The key groups that this subtask owns. */
  KeyGroupRange keyGroups();

  /**
   * The end of a batch: slots that were handed out are no longer valid, and an implementation that
   * keeps state elsewhere writes back what was touched.
   */
  void commit();

  /** Adds the state of every owned key group to a snapshot, in the canonical format. */
  void snapshot(OperatorSnapshot.Builder snapshot);

  /**
   * Takes over the owned key groups of a snapshot. Called after all tables were declared and before
   * they are used.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if a payload is damaged, foreign or of
   *     another layout
   */
  void restore(OperatorSnapshot snapshot);

  /** Bytes of state held, about. */
  long estimatedBytes();

  @Override
  void close();
}
