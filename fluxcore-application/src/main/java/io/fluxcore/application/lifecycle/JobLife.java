package io.fluxcore.application.lifecycle;

import io.fluxcore.application.job.JobText;
import io.fluxcore.application.job.StoredTopology;
import io.fluxcore.application.results.ResultTaps;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobFailure;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where a job is in its life on this server: its history, the run that is the job's now, what is
 * wanted of it, the changeover that is under way, and what earlier runs have counted.
 *
 * <p>Users, and the runtime's threads, come at any time. Each method is one step, made under the
 * lock, and says what is to be done next: calls to the runtime are made by the caller, without the
 * lock. An event that no longer fits (a restart of a job that is being cancelled) is left out.
 */
final class JobLife {
  private final JobHistory history;
  private final JobText text;
  private final InstantSource time;
  private final String server;
  private final ResultTaps taps = new ResultTaps();
  private final CompletableFuture<JobStatus> end = new CompletableFuture<>();
  private final CompletableFuture<Void> settled = new CompletableFuture<>();
  private final CompletableFuture<Void> parted = new CompletableFuture<>();
  private final CompletableFuture<Void> suspended = new CompletableFuture<>();
  private final JobRun.Breaker breaker;
  private JobVersion version;
  private JobRun run;
  private @Nullable Changeover changeover;
  private Request request = Request.NONE;
  private boolean isCutOff;

  /** What earlier runs have counted. */
  private JobMetrics before = JobMetrics.EMPTY;

  /** What is wanted of a job. */
  enum Request {
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

  /**
   * What a run is to be told.
   *
   * @param run the one that is meant
   * @param handle what the runtime has started of it; null before that: it is told then
   */
  record Target(JobRun run, @Nullable RunningJob handle) {}

  /**
   * What was asked of a job while a run of it was being started.
   *
   * @param changeover for which it is to be stopped again; null for none
   */
  record Missed(Request request, @Nullable Changeover changeover) {}

  /**
   * A changeover whose next run may be tried out.
   *
   * @param next to be started, unless the changeover has failed already
   */
  record Trial(Changeover changeover, JobRun next) {}

  JobLife(
      JobHistory history,
      JobVersion version,
      JobText text,
      InstantSource time,
      String server,
      JobRun.Breaker breaker) {
    this.history = history;
    this.version = version;
    this.text = text;
    this.time = time;
    this.server = server;
    this.breaker = breaker;
    this.run = new JobRun(this, version, false, breaker);
    version.declare(taps);
  }

  // --- What is known of it ----------------------------------------------------------------------

  JobId id() {
    return history.job().id();
  }

  long token() {
    return history.token();
  }

  Instant now() {
    return time.instant();
  }

