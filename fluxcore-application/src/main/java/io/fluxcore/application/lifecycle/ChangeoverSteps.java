package io.fluxcore.application.lifecycle;

import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobFailure;
import io.fluxcore.domain.state.JobSnapshot;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Takes a job through a {@link Changeover}: its run is stopped with its state; the next one is on
 * trial until all its subtasks run. When it does not come to that, another run of the old version
 * goes on with the state.
 */
final class ChangeoverSteps {
  private final JobLife life;
  private final Launch launch;
  private final Adoption adoption;

  /** Has the runtime start a run. */
  @FunctionalInterface
  interface Launch {
    void start(JobRun run, @Nullable JobSnapshot from);
  }

  /** Makes a beginning a restart point of the job. */
  interface Adoption {
    JobSnapshot adopt(Beginning beginning, JobConfig config);

    /** No run has come of it: a restart must not begin there. */
    void giveUp(JobSnapshot adopted);
  }

  ChangeoverSteps(JobLife life, Launch launch, Adoption adoption) {
    this.life = life;
    this.launch = launch;
    this.adoption = adoption;
  }

  /**
   * Begins.
   *
   * @return completes when the next run runs; exceptionally when the old version goes on instead
   * @throws FluxCoreException of category STATE_CONFLICT if that cannot be, or not now
   */
  CompletableFuture<Void> begin(Changeover started) {
    started.check(life.describe());
    JobLife.Target old = life.begin(started);
    started.step(10, "stopping with its state");
    RunningJob target = old.handle();
    if (target != null) {
      stop(started, old.run(), target);
    }
    return started.outcome();
  }

  /** The run to be left behind runs, or will: it is stopped with its state. */
  void stop(Changeover reason, JobRun old, RunningJob target) {
    target.stop(false);
    reason.after(target.end(), how -> stopped(old, target, how));
  }

  private void stopped(JobRun old, RunningJob ended, JobEnd how) {
    JobMetrics counted = ended.metrics();
    JobLife.Trial trial = life.stoppedForChange(old, ended, how, counted);
    if (trial != null) {
      tryOut(trial.changeover(), trial.next());
    }
  }

  private void tryOut(Changeover current, JobRun next) {
    if (current.failure() == null) {
      try {
        current.checkState(life.describe());
        current.step(60, "starting");
        life.record(new JobEvent.Starting(life.now()));
        current.to().declare(life.taps());
        launch.start(next, beginning(current));
        RunningJob handle = life.handleOf(next);
        if (handle != null) {
          current.after(handle.end(), how -> trialEnded(next, handle, how));
        }
        return;
      } catch (RuntimeException e) {
        current.failed(JobLife.failureOf("", e));
      }
    }
    goBack(current);
  }

  /** What the next run starts with. */
  private @Nullable JobSnapshot beginning(Changeover current) {
    Beginning back = current.backTo();
    if (back != null) {
      JobSnapshot adopted = adoption.adopt(back, current.to().config());
      current.adopted(adopted);
      return adopted;
    }
    return current.takesState() ? current.state() : null;
  }

  /** A run is over; if it was still on trial, the old version goes on. */
  private void trialEnded(JobRun trial, RunningJob ended, JobEnd how) {
    Changeover failed = life.trialEnded(trial, ended, how);
    if (failed != null) {
      goBack(failed);
    }
  }

  /** Goes on with the old version and its state. */
  private void goBack(Changeover current) {
    JobFailure reason = current.failure();
    if (reason == null) {
      throw new IllegalStateException("a changeover fails for a reason");
    }
    JobSnapshot unused = current.adopted();
    if (unused != null) {
      adoption.giveUp(unused);
    }
    JobRun again = life.goBack(current, reason);
    try {
      launch.start(again, current.state());
      current.outcome().completeExceptionally(current.refused(life.describe(), reason, true));
    } catch (RuntimeException e) {
      FluxCoreException lost = current.stuck(reason, String.valueOf(e.getMessage()));
      again.failed("", lost);
      again.ended(JobEnd.failed(lost));
      current.outcome().completeExceptionally(lost);
    }
  }
}
