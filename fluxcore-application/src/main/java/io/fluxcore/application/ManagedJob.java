package io.fluxcore.application;

import io.fluxcore.application.diagnosis.JobReading;
import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.planner.PlanPrinter;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.application.results.ResultTaps;
import io.fluxcore.application.results.SubscribeOptions;
import io.fluxcore.application.runtime.CheckpointSummary;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobListener;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobProgress;
import io.fluxcore.application.runtime.JobRuntime;
import io.fluxcore.application.runtime.JobStart;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobFailure;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.state.JobSnapshot;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A job that this server was given: writes down what its runtime tells, and passes on what users
 * ask. Users, and the runtime's threads, come at any time, so an event that no longer fits (a
 * restart of a job that is being cancelled) is left out. Calls to the runtime are made without the
 * lock.
 *
 * <p>The runtime runs one version of the job at a time. For an {@link Upgrade} the run is stopped
 * with its state; the next one, of the new version, is on trial until all its subtasks run. When it
 * does not come to that, another run of the old version goes on with the state.
 */
final class ManagedJob {
  private final Job job;
  private final JobRuntime runtime;
  private final JobStore store;
  private final InstantSource time;
  private final ResultTaps taps = new ResultTaps();
  private final CompletableFuture<JobStatus> end = new CompletableFuture<>();
  private JobVersion version;
  private Run run;
  private @Nullable Upgrade upgrade;
  private Request request = Request.NONE;

  /** What earlier runs have counted. */
  private JobMetrics before = JobMetrics.EMPTY;

  /** What a user wants of the job. */
  private enum Request {
    NONE,
    STOP,
    CANCEL
  }

  ManagedJob(Job job, JobVersion version, JobRuntime runtime, JobStore store, InstantSource time) {
    this.job = job;
    this.version = version;
    this.runtime = runtime;
    this.store = store;
    this.time = time;
    this.run = new Run(version, false);
    version.declare(taps);
  }

  JobId id() {
    return job.id();
  }

  synchronized JobConfig config() {
    return job.config();
  }

  synchronized JobVersion version() {
    return version;
  }

  synchronized JobStatus status() {
    return job.status();
  }

  private String describe() {
    return "job '" + config().name() + "'";
  }

  // --- Start ------------------------------------------------------------------------------------

  /** The job can be stopped and cancelled from here on. */
  void prepare() {
    record(new JobEvent.Starting(time.instant()));
  }

  void start() {
    Run first = run();
    try {
      launch(first, null);
    } catch (RuntimeException e) {
      first.failed("", e);
      first.ended(JobEnd.failed(e));
      throw e;
    }
  }

  private synchronized Run run() {
    return run;
  }

  /** Has the runtime start a run, and passes on what was asked of it in the meantime. */
  private void launch(Run next, @Nullable JobSnapshot from) {
    RunningJob started =
        runtime.start(new JobStart(next.of.plan(), job.id(), next.of.config(), next, from, taps));
    Request missed;
    Upgrade toStopFor;
    boolean doomed;
    synchronized (this) {
      next.handle = started;
      missed = request;
      toStopFor = isOnTrial(next) ? null : upgrade;
      doomed = isOnTrial(next) && upgrade != null && upgrade.failure() != null;
    }
    if (toStopFor != null) {
      stopFor(toStopFor, next, started);
    } else if (doomed) {
      started.cancel();
    } else {
      pass(missed, started);
    }
  }

  // --- What users ask ---------------------------------------------------------------------------

  void cancel() {
    ask(Request.CANCEL, new JobEvent.Cancelling(time.instant()));
  }

  void stop() {
    ask(Request.STOP, new JobEvent.Stopping(time.instant()));
  }

  private void ask(Request wanted, JobEvent event) {
    RunningJob target;
    synchronized (this) {
      if (!record(event)) {
        return;
      }
      request = wanted;
      boolean isBeingStopped = upgrade != null && !isOnTrial(run);
      target = wanted == Request.STOP && isBeingStopped ? null : run.handle;
    }
    if (target != null) {
      pass(wanted, target);
    }
  }

  private static void pass(Request request, RunningJob target) {
    switch (request) {
      case STOP -> target.stop(true);
      case CANCEL -> target.cancel();
      case NONE -> {}
    }
  }

  /** Whether the event fits and was written down. */
  private synchronized boolean record(JobEvent event) {
    if (!job.accepts(event)) {
      return false;
    }
    job.record(event);
    store.append(job.id(), event);
    return true;
  }

  // --- Upgrade ----------------------------------------------------------------------------------

  /** The upgrade that is under way, or null. */
  synchronized @Nullable Upgrade upgrade() {
    return upgrade;
  }

