package io.fluxcore.application.runtime;

import java.time.Duration;

/**
 * Is told of a job's life by its runtime, one call at a time, in the order in which things happen.
 * Calls return soon.
 */
public interface JobListener {
  /** All subtasks run: at the first start and after each restart. */
  void running();

  /** A checkpoint is complete. */
  void checkpointed(CheckpointSummary checkpoint);

  /** A checkpoint was given up; the job goes on. */
  void checkpointFailed(long checkpointId, String reason);

  /**
   * All sources have come to the end of their {@link io.fluxcore.application.connector.TimeBounds}:
   * their watermarks stand there, and a snapshot that begins now holds what came of all that lies
   * before. Told once an attempt; not told where there is no such end.
   */
  default void arrived() {}

  /**
   * So much has failed that the job's {@link io.fluxcore.domain.job.ErrorBreaker} asks for it to be
   * suspended; told once a run.
   *
   * @param reason in words
   */
  default void breakerTripped(String reason) {}

  /**
   * The job failed; {@link #restarting} or {@link #ended} follows.
   *
   * @param operatorId where, or an empty string
   */
  void failed(String operatorId, Throwable failure);

  /** The restart strategy will start the job again after a delay. */
  void restarting(Duration delay);

  /** The delay is over: subtasks are being made. */
  void starting();

  /** The job is over. The last call. */
  void ended(JobEnd end);
}
