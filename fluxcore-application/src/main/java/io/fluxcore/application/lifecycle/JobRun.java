package io.fluxcore.application.lifecycle;

import io.fluxcore.application.runtime.CheckpointSummary;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobListener;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.job.JobEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One run of a version of a job. What the runtime tells of it counts as long as it is the job's
 * run.
 */
final class JobRun implements JobListener {
  private final JobLife life;
  private final JobVersion version;
  private final boolean onTrial;
  private final Breaker breaker;

  /** What the runtime has started of it; guarded by the job's life. */
  private @Nullable RunningJob handle;

  /** Does what a breaker asks for; called without the job's lock. */
  @FunctionalInterface
  interface Breaker {
    void tripped(JobEvent.AlertRaised alert);
  }

  /**
   * A run that the runtime has not started yet.
   *
   * @param onTrial whether it is that of a changeover
   */
  JobRun(JobLife life, JobVersion version, boolean onTrial, Breaker breaker) {
    this.life = life;
    this.version = version;
    this.onTrial = onTrial;
    this.breaker = breaker;
  }

  JobVersion version() {
    return version;
  }

  /** Whether it was started to see if it comes to run. */
  boolean isTrial() {
    return onTrial;
  }

  /** What the runtime has started; null before. Asked and set under the lock of the job's life. */
  @Nullable RunningJob handle() {
    return handle;
  }

  void handle(RunningJob started) {
    handle = started;
  }

  @Override
  public void running() {
    life.runs(this);
  }

  @Override
  public void checkpointed(CheckpointSummary checkpoint) {
    life.tellOfState(
        this,
        new JobEvent.Checkpointed(
            life.now(), checkpoint.id(), checkpoint.bytes(), checkpoint.duration()));
  }

  @Override
  public void checkpointFailed(long checkpointId, String reason) {
    life.tell(this, new JobEvent.CheckpointFailed(life.now(), checkpointId, reason));
  }

  @Override
  public void breakerTripped(String reason) {
    JobEvent.AlertRaised alert = new JobEvent.AlertRaised(life.now(), "FLX-JOB-0030", reason);
    if (life.tell(this, alert)) {
      breaker.tripped(alert);
    }
  }

  @Override
  public void failed(String operatorId, Throwable failure) {
    RunningJob doomed = life.failed(this, operatorId, failure);
    if (doomed != null) {
      doomed.cancel();
    }
  }

  @Override
  public void restarting(Duration delay) {
    life.tell(this, new JobEvent.Restarting(life.now(), delay));
  }

  @Override
  public void starting() {
    life.tell(this, new JobEvent.Starting(life.now()));
  }

  @Override
  public void ended(JobEnd how) {
    life.ended(this, how);
  }
}
