package io.fluxcore.application.checkpoint;

import io.fluxcore.domain.job.JobId;
import java.util.regex.Pattern;

/**
 * Where the bytes of a checkpoint or savepoint are in a {@link CheckpointStore}.
 *
 * @param job that made it
 * @param name unique within the job for all time: lower-case letters, digits and {@code -}, at most
 *     100; two owners of a job never choose the same one
 */
public record CheckpointLocation(JobId job, String name) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,99}");

  public CheckpointLocation {
    if (!isName(name)) {
      throw new IllegalArgumentException("'" + name + "' is not the name of a checkpoint");
    }
  }

  /** Whether a checkpoint may be called so. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Of a periodic checkpoint, made by the owner with this token. */
  public static CheckpointLocation ofCheckpoint(JobId job, long checkpointId, FencingToken token) {
    return new CheckpointLocation(job, "chk-" + checkpointId + "-" + token.value());
  }

  /** Of a savepoint. */
  public static CheckpointLocation ofSavepoint(JobId job, SavepointId savepoint) {
    return new CheckpointLocation(job, savepoint.value());
  }

  @Override
  public String toString() {
    return job + "/" + name;
  }
}