  ResultTaps taps() {
    return taps;
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

  String describe() {
    return "job '" + config().name() + "'";
  }

  synchronized JobRun run() {
    return run;
  }

  /** What the runtime has started of the run that is the job's now; null before that. */
  synchronized @Nullable RunningJob handle() {
    return run.handle();
  }

  synchronized @Nullable RunningJob handleOf(JobRun one) {
    return one.handle();
  }

  /** The changeover that is under way, or null. */
  synchronized @Nullable Changeover changeover() {
    return changeover;
  }

  synchronized boolean isCutOff() {
    return isCutOff;
  }

  /** Completes with the job's status when it is over, suspended or somebody else's. */
  CompletableFuture<JobStatus> end() {
    return end;
  }

  /** Completes when the job has run for the first time since this server has it, or failed to. */
  CompletableFuture<Void> settled() {
    return settled;
  }

  /** Completes when this server has the job no longer, and nothing runs any more. */
  CompletableFuture<Void> parted() {
    return parted;
  }

  /** Completes when the job is suspended; exceptionally when that cannot be. */
  CompletableFuture<Void> suspended() {
    return suspended;
  }

  /** Reads the job, its version and what it has counted together. */
  synchronized <T> T read(Reader<T> reader) {
    return reader.read(history.job(), version, run.handle(), before);
  }

  /** Reads a job; keeps nothing of it. */
  @FunctionalInterface
  interface Reader<T> {
    T read(Job job, JobVersion version, @Nullable RunningJob handle, JobMetrics before);
  }

  // --- Its history ------------------------------------------------------------------------------

  /** Whether the event fits and happened. */
  synchronized boolean record(JobEvent event) {
    return history.record(event);
  }

  /** Writes down what the store has not taken yet; whether this server still has the job. */
  synchronized boolean flush() {
    history.flush();
    return !history.isLost();
  }

  synchronized boolean isWritten() {
    return history.isWritten();
  }

  // --- Start ------------------------------------------------------------------------------------

  /** The job ran before: what led here, and what it was asked then, which still holds. */
  synchronized void goOn(List<JobEvent> events) {
    events.forEach(this::record);
    if (status() == JobStatus.STOPPING) {
      request = Request.STOP;
    }
  }

  /** The runtime has started a run; what it is to be told at once. */
  synchronized Missed started(JobRun one, RunningJob handle) {
    one.handle(handle);
    boolean isTrial = isOnTrial(one);
    if (history.isLost() || (isTrial && changeover != null && changeover.failure() != null)) {
      return new Missed(Request.CANCEL, null);
    }
    return new Missed(request, isTrial ? null : changeover);
  }

  /**
   * The run that can be asked for a snapshot.
   *
   * @throws FluxCoreException of category STATE_CONFLICT if there is none
   */
  synchronized RunningJob runForSnapshot() {
    RunningJob handle = run.handle();
    if (changeover != null
        || request != Request.NONE
        || status() != JobStatus.RUNNING
        || handle == null) {
      throw notNow("a savepoint needs a job that is RUNNING");
    }
    return handle;
  }

  private FluxCoreException notNow(String remedy) {
    return FluxCoreException.conflict(
        "FLX-JOB-0008",
        Place.of("job"),
        describe() + " is " + status() + (changeover == null ? "" : ", on its way to another run"),
        remedy);
  }

  // --- What is asked of it ----------------------------------------------------------------------

  /** The job is to end; whom to tell, or null. */
  synchronized @Nullable Target endAs(Request wanted, JobEvent event) {
    if (!record(event)) {
      return null;
    }
    request = wanted;
    boolean isBeingStopped = changeover != null && !isOnTrial(run);
    return new Target(run, wanted == Request.STOP && isBeingStopped ? null : run.handle());
  }

  /**
   * The job is to be stopped with its state.
   *
   * @throws FluxCoreException of category STATE_CONFLICT if it cannot be suspended now
   */
  synchronized Target suspend() {
    if (changeover != null
        || request != Request.NONE
        || !record(new JobEvent.Suspending(time.instant()))) {
      throw notNow("it can be suspended while it runs");
    }
    request = Request.SUSPEND;
    return new Target(run, run.handle());
  }

  /** The server ends: the job's run is to end with its state. Whom to tell, or null. */
  synchronized @Nullable Target release() {
    if (request != Request.NONE || status().isTerminal()) {
      return null; // what was asked for is done, as far as there is time
    }
    request = Request.RELEASE;
    return new Target(run, changeover == null ? run.handle() : null);
  }

  /** Another server has the job, or will. Whose run is to end at once; null when it was before. */
  synchronized @Nullable Target cutOff() {
    history.lost();
    if (isCutOff) {
      return null;
    }
    isCutOff = true;
    return new Target(run, run.handle());
  }

  /** Whoever waits for the job need not any more, since it is not this server's. */
  void cutOffTold() {
    taps.end();
    settled.complete(null);
    end.complete(status());
    suspended.completeExceptionally(new CancellationException());
  }

  /**
   * A run is over that was stopped with its state, and the job's life was to go on.
   *
   * @return the run to be started from that state, since it could not be had whole: better to go on
   *     than to lose what came since the last checkpoint. Null where there is nothing to do
   */
  synchronized @Nullable JobRun stoppedWithState(JobRun ended, RunningJob handle, JobEnd how) {
    if (run != ended || history.isLost() || status().isTerminal()) {
      return null;
    }
    if (!request.isParting() || how.kind() == JobEnd.Kind.FINISHED) {
      over(how);
      return null;
    }
    if (request == Request.RELEASE) {
      part(new JobEvent.Released(time.instant(), server));
      return null;
    }
    if (how.kind() != JobEnd.Kind.FAILED) {
      part(new JobEvent.Suspended(time.instant()));
      suspended.complete(null);
      return null;
    }
    request = Request.NONE;
    before = handle.metrics().after(before);
    record(new JobEvent.Restarting(time.instant(), Duration.ZERO));
    record(new JobEvent.Starting(time.instant()));
    run = new JobRun(this, version, false, breaker);
    return run;
  }

  // --- Its way to another run -------------------------------------------------------------------

  /**
   * A changeover begins; the run that is to be stopped for it.
   *
   * @throws FluxCoreException of category STATE_CONFLICT if that cannot be now
   */
  synchronized Target begin(Changeover started) {
    if (changeover != null
        || request != Request.NONE
        || !record(started.beginning(time.instant()))) {
      throw notNow("try it again when it is running");
    }
    changeover = started;
    return new Target(run, run.handle());
  }

  /** The run that was stopped for a changeover is over; what may be tried out, or null. */
  synchronized @Nullable Trial stoppedForChange(
      JobRun old, RunningJob ended, JobEnd how, JobMetrics counted) {
    Changeover current = changeover;
    if (current == null || run != old) {
      return null;
    }
    before = counted.after(before);
    current.state(ended.lastSnapshot().orElse(null));
    if (request == Request.CANCEL || how.kind() == JobEnd.Kind.CANCELLED) {
      abandon(current, how);
      return null;
    }
    if (request == Request.RELEASE) {
      leaveFor(current);
      return null;
    }
    if (how.kind() == JobEnd.Kind.FAILED) {
      current.failed(failureOf("", reason(how)));
    }
    run = new JobRun(this, current.to(), true, breaker);
    return new Trial(current, run);
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

  private boolean isOnTrial(JobRun one) {
    return changeover != null && one == run && one.isTrial();
  }

  /** A run is over; the changeover that has failed with it if it was still on trial, else null. */
  synchronized @Nullable Changeover trialEnded(JobRun trial, RunningJob ended, JobEnd how) {
    Changeover current = changeover;
    if (current == null || !isOnTrial(trial)) {
      return null;
    }
    if (request == Request.CANCEL) {
      before = ended.metrics().after(before);
      abandon(current, how);
      return null;
    }
    current.failed(failureOf("", reason(how)));
    return current;
  }

  /** The next run runs: it is the job's now. */
  private void succeeded(Changeover current) {
    JobVersion to = current.to();
    JobEvent change = current.change(time.instant());
    if (change != null) {
      history.change(to.config(), StoredTopology.of(to.topology(), text), change);
    }
    version = to;
    changeover = null;
    current.outcome().complete(null);
  }

  /** A changeover has failed; the run of the old version that is to go on with its state. */
  synchronized JobRun goBack(Changeover current, JobFailure reason) {
    record(current.failing(time.instant(), reason));
    record(new JobEvent.Starting(time.instant()));
    version.declare(taps);
    run = new JobRun(this, version, false, breaker);
    changeover = null;
    return run;
  }

  // --- What its runs tell -----------------------------------------------------------------------

  /** Whether the job's life is told by this run now. */
  private boolean tells(JobRun one) {
    return run == one && changeover == null;
  }

  /** Something happened to a run; whether the job's life is told by it. */
  synchronized boolean tell(JobRun from, JobEvent event) {
    boolean tells = tells(from);
    if (tells) {
      record(event);
    }
    return tells;
  }

  /** The same of what the run that holds the state for a changeover tells too. */
  synchronized void tellOfState(JobRun from, JobEvent event) {
    if (run == from) {
      record(event);
    }
  }

  /** All subtasks of a run run; with that a changeover has succeeded. */
  void runs(JobRun one) {
    synchronized (this) {
      Changeover current = changeover;
      if (current != null && isOnTrial(one) && current.failure() == null) {
        succeeded(current);
      }
      tell(one, new JobEvent.Started(time.instant()));
    }
    settled.complete(null);
  }

  /** A run has failed; what is to be cancelled, since it was still on trial; else null. */
  @Nullable RunningJob failed(JobRun one, String operatorId, Throwable failure) {
    RunningJob doomed = null;
    synchronized (this) {
      Changeover current = changeover;
      if (current != null && isOnTrial(one)) {
        current.failed(failureOf(operatorId, failure));
        doomed = one.handle();
      }
      tell(one, new JobEvent.Failed(time.instant(), failureOf(operatorId, failure)));
    }
    settled.complete(null);
    return doomed;
  }

  /** A run is over. */
  synchronized void ended(JobRun one, JobEnd how) {
    if (tells(one) && !request.isParting() && !history.isLost()) {
      over(how);
    }
  }

  static Throwable reason(JobEnd how) {
    return how.failure() == null ? new IllegalStateException("it failed") : how.failure();
  }

  static JobFailure failureOf(String operatorId, Throwable failure) {
    String code = failure instanceof FluxCoreException known ? known.code() : "FLX-JOB-0007";
    String message = failure.getMessage();
    return new JobFailure(
        operatorId,
        code,
        failure instanceof FluxCoreException && message != null ? message : failure.toString());
  }

  // --- Its end here -----------------------------------------------------------------------------

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
    leave();
    suspended.completeExceptionally(new CancellationException());
  }

  /** The server has the job no longer, and its life goes on. */
  private void part(JobEvent event) {
    record(event);
    leave();
  }

  private void leave() {
    taps.end();
    settled.complete(null);
    end.complete(status());
    parted.complete(null);
  }
}