  /**
   * Begins to upgrade the job.
   *
   * @return completes when the new version runs, exceptionally when the old one goes on instead
   * @throws FluxCoreException of category STATE_CONFLICT if the job cannot be upgraded, or not now
   */
  CompletableFuture<Void> upgrade(JobVersion to) {
    Upgrade started = new Upgrade(version(), to);
    started.check(describe());
    Run old;
    RunningJob target;
    synchronized (this) {
      JobEvent event = new JobEvent.Upgrading(time.instant(), version.name(), to.name());
      if (upgrade != null || request != Request.NONE || !record(event)) {
        throw Upgrade.conflict(
            "FLX-JOB-0008",
            describe() + " is " + job.status() + (upgrade == null ? "" : " for another upgrade"),
            "submit version " + to.name() + " again when that is over");
      }
      upgrade = started;
      old = run;
      target = old.handle;
    }
    if (target != null) {
      stopFor(started, old, target);
    }
    return started.outcome();
  }

  private void stopFor(Upgrade reason, Run old, RunningJob target) {
    target.stop(false);
    reason.after(target.end(), how -> stopped(old, target, how));
  }

  /** The old version has ended, with its state. */
  private void stopped(Run old, RunningJob ended, JobEnd how) {
    JobMetrics counted = ended.metrics();
    Run next;
    Upgrade current;
    synchronized (this) {
      current = upgrade;
      if (current == null || run != old) {
        return;
      }
      before = sum(before, counted);
      current.state(ended.lastSnapshot().orElse(null));
      if (request == Request.CANCEL || how.kind() == JobEnd.Kind.CANCELLED) {
        abandon(current, how);
        return;
      }
      if (how.kind() == JobEnd.Kind.FAILED) {
        current.failed(failureOf("", reason(how)));
      }
      next = new Run(current.to(), true);
      run = next;
    }
    tryOut(current, next);
  }

  private static Throwable reason(JobEnd how) {
    return how.failure() == null ? new IllegalStateException("it failed") : how.failure();
  }

  /** The job is over before the upgrade is. */
  private void abandon(Upgrade current, JobEnd how) {
    upgrade = null;
    over(how);
    JobFailure reason = new JobFailure("", "FLX-JOB-0011", "the job was cancelled");
    current.outcome().completeExceptionally(current.refused(describe(), reason, false));
  }

  private void tryOut(Upgrade current, Run next) {
    if (current.failure() == null) {
      try {
        current.checkState(describe());
        record(new JobEvent.Starting(time.instant()));
        current.to().declare(taps);
        launch(next, current.state());
        RunningJob handle = handleOf(next);
        if (handle != null) {
          current.after(handle.end(), how -> trialEnded(next, handle, how));
        }
        return;
      } catch (RuntimeException e) {
        current.failed(failureOf("", e));
      }
    }
    goBack(current);
  }

  private synchronized @Nullable RunningJob handleOf(Run one) {
    return one.handle;
  }

  private synchronized boolean isOnTrial(Run one) {
    return upgrade != null && one == run && one.onTrial;
  }

  /** A run is over; if it was still on trial, the old version goes on. */
  private void trialEnded(Run trial, RunningJob ended, JobEnd how) {
    Upgrade current;
    synchronized (this) {
      current = upgrade;
      if (current == null || !isOnTrial(trial)) {
        return;
      }
      if (request == Request.CANCEL) {
        before = sum(before, ended.metrics());
        abandon(current, how);
        return;
      }
      current.failed(failureOf("", reason(how)));
    }
    goBack(current);
  }

  /** The new version has started: it is the job's version now. */
  private synchronized void succeeded(Upgrade current) {
    JobConfig config = current.to().config();
    JobEvent.Upgraded event =
        new JobEvent.Upgraded(time.instant(), config.version(), config.parallelism());
    job.upgrade(config, event);
    store.upgrade(job.id(), config, current.to().topology(), event);
    version = current.to();
    upgrade = null;
    current.outcome().complete(null);
  }

  /** Goes on with the old version and its state. */
  private void goBack(Upgrade current) {
    JobFailure reason = current.failure();
    if (reason == null) {
      throw new IllegalStateException("an upgrade fails for a reason");
    }
    Run again;
    synchronized (this) {
      record(new JobEvent.UpgradeFailed(time.instant(), current.to().name(), reason));
      record(new JobEvent.Starting(time.instant()));
      version.declare(taps);
      again = new Run(version, false);
      run = again;
      upgrade = null;
    }
    try {
      launch(again, current.state());
      current.outcome().completeExceptionally(current.refused(describe(), reason, true));
    } catch (RuntimeException e) {
      FluxCoreException lost =
          Upgrade.conflict(
              "FLX-JOB-0012",
              "version "
                  + current.to().name()
                  + " cannot start ("
                  + reason.message()
                  + "), and version "
                  + version().name()
                  + " cannot go on ("
                  + e.getMessage()
                  + ")",
              "remove the cause and submit the job again; sources begin where they are configured"
                  + " to");
      again.failed("", lost);
      again.ended(JobEnd.failed(lost));
      current.outcome().completeExceptionally(lost);
    }
  }

  // --- What the runtime tells -------------------------------------------------------------------

  /** One run of a version. What it tells counts as long as it is the job's run. */
  private final class Run implements JobListener {
    private final JobVersion of;
    private final boolean onTrial;
    private @Nullable RunningJob handle;

    /**
     * A run that the runtime has not started yet.
     *
     * @param onTrial whether it is that of an upgrade
     */
    Run(JobVersion of, boolean onTrial) {
      this.of = of;
      this.onTrial = onTrial;
    }

