package io.fluxcore.application.checkpoint;

import io.fluxcore.domain.state.SnapshotFormat;
import org.jspecify.annotations.Nullable;

/**
 * What kind of snapshot of a running job is wanted.
 *
 * @param savepoint its id if it is to be a savepoint, else null
 * @param label what the user calls the savepoint; empty if nothing
 * @param format what keyed state is to be written as; a savepoint's is canonical
 * @param stop whether the job is to be over, with its windows open, when the snapshot is complete;
 *     it goes on if the snapshot fails
 */
public record SnapshotRequest(
    @Nullable SavepointId savepoint, String label, SnapshotFormat format, boolean stop) {
  /** A checkpoint as they are made every now and then. */
  public static final SnapshotRequest CHECKPOINT =
      new SnapshotRequest(null, "", SnapshotFormat.NATIVE, false);

  public SnapshotRequest {
    if (savepoint != null && format != SnapshotFormat.CANONICAL) {
      throw new IllegalArgumentException("a savepoint is written in the canonical format");
    }
  }

  /** A savepoint. */
  public static SnapshotRequest savepoint(SavepointId id, String label, boolean stop) {
    return new SnapshotRequest(id, label, SnapshotFormat.CANONICAL, stop);
  }
}
