package io.fluxcore.domain.harness;

/** What happens to a run beside its script. */
public enum Recovery {
  /** Nothing. */
  NONE,
  /** At every quiet point a snapshot is taken, everything is closed, and restored from it. */
  RESTORE,
  /** As {@link #RESTORE}, each time at another parallelism. */
  RESCALE,
  /**
   * Snapshots are taken now and then. At random moments, also in the middle of a delivery,
   * everything is closed and restored from the last snapshot, perhaps at another parallelism, and
   * the script is replayed from there. What was emitted since that snapshot is taken back: what a
   * transactional sink would show.
   */
  CRASH
}
