package io.fluxcore.application.runtime;

import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;

/** Runs execution plans. Thread-safe. */
public interface JobRuntime {
  /** The name of the runtime, as configuration writes it. */
  String name();

  /**
   * Starts a plan and returns soon; what becomes of it is told to the listener, first {@link
   * JobListener#running()}. The runtime applies the configuration's restart strategy itself.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if this runtime cannot run the plan; the
   *     listener is then told nothing
   */
  RunningJob start(ExecutionPlan plan, JobId jobId, JobConfig config, JobListener listener);
}
