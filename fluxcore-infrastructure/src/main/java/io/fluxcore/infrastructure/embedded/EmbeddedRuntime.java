package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.application.runtime.DeadLetters;
import io.fluxcore.application.runtime.JobListener;
import io.fluxcore.application.runtime.JobRuntime;
import io.fluxcore.application.runtime.JobStart;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.StateBackendFactory;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Runs jobs on threads of this process, any number of them side by side. Thread-safe. */
public final class EmbeddedRuntime implements JobRuntime {
  private final DeadLetters deadLetters;
  private final Map<String, StateBackendFactory> stateBackends;
  private final EmbeddedSettings settings;
  private final InstantSource clock;

  /**
   * A runtime.
   *
   * @param stateBackends by the name that job configurations use
   * @param clock processing time of its jobs
   */
  public EmbeddedRuntime(
      DeadLetters deadLetters,
      Map<String, StateBackendFactory> stateBackends,
      EmbeddedSettings settings,
      InstantSource clock) {
    this.deadLetters = deadLetters;
    this.stateBackends = Map.copyOf(stateBackends);
    this.settings = settings;
    this.clock = clock;
  }

  /** A runtime with state on the heap, the default settings and the system's clock. */
  public EmbeddedRuntime(DeadLetters deadLetters) {
    this(
        deadLetters,
        Map.of("heap", StateBackendFactory.HEAP),
        EmbeddedSettings.DEFAULT,
        InstantSource.system());
  }

  @Override
  public String name() {
    return "embedded";
  }

  /** Starts a plan from nothing. */
  public EmbeddedJob start(
      ExecutionPlan plan, JobId jobId, JobConfig config, JobListener listener) {
    return start(JobStart.fresh(plan, jobId, config, listener));
  }

  @Override
  public EmbeddedJob start(JobStart start) {
    JobConfig config = start.config();
    check(start.plan(), config, start.from());
    StateBackendFactory state = stateBackends.get(config.stateBackend());
    if (state == null) {
      throw FluxCoreException.user(
          "FLX-RUN-0002",
          Place.of("stateBackend"),
          "there is no state backend '" + config.stateBackend() + "'",
          "state backends are " + new TreeSet<>(stateBackends.keySet()));
    }
    JobSetting setting =
        new JobSetting(
            start.plan(), start.jobId(), config, state, deadLetters, start.taps(), settings, clock);
    EmbeddedJob job = new EmbeddedJob(setting, start.listener(), start.from());
    job.start();
    return job;
  }

  private static void check(ExecutionPlan plan, JobConfig config, @Nullable JobSnapshot from) {
    for (PlannedStage stage : plan.stages()) {
      if (stage.parallelism() > config.maxParallelism()) {
        throw FluxCoreException.user(
            "FLX-RUN-0003",
            Place.of("stage " + stage.number()),
            "parallelism " + stage.parallelism() + " exceeds the job's maxParallelism",
            "lower it to " + config.maxParallelism() + ", or raise maxParallelism of a new job");
      }
    }
    if (from != null && from.maxParallelism() != config.maxParallelism()) {
      throw FluxCoreException.user(
          "FLX-RUN-0004",
          Place.of("maxParallelism"),
          "the snapshot was made with maxParallelism "
              + from.maxParallelism()
              + ", the job asks for "
              + config.maxParallelism(),
          "maxParallelism is fixed for the life of a job: use " + from.maxParallelism());
    }
  }
}
