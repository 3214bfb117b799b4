package io.fluxcore.application.runtime;

import io.fluxcore.application.checkpoint.JobCheckpoints;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.results.ResultTaps;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.state.JobSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * What a runtime needs to start a job.
 *
 * @param listener is told what becomes of it
 * @param from the state to start with, which another version or parallelism may have made: each
 *     operator takes that of its id, and one without any starts empty; null for a fresh start
 * @param checkpoints where its checkpoints go, as long as this server owns the job
 * @param taps see what nodes of the topology emit and sinks receive, in all attempts
 */
public record JobStart(
    ExecutionPlan plan,
    JobId jobId,
    JobConfig config,
    JobListener listener,
    @Nullable JobSnapshot from,
    JobCheckpoints checkpoints,
    ResultTaps taps) {
  /** A fresh start that nobody looks at. */
  public static JobStart fresh(
      ExecutionPlan plan,
      JobId jobId,
      JobConfig config,
      JobListener listener,
      JobCheckpoints checkpoints) {
    return new JobStart(plan, jobId, config, listener, null, checkpoints, new ResultTaps());
  }

  /** The same from a snapshot, or from nothing. */
  public JobStart from(@Nullable JobSnapshot snapshot) {
    return new JobStart(plan, jobId, config, listener, snapshot, checkpoints, taps);
  }
}
