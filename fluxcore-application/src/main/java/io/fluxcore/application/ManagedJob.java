package io.fluxcore.application;

import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.JobCheckpoints;
import io.fluxcore.application.checkpoint.SnapshotRequest;
import io.fluxcore.application.checkpoint.StoredSnapshot;
import io.fluxcore.application.diagnosis.JobReading;
import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.job.JobText;
import io.fluxcore.application.job.StoredTopology;
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
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobFailure;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.state.JobSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A job that this server has: writes down what its runtime tells, and passes on what users ask.
 * Users, and the runtime's threads, come at any time, so an event that no longer fits (a restart of
 * a job that is being cancelled) is left out. Calls to the runtime are made without the lock.
 *
 * <p>The runtime runs one version of the job at a time. For a {@link Changeover} the run is stopped
 * with its state; the next one is on trial until all its subtasks run. When it does not come to
 * that, another run of the old version goes on with the state.
 *
 * <p>The server has the job until {@link #parted}: it is over, or suspended, or released at the end
 * of the server, or another server has taken it on.
 */
final class ManagedJob {
  private static final System.Logger LOG = System.getLogger(ManagedJob.class.getName());
  private static final long QUERY_SECONDS = 10;

  private volatile Consumer<JobEvent.AlertRaised> alerted = alert -> {};
  private final JobHistory history;
  private final JobRuntime runtime;
  private final JobText text;
  private final JobCheckpoints checkpoints;
  private final InstantSource time;
  private final String server;
  private final ResultTaps taps = new ResultTaps();
  private final CompletableFuture<JobStatus> end = new CompletableFuture<>();
  private final CompletableFuture<Void> settled = new CompletableFuture<>();
  private final CompletableFuture<Void> parted = new CompletableFuture<>();
  private final CompletableFuture<Void> suspended = new CompletableFuture<>();
  private JobVersion version;
  private Run run;
  private @Nullable Changeover changeover;
  private Request request = Request.NONE;
  private boolean isCutOff;

  /** What earlier runs have counted. */
  private JobMetrics before = JobMetrics.EMPTY;

  /** What is wanted of the job. */
  private enum Request {
    NONE,
    /** To be stopped with its state, and resumed some time. */
    SUSPEND,
    /** To be stopped with its state, since the server ends. */
    RELEASE,
    STOP,
    CANCEL;

    /** Whether the job's life goes on after its run. */
    boolean isParting() {
      return this == SUSPEND || this == RELEASE;
    }
  }

  ManagedJob(
      JobHistory history,
      JobVersion version,
      JobRuntime runtime,
      JobText text,
      JobCheckpoints checkpoints,
      InstantSource time,
      String server) {
    this.history = history;
    this.version = version;
    this.runtime = runtime;
    this.text = text;
    this.checkpoints = checkpoints;
    this.time = time;
    this.server = server;
    this.run = new Run(version, false);
    version.declare(taps);
  }

  /** Has somebody told of the job's alerts. */
  void onAlert(Consumer<JobEvent.AlertRaised> listener) {
    alerted = listener;
  }

  JobId id() {
    return history.job().id();
  }

  /** With which this server has the job. */
  long token() {
    return history.token();
  }

  synchronized JobConfig config() {
    return history.job().config();
  }

  synchronized JobVersion version() {
    return version;
  }

  synchronized JobStatus status() {
    return history.job().status();
  }

  private String describe() {
    return "job '" + config().name() + "'";
  }

  /** Completes when the job has run for the first time since this server has it, or failed to. */
  CompletableFuture<Void> settled() {
    return settled;
  }

  /** Completes when this server has the job no longer, and nothing runs any more. */
  CompletableFuture<Void> parted() {
    return parted;
  }

  // --- Start ------------------------------------------------------------------------------------

  /** The job can be stopped and cancelled from here on. */
  void prepare() {
    record(new JobEvent.Starting(time.instant()));
  }

  void start() {
    start(null);
  }

  private void start(@Nullable JobSnapshot from) {
    Run first = run();
    try {
      launch(first, from);
    } catch (RuntimeException e) {
      first.failed("", e);
      first.ended(JobEnd.failed(e));
      throw e;
    }
  }

  /** Starts from a copy of a snapshot, which is this job's first restart point. */
  void startFrom(StoredSnapshot original) {
    JobSnapshot state;
    try {
      state = checkpoints.adopt(original, config()).snapshot();
    } catch (IOException | RuntimeException e) {
      FluxCoreException failure =
          e instanceof FluxCoreException known
              ? known
              : new FluxCoreException(
                  ErrorCategory.EXTERNAL,
                  List.of(
                      Diagnostic.error(
                          "FLX-CKPT-0012",
                          Place.of("job"),
                          "the snapshot cannot be copied for " + describe() + ": " + e.getMessage(),
                          "look after the checkpoint store, or use another savepoint")),
                  e);
      Run first = run();
      first.failed("", failure);
      first.ended(JobEnd.failed(failure));
      throw failure;
    }
    start(state);
  }

  /**
   * Makes a snapshot of the running job.
   *
   * @throws FluxCoreException of category STATE_CONFLICT if it does not run
   */
  CompletableFuture<CheckpointEntry> snapshot(SnapshotRequest wanted) {
    RunningJob target;
    synchronized (this) {
      if (changeover != null || request != Request.NONE || status() != JobStatus.RUNNING) {
        throw notNow("a savepoint needs a job that is RUNNING");
      }
      target = run.handle;
    }
    if (target == null) {
      throw notNow("a savepoint needs a job that is RUNNING");
    }
    return target.snapshot(wanted);
  }

  /**
   * Goes on with a job that ran before; what this server was asked then holds.
   *
   * @param events that lead there; those that do not fit are left out
   * @param from its state; null where it has none
   */
  void goOn(List<JobEvent> events, @Nullable JobSnapshot from) {
    synchronized (this) {
      events.forEach(this::record);
      if (status() == JobStatus.STOPPING) {
        request = Request.STOP;
      }
    }
    start(from);
  }

  private synchronized Run run() {
    return run;
  }

  /** Has the runtime start a run, and passes on what was asked of it in the meantime. */
  private void launch(Run next, @Nullable JobSnapshot from) {
    RunningJob started =
        runtime.start(
            new JobStart(next.of.plan(), id(), next.of.config(), next, from, checkpoints, taps));
    Request missed;
    Changeover toStopFor;
    boolean doomed;
    synchronized (this) {
      next.handle = started;
      missed = request;
      toStopFor = isOnTrial(next) ? null : changeover;
      doomed =
          history.isLost()
              || (isOnTrial(next) && changeover != null && changeover.failure() != null);
    }
    if (doomed) {
      started.cancel();
    } else if (toStopFor != null) {
      stopFor(toStopFor, next, started);
    } else {
      pass(missed, next, started);
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
    Run asked;
    RunningJob target;
    synchronized (this) {
      if (!record(event)) {
        return;
      }
      request = wanted;
      boolean isBeingStopped = changeover != null && !isOnTrial(run);
      asked = run;
      target = wanted == Request.STOP && isBeingStopped ? null : run.handle;
    }
    if (target != null) {
      pass(wanted, asked, target);
    }
  }

  /**
   * Stops the job with its state.
   *
   * @return completes when it is suspended; with a {@link CancellationException} when it was ended
   *     before; exceptionally when it could not be stopped so, and goes on
   * @throws FluxCoreException of category STATE_CONFLICT if it cannot be suspended now
   */
  CompletableFuture<Void> suspend() {
    Run asked;
    RunningJob target;
    synchronized (this) {
      if (changeover != null
          || request != Request.NONE
          || !record(new JobEvent.Suspending(time.instant()))) {
        throw notNow("it can be suspended while it runs");
      }
      request = Request.SUSPEND;
      asked = run;
      target = run.handle;
    }
    if (target != null) {
      pass(Request.SUSPEND, asked, target);
    }
    return suspended;
  }

  private FluxCoreException notNow(String remedy) {
    return Changeover.conflict(
        "FLX-JOB-0008",
        describe() + " is " + status() + (changeover == null ? "" : ", on its way to another run"),
        remedy);
  }

  /** Ends the job's run with its state, since the server ends. */
  void release() {
    Run asked;
    RunningJob target;
    synchronized (this) {
      if (request != Request.NONE || status().isTerminal()) {
        return; // what was asked for is done, as far as there is time
      }
      request = Request.RELEASE;
      asked = run;
      target = changeover == null ? run.handle : null;
    }
    if (target != null) {
      pass(Request.RELEASE, asked, target);
    }
  }

  /**
   * Ends the job's run at once, and tells nobody: another server has the job, or will.
   *
   * @return completes when nothing runs any more
   */
  CompletableFuture<Void> cutOff() {
    RunningJob target;
    synchronized (this) {
      history.lost();
      if (isCutOff) {
        return parted;
      }
      isCutOff = true;
      target = run.handle;
    }
    if (target == null) {
      parted.complete(null);
    } else {
      target.cancel();
      CompletableFuture<Void> unused = target.end().thenAccept(how -> parted.complete(null));
    }
    taps.end();
    settled.complete(null);
    end.complete(status());
    suspended.completeExceptionally(new CancellationException());
    return parted;
  }

  /** Whether its run was ended because this server does not have the job any more. */
  synchronized boolean isCutOff() {
    return isCutOff;
  }

  private void pass(Request wanted, Run asked, RunningJob target) {
    switch (wanted) {
      case STOP -> target.stop(true);
      case CANCEL -> target.cancel();
      case SUSPEND, RELEASE -> {
        target.stop(false);
        CompletableFuture<Void> unused =
            target.end().thenAccept(how -> stoppedWithState(asked, target, how));
      }
      case NONE -> {}
    }
  }

  /** A run is over that was stopped with its state, and the job's life is to go on. */
  private void stoppedWithState(Run ended, RunningJob handle, JobEnd how) {
    Run again;
    synchronized (this) {
      if (run != ended || history.isLost() || status().isTerminal()) {
        return;
      }
      if (!request.isParting()) {
        over(how);
        return;
      }
      if (how.kind() == JobEnd.Kind.FINISHED) {
        over(how);
        return;
      }
      if (request == Request.RELEASE) {
        part(new JobEvent.Released(time.instant(), server));
        return;
      }
      if (how.kind() != JobEnd.Kind.FAILED) {
        part(new JobEvent.Suspended(time.instant()));
        suspended.complete(null);
        return;
      }
      // Its state could not be had: better to go on than to lose what came since the last
      // checkpoint.
      request = Request.NONE;
      before = sum(before, handle.metrics());
      record(new JobEvent.Restarting(time.instant(), Duration.ZERO));
      record(new JobEvent.Starting(time.instant()));
      again = new Run(version, false);
      run = again;
    }
    suspended.completeExceptionally(
        Changeover.conflict(
            "FLX-JOB-0016",
            describe() + " cannot be stopped with its state: " + reason(how).getMessage(),
            "it goes on from its last checkpoint; remove the cause and suspend it again"));
    relaunch(again, handle.lastSnapshot().orElse(null));
  }

  private void relaunch(Run again, @Nullable JobSnapshot state) {
    try {
      launch(again, state);
    } catch (RuntimeException e) {
      again.failed("", e);
      again.ended(JobEnd.failed(e));
    }
  }

  /** The server has the job no longer, and its life goes on. */
  private void part(JobEvent event) {
    record(event);
    taps.end();
    settled.complete(null);
    end.complete(status());
    parted.complete(null);
  }

  /** Whether the event fits and happened. */
  private synchronized boolean record(JobEvent event) {
    return history.record(event);
  }

  /**
   * Writes down what the store has not taken yet.
   *
   * @return whether this server still has the job, as far as it has been told
   */
  synchronized boolean flush() {
    history.flush();
    return !history.isLost();
  }

  /** Whether the store knows all that happened. */
  synchronized boolean isWritten() {
    return history.isWritten();
  }

  // --- Changeover -------------------------------------------------------------------------------

  /** The upgrade that is under way, or null. */
  synchronized @Nullable Changeover upgrade() {
    return changeover != null && changeover.isUpgrade() ? changeover : null;
  }

  /** Whether the job is on its way to another run. */
  synchronized boolean isChanging() {
    return changeover != null;
  }

  /**
   * Begins to bring the job to another run.
   *
   * @return completes when that runs; exceptionally when the old version goes on instead
   * @throws FluxCoreException of category STATE_CONFLICT if that cannot be, or not now
   */
  CompletableFuture<Void> changeOver(Changeover started) {
    started.check(describe());
    Run old;
    RunningJob target;
    synchronized (this) {
      if (changeover != null
          || request != Request.NONE
          || !record(started.beginning(time.instant()))) {
        throw notNow("try it again when it is running");
      }
      changeover = started;
      old = run;
      target = old.handle;
    }
    started.step(10, "stopping with its state");
    if (target != null) {
      stopFor(started, old, target);
    }
    return started.outcome();
  }

  private void stopFor(Changeover reason, Run old, RunningJob target) {
    target.stop(false);
    reason.after(target.end(), how -> stopped(old, target, how));
  }

  /** The old run has ended, with its state. */
  private void stopped(Run old, RunningJob ended, JobEnd how) {
    JobMetrics counted = ended.metrics();
    Run next;
    Changeover current;
    synchronized (this) {
      current = changeover;
      if (current == null || run != old) {
        return;
      }
      before = sum(before, counted);
      current.state(ended.lastSnapshot().orElse(null));
      if (request == Request.CANCEL || how.kind() == JobEnd.Kind.CANCELLED) {
        abandon(current, how);
        return;
      }
      if (request == Request.RELEASE) {
        leaveFor(current);
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

  /** The job is over before the changeover is. */
  private void abandon(Changeover current, JobEnd how) {
    changeover = null;
    over(how);
    JobFailure reason = new JobFailure("", "FLX-JOB-0011", "the job was cancelled");
    current.outcome().completeExceptionally(current.refused(describe(), reason, false));
  }

  /** The server ends before the changeover does; the job will go on as it was. */
  private void leaveFor(Changeover current) {
    changeover = null;
    part(new JobEvent.Released(time.instant(), server));
    current.outcome().completeExceptionally(new CancellationException());
  }

  private void tryOut(Changeover current, Run next) {
    if (current.failure() == null) {
      try {
        current.checkState(describe());
        current.step(60, "starting");
        record(new JobEvent.Starting(time.instant()));
        current.to().declare(taps);
        launch(next, current.takesState() ? current.state() : null);
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
    return changeover != null && one == run && one.onTrial;
  }

  /** A run is over; if it was still on trial, the old version goes on. */
  private void trialEnded(Run trial, RunningJob ended, JobEnd how) {
    Changeover current;
    synchronized (this) {
      current = changeover;
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

  /** The next run runs: it is the job's now. */
  private synchronized void succeeded(Changeover current) {
    JobVersion to = current.to();
    JobEvent change = current.change(time.instant());
    if (change != null) {
      history.change(to.config(), StoredTopology.of(to.topology(), text), change);
    }
    version = to;
    changeover = null;
    current.outcome().complete(null);
  }

  /** Goes on with the old version and its state. */
  private void goBack(Changeover current) {
    JobFailure reason = current.failure();
    if (reason == null) {
      throw new IllegalStateException("a changeover fails for a reason");
    }
    Run again;
    synchronized (this) {
      record(current.failing(time.instant(), reason));
      record(new JobEvent.Starting(time.instant()));
      version.declare(taps);
      again = new Run(version, false);
      run = again;
      changeover = null;
    }
    try {
      launch(again, current.state());
      current.outcome().completeExceptionally(current.refused(describe(), reason, true));
    } catch (RuntimeException e) {
      FluxCoreException lost = current.stuck(reason, String.valueOf(e.getMessage()));
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
     * @param onTrial whether it is that of a changeover
     */
    Run(JobVersion of, boolean onTrial) {
      this.of = of;
      this.onTrial = onTrial;
    }

    /** Whether the job's life is told by this run now. */
    private boolean tells() {
      return run == this && changeover == null;
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
        Changeover current = changeover;
        if (current != null && isOnTrial(this) && current.failure() == null) {
          succeeded(current);
        }
        tell(new JobEvent.Started(time.instant()));
      }
      settled.complete(null);
    }

    @Override
    public void checkpointed(CheckpointSummary checkpoint) {
      JobEvent event =
          new JobEvent.Checkpointed(
              time.instant(), checkpoint.id(), checkpoint.bytes(), checkpoint.duration());
      synchronized (ManagedJob.this) {
        if (run == this) { // the one that holds the state for a changeover counts too
          record(event);
        }
      }
    }

    /** The job is suspended, since whoever mends the cause will not want to miss what comes. */
    @Override
    public void breakerTripped(String reason) {
      JobEvent.AlertRaised alert = new JobEvent.AlertRaised(time.instant(), "FLX-JOB-0030", reason);
      synchronized (ManagedJob.this) {
        if (!tells()) {
          return;
        }
        record(alert);
      }
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} is suspended: {1}; look at its dead letters, remove the cause and resume it",
          describe(),
          reason);
      alerted.accept(alert);
      try {
        suspend()
            .exceptionally(
                refused -> {
                  LOG.log(System.Logger.Level.WARNING, describe() + " was not suspended", refused);
                  return null;
                });
      } catch (FluxCoreException e) {
        LOG.log(System.Logger.Level.WARNING, describe() + " cannot be suspended now", e);
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
        Changeover current = changeover;
        if (current != null && isOnTrial(this)) {
          current.failed(failureOf(operatorId, failure));
          doomed = handle;
        }
        tell(new JobEvent.Failed(time.instant(), failureOf(operatorId, failure)));
      }
      settled.complete(null);
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
        if (tells() && !request.isParting() && !history.isLost()) {
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
    if (status == JobStatus.STOPPED && status() == JobStatus.RUNNING) {
      record(new JobEvent.Stopping(time.instant())); // with a savepoint
    }
    record(new JobEvent.Ended(time.instant(), status));
    taps.end();
    settled.complete(null);
    end.complete(status());
    parted.complete(null);
    suspended.completeExceptionally(new CancellationException());
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
      return detail(history.job(), metrics, PlanPrinter.print(version.plan()));
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
      return reading(history.job(), version, metrics, progress, time);
    }
  }

  /** What the runtime has started, if it has. */
  synchronized Optional<RunningJob> runningJob() {
    return Optional.ofNullable(run.handle);
  }

  /** Asks the run at hand, and waits. */
  LiveState queryState(String operator, List<?> key) {
    RunningJob target;
    synchronized (this) {
      target = run.handle;
    }
    if (target == null) {
      return new LiveState(operator, Collections.nCopies(key.size(), null), true, List.of());
    }
    try {
      return target.queryState(operator, key).get(QUERY_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unanswered(operator, "the question was interrupted");
    } catch (TimeoutException e) {
      throw unanswered(operator, "it has not answered for " + QUERY_SECONDS + " s");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FluxCoreException known) {
        throw new FluxCoreException(known.category(), known.diagnostics(), known);
      }
      throw new IllegalStateException("state of '" + operator + "' cannot be read", e.getCause());
    }
  }

  private static FluxCoreException unanswered(String operator, String message) {
    return new FluxCoreException(
        ErrorCategory.RESOURCE,
        Diagnostic.error(
            "FLX-QUERY-0004",
            Place.of("operator '" + operator + "'"),
            message,
            "it may be blocked by back-pressure: look at its metrics, and ask again"));
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

  /** A job that this server does not run. */
  static JobDetail detailOf(Job job) {
    return detail(job, JobMetrics.EMPTY, "");
  }

  private static JobDetail detail(Job job, JobMetrics metrics, String plan) {
    return new JobDetail(
        job.id(), job.config(), job.status(), job.history(), job.failure(), metrics, plan);
  }
}
