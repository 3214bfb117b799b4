package io.fluxcore.application.control;

import io.fluxcore.application.StateMapping;
import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.checkpoint.SavepointId;
import io.fluxcore.application.checkpoint.StoredSnapshot;
import io.fluxcore.application.lifecycle.JobVersion;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.state.JobSnapshot;
import java.io.IOException;
import java.util.List;

/** Savepoints as they lie in the store, found, opened, and compared with what is to begin there. */
final class StoredSavepoints {
  private final CheckpointStorage storage;

  StoredSavepoints(CheckpointStorage storage) {
    this.storage = storage;
  }

  /**
   * The entry of a savepoint.
   *
   * @throws FluxCoreException of category NOT_FOUND if there is none
   */
  CheckpointEntry find(SavepointId savepoint) {
    return storage
        .registry()
        .savepoint(savepoint)
        .orElseThrow(
            () ->
                new FluxCoreException(
                    ErrorCategory.NOT_FOUND,
                    Diagnostic.error(
                        "FLX-CKPT-0003",
                        Place.of("savepoint"),
                        "there is no savepoint " + savepoint,
                        "list the savepoints")));
  }

  /**
   * A savepoint, opened.
   *
   * @throws FluxCoreException of category EXTERNAL if it is damaged or the store does not answer
   */
  StoredSnapshot open(CheckpointEntry entry) {
    try {
      return StoredSnapshot.open(storage.store(), entry.location());
    } catch (IOException e) {
      throw unusable(entry, e);
    }
  }

  /** What an opened savepoint holds. */
  static JobSnapshot snapshot(CheckpointEntry entry, StoredSnapshot stored) {
    try {
      return stored.snapshot();
    } catch (IOException e) {
      throw unusable(entry, e);
    }
  }

  static FluxCoreException unusable(CheckpointEntry entry, IOException reason) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                "FLX-CKPT-0005",
                Place.of("savepoint " + entry.location().name()),
                "it cannot be used: " + reason.getMessage(),
                "look after the checkpoint store, or use another savepoint")),
        reason);
  }

  /**
   * A savepoint whose state fits a version.
   *
   * @throws FluxCoreException of category STATE_CONFLICT if it does not
   */
  StoredSnapshot openFor(SavepointId savepoint, JobVersion version) {
    CheckpointEntry entry = find(savepoint);
    StoredSnapshot stored = open(entry);
    checkFits(savepoint, stored, snapshot(entry, stored), version);
    return stored;
  }

  private static void checkFits(
      SavepointId savepoint, StoredSnapshot stored, JobSnapshot snapshot, JobVersion version) {
    if (stored.manifest().maxParallelism() != version.config().maxParallelism()) {
      throw conflict(
          "FLX-CKPT-0006",
          "savepoint "
              + savepoint
              + " was made with maxParallelism "
              + stored.manifest().maxParallelism()
              + ", the job asks for "
              + version.config().maxParallelism(),
          "maxParallelism is fixed for the life of state: use "
              + stored.manifest().maxParallelism());
    }
    StateMapping mapping = StateComparison.of(stored.manifest(), snapshot, version);
    if (!mapping.of(StateMapping.Fate.INCOMPATIBLE).isEmpty()) {
      throw conflict(
          "FLX-CKPT-0007",
          "the state of savepoint " + savepoint + " does not fit:\n" + mapping,
          "give changed operators new names, so that they start empty");
    }
    if (!mapping.of(StateMapping.Fate.DROPPED).isEmpty()
        && !version.config().allowNonRestoredState()) {
      throw conflict(
          "FLX-CKPT-0008",
          "state of savepoint " + savepoint + " would be lost:\n" + mapping,
          "keep the names of these nodes, or set allowNonRestoredState if the state may be lost");
    }
  }

  private static FluxCoreException conflict(String code, String message, String remedy) {
    return FluxCoreException.conflict(code, Place.of("savepoint"), message, remedy);
  }
}