    /** Whether the job's life is told by this run now. */
    private boolean tells() {
      return run == this && upgrade == null;
    }

    private void tell(JobEvent event) {
      synchronized (ManagedJob.this) {
        if (tells()) {
          record(event);
        }
      }
    }

    @Override
    public void running() {
      synchronized (ManagedJob.this) {
        Upgrade current = upgrade;
        if (current != null && isOnTrial(this) && current.failure() == null) {
          succeeded(current);
        }
        tell(new JobEvent.Started(time.instant()));
      }
    }

    @Override
    public void checkpointed(CheckpointSummary checkpoint) {
      JobEvent event =
          new JobEvent.Checkpointed(
              time.instant(), checkpoint.id(), checkpoint.bytes(), checkpoint.duration());
      synchronized (ManagedJob.this) {
        if (run == this) { // the one that holds the state for an upgrade counts too
          record(event);
        }
      }
    }

    @Override
    public void checkpointFailed(long checkpointId, String reason) {
      tell(new JobEvent.CheckpointFailed(time.instant(), checkpointId, reason));
    }

    @Override
    public void failed(String operatorId, Throwable failure) {
      RunningJob doomed = null;
      synchronized (ManagedJob.this) {
        Upgrade current = upgrade;
        if (current != null && isOnTrial(this)) {
          current.failed(failureOf(operatorId, failure));
          doomed = handle;
        }
        tell(new JobEvent.Failed(time.instant(), failureOf(operatorId, failure)));
      }
      if (doomed != null) {
        doomed.cancel();
      }
    }

    @Override
    public void restarting(Duration delay) {
      tell(new JobEvent.Restarting(time.instant(), delay));
    }

    @Override
    public void starting() {
      tell(new JobEvent.Starting(time.instant()));
    }

    @Override
    public void ended(JobEnd how) {
      synchronized (ManagedJob.this) {
        if (tells()) {
          over(how);
        }
      }
    }
  }

  private static JobFailure failureOf(String operatorId, Throwable failure) {
    String code = failure instanceof FluxCoreException known ? known.code() : "FLX-JOB-0007";
    String message = failure.getMessage();
    return new JobFailure(
        operatorId,
        code,
        failure instanceof FluxCoreException && message != null ? message : failure.toString());
  }

  private void over(JobEnd how) {
    JobStatus status =
        switch (how.kind()) {
          case FINISHED -> JobStatus.FINISHED;
          case STOPPED -> JobStatus.STOPPED;
          case CANCELLED -> JobStatus.CANCELLED;
          case FAILED -> JobStatus.FAILED;
        };
    record(new JobEvent.Ended(time.instant(), status));
    taps.end();
    end.complete(status());
  }

  JobStatus awaitEnd(Duration timeout) throws InterruptedException {
    try {
      return end.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return status();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of a job is never exceptional", e);
    }
  }

  // --- Readings ---------------------------------------------------------------------------------

  JobMetrics metrics() {
    RunningJob source;
    JobMetrics earlier;
    synchronized (this) {
      source = run.handle;
      earlier = before;
    }
    return source == null ? earlier : sum(earlier, source.metrics());
  }

  /** A reading with the checkpoints and restarts of earlier runs. */
  private static JobMetrics sum(JobMetrics before, JobMetrics now) {
    return new JobMetrics(
        now.operators(),
        now.endToEndLatency(),
        before.restarts() + now.restarts(),
        before.checkpoints() + now.checkpoints(),
        before.failedCheckpoints() + now.failedCheckpoints(),
        now.runningSince(),
        now.uptime(),
        now.rowsInPerSecond(),
        now.lastCheckpoint() == null ? before.lastCheckpoint() : now.lastCheckpoint());
  }

  JobGraph graph() {
    return version().graph();
  }

  JobDetail detail() {
    JobMetrics metrics = metrics();
    synchronized (this) {
      return detail(job, metrics, PlanPrinter.print(version.plan()));
    }
  }

  JobReading reading() {
    RunningJob source;
    synchronized (this) {
      source = run.handle;
    }
    JobMetrics metrics = metrics();
    JobProgress progress = source == null ? JobProgress.NONE : source.progress();
    synchronized (this) {
      return reading(job, version, metrics, progress, time);
    }
  }

  ResultSubscription subscribe(SubscribeOptions options) {
    return taps.subscribe(options);
  }

  static JobReading reading(
      Job job, JobVersion version, JobMetrics metrics, JobProgress progress, InstantSource time) {
    return new JobReading(
        job.id(),
        job.status(),
        time.instant(),
        job.history(),
        job.failure(),
        version.plan(),
        version.graph(),
        metrics,
        progress);
  }

  /** A job of an earlier life of the server. */
  static JobDetail detailOf(Job job) {
    return detail(job, JobMetrics.EMPTY, "");
  }

  private static JobDetail detail(Job job, JobMetrics metrics, String plan) {
    return new JobDetail(
        job.id(), job.config(), job.status(), job.history(), job.failure(), metrics, plan);
  }
}
