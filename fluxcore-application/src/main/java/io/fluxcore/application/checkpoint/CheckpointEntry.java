package io.fluxcore.application.checkpoint;

import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.state.SnapshotFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A complete checkpoint or savepoint, as the {@link CheckpointRegistry} lists it.
 *
 * @param location where its bytes are
 * @param checkpointId rises with each attempt of a job to make one, savepoints included
 * @param savepoint its id if it is a savepoint, else null
 * @param label what the user called the savepoint; empty if nothing
 * @param jobName of the job when it was made
 * @param jobVersion of the job when it was made
 * @param format what keyed state is written as
 * @param completed when it was complete
 * @param duration from the trigger to the end
 * @param bytes size of everything that a restore reads
 * @param newBytes what of them this one has written; less than {@code bytes} if it is incremental
 */
public record CheckpointEntry(
    CheckpointLocation location,
    long checkpointId,
    @Nullable SavepointId savepoint,
    String label,
    String jobName,
    String jobVersion,
    SnapshotFormat format,
    Instant completed,
    Duration duration,
    long bytes,
    long newBytes) {
  public CheckpointEntry {
    Objects.requireNonNull(location);
    if (bytes < 0 || newBytes < 0) {
      throw new IllegalArgumentException("sizes are " + bytes + " and " + newBytes);
    }
    if (savepoint != null && !location.name().equals(savepoint.value())) {
      throw new IllegalArgumentException("savepoint " + savepoint + " lies at " + location);
    }
  }

  public JobId job() {
    return location.job();
  }

  public boolean isSavepoint() {
    return savepoint != null;
  }
}
