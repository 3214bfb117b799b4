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

  /**
   * Takes hold of the state of every owned key group as it is now, with what was touched since the
   * last {@link #commit}. Called on the task's thread at a barrier, so it is to be quick; the bytes
   * are written on another thread while the task goes on. Slots that were handed out are no longer
   * valid.
   *
   * <p>A backend may be frozen again before an earlier frozen state is closed, and may be closed
   * before it.
   *
   * @param format canonical, or the backend's own, where it has one
   */
  FrozenState freeze(SnapshotFormat format);

  /**
   * Takes over the owned key groups of a snapshot, whichever parallelism made it: those of {@link
   * OperatorSnapshot#keyed} that are canonical, or of {@link OperatorSnapshot#natives} where the
   * same backend made them. Called after all tables were declared and before they are used.
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
