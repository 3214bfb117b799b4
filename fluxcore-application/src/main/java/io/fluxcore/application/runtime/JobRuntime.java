package io.fluxcore.application.runtime;

/** Runs execution plans. Thread-safe. */
public interface JobRuntime {
  /** The name of the runtime, as configuration writes it. */
  String name();

  /**
   * Starts a plan and returns soon; what becomes of it is told to the listener, first {@link
   * JobListener#running()}. The runtime applies the configuration's restart strategy itself.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if this runtime cannot run the plan, or not
   *     from this snapshot; the listener is then told nothing
   */
  RunningJob start(JobStart start);
}
