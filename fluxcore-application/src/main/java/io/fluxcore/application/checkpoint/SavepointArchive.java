package io.fluxcore.application.checkpoint;

import io.fluxcore.domain.job.JobId;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** Savepoints as files. */
public final class SavepointArchive {
  private SavepointArchive() {}

  /** Number of bytes that {@link #export} writes. */
  public static long bytes(StoredSnapshot savepoint) {
    return SnapshotCopy.exportedBytes(savepoint);
  }

  /**
   * Writes a savepoint as one file, after it was read once to see whether it is whole; does not
   * close the stream.
   */
  public static void export(StoredSnapshot savepoint, OutputStream target) throws IOException {
    savepoint.verify();
    SnapshotCopy.export(savepoint, target);
  }

  /**
   * Takes in an exported file; does not close the stream.
   *
   * @param id that it gets here
   * @throws SnapshotUnusable if it is none, or damaged, or of a later version
   */
  public static CheckpointEntry bring(InputStream file, CheckpointStorage storage, SavepointId id)
      throws IOException {
    long started = storage.time().millis();
    InputStream source = new BufferedInputStream(file);
    SnapshotManifest head = SnapshotCopy.head(source);
    JobId job = jobOf(head);
    CheckpointLocation location = CheckpointLocation.ofSavepoint(job, id);
    SnapshotManifest manifest = SnapshotCopy.bring(head, source, storage.store(), location);
    CheckpointEntry entry =
        new CheckpointEntry(
            location,
            manifest.checkpointId(),
            id,
            manifest.label(),
            manifest.jobName(),
            manifest.jobVersion(),
            manifest.format(),
            manifest.completed(),
            Duration.ofMillis(Math.max(0, storage.time().millis() - started)),
            manifest.bytes(),
            manifest.bytes());
    boolean registered = false;
    try {
      StoredSnapshot.open(storage.store(), location).verify();
      storage.registry().importSavepoint(entry);
      registered = true;
    } finally {
      if (!registered) {
        storage.store().delete(location);
      }
    }
    return entry;
  }

  private static JobId jobOf(SnapshotManifest head) throws SnapshotUnusable {
    try {
      return new JobId(head.jobId());
    } catch (RuntimeException e) {
      throw new SnapshotUnusable("the manifest is damaged: " + e.getMessage());
    }
  }
}
