package io.fluxcore.application.runtime;

import io.fluxcore.domain.job.JobConfig;

/** Runs execution plans. Thread-safe. */
public interface JobRuntime {
  /** The name of the runtime, as configuration writes it. */
  String name();

  /**
   * The configuration with a value for all that it leaves to where the job runs.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if this runtime does not have what it names
   */
  default JobConfig complete(JobConfig config) {
    return config;
  }

  /**
   * Starts a plan and returns soon; what becomes of it is told to the listener, first {@link
   * JobListener#running()}. The runtime applies the configuration's restart strategy itself.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if this runtime cannot run the plan, or not
   *     from this snapshot; the listener is then told nothing
   */
  RunningJob start(JobStart start);
}
