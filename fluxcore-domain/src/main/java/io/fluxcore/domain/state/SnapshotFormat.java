package io.fluxcore.domain.state;

/** What keyed state is written as. */
public enum SnapshotFormat {
  /**
   * Per state and key group, as {@link SlotTablesCodec} defines it: restored by any backend at any
   * parallelism, and by later versions. Savepoints are written in it.
   */
  CANONICAL,

  /**
   * The backend's own: restored by the same backend, at any parallelism. Periodic checkpoints are
   * written in it. A backend that has none of its own writes the canonical one.
   */
  NATIVE
}
