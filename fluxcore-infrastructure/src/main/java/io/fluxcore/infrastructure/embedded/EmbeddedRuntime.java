package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.checkpoint.JobCheckpoints;
import io.fluxcore.application.deadletter.DeadLetters;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.application.runtime.JobListener;
import io.fluxcore.application.runtime.JobRuntime;
import io.fluxcore.application.runtime.JobStart;
import io.fluxcore.application.runtime.StateBackends;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.StateBackendFactory;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Runs jobs on threads of this process, any number of them side by side. Thread-safe. */
public final class EmbeddedRuntime implements JobRuntime {
  private final DeadLetters deadLetters;
  private final StateBackends stateBackends;
  private final EmbeddedSettings settings;
  private final InstantSource clock;

  /**
   * A runtime.
   *
   * @param clock processing time of its jobs
   */
  public EmbeddedRuntime(
      DeadLetters deadLetters,
      StateBackends stateBackends,
      EmbeddedSettings settings,
      InstantSource clock) {
    this.deadLetters = deadLetters;
    this.stateBackends = stateBackends;
    this.settings = settings;
    this.clock = clock;
  }

  /** A runtime with state on the heap, the default settings and the system's clock. */
  public EmbeddedRuntime(DeadLetters deadLetters) {
    this(deadLetters, StateBackends.HEAP_ONLY, EmbeddedSettings.DEFAULT, InstantSource.system());
  }

  @Override
  public String name() {
    return "embedded";
  }

  @Override
  public JobConfig complete(JobConfig config) {
    return stateBackends.complete(config);
  }

  /** Starts a plan from nothing, with checkpoints in memory. */
  public EmbeddedJob start(
      ExecutionPlan plan, JobId jobId, JobConfig config, JobListener listener) {
    JobCheckpoints checkpoints = CheckpointStorage.inMemory(clock).own(jobId);
    return start(JobStart.fresh(plan, jobId, config, listener, checkpoints));
  }

  @Override
  public EmbeddedJob start(JobStart start) {
    JobConfig config = start.config();
    check(start.plan(), config, start.from());
    StateBackendFactory state = stateBackends.factory(config.stateBackend());
    JobSetting setting =
        new JobSetting(
            start.plan(),
            start.jobId(),
            config,
            state,
            start.checkpoints(),
            deadLetters,
            start.taps(),
            settings,
            clock);
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
