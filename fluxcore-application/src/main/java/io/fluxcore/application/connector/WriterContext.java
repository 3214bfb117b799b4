package io.fluxcore.application.connector;

import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.domain.job.JobId;

/**
 * What a writer of a {@link TwoPhaseSink} is made for.
 *
 * @param owner whose rows it writes
 * @param subtask from 0
 * @param parallelism number of subtasks
 * @param visibility by what rows become visible
 * @param afterCheckpoint no checkpoint that this owner has begun has a higher id, and all that it
 *     will begin have: with the owner's token it makes names outside that no other attempt uses for
 *     what may still be committed
 */
public record WriterContext(
    SinkOwner owner, int subtask, int parallelism, Visibility visibility, long afterCheckpoint) {
  private static final JobId NO_JOB = JobId.of(0, 0);

  /** Of an owner that has begun no checkpoint. */
  public WriterContext(SinkOwner owner, int subtask, int parallelism, Visibility visibility) {
    this(owner, subtask, parallelism, visibility, 0);
  }

  /** By what rows become visible. */
  public enum Visibility {
    /** The job makes checkpoints: by their commits, and by nothing else. */
    AT_CHECKPOINTS,
    /** The job ends by itself and makes no checkpoints before: by the commit at its end. */
    AT_END,
    /** The job has no end and makes no checkpoints: as if the sink had no commits. */
    AT_FLUSH
  }

  /** Without a job: rows become visible when they are flushed. */
  public static WriterContext alone(String operatorId, int subtask, int parallelism) {
    return new WriterContext(
        new SinkOwner(NO_JOB, operatorId, new FencingToken(1)),
        subtask,
        parallelism,
        Visibility.AT_FLUSH);
  }
}
