package io.fluxcore.application.checkpoint;

import io.fluxcore.domain.job.JobId;
import java.time.InstantSource;

/**
 * Where a server keeps the checkpoints and savepoints of its jobs.
 *
 * @param time tells when a snapshot was complete
 */
public record CheckpointStorage(
    CheckpointStore store, CheckpointRegistry registry, InstantSource time) {
  /** Storage that lasts as long as the process. */
  public static CheckpointStorage inMemory(InstantSource time) {
    return new CheckpointStorage(
        new InMemoryCheckpointStore(), new InMemoryCheckpointRegistry(), time);
  }

  /**
   * Takes a job over: from here on this is the only one who makes checkpoints of it. What earlier
   * owners left incomplete is cleared away.
   */
  public JobCheckpoints own(JobId job) {
    return JobCheckpoints.own(job, this);
  }
}
