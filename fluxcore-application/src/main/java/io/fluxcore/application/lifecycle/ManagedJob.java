package io.fluxcore.application.lifecycle;

import io.fluxcore.application.JobDetail;
import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.JobCheckpoints;
import io.fluxcore.application.checkpoint.SnapshotRequest;
import io.fluxcore.application.diagnosis.JobReading;
import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.job.JobText;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.application.results.SubscribeOptions;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobRuntime;
import io.fluxcore.application.runtime.JobStart;
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.state.JobSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
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
 * A job that this server has: has its runs started and ended as users ask, while {@link JobLife}
 * keeps account of where it is. Thread-safe; calls to the runtime are made without the lock of the
 * job's life.
 *
 * <p>The runtime runs one version of the job at a time; {@link ChangeoverSteps} bring it from one
 * run to the next.
 *
 * <p>The server has the job until {@link #parted}: it is over, or suspended, or released at the end
 * of the server, or another server has taken it on.
 */
public final class ManagedJob {
  private static final System.Logger LOG = System.getLogger(ManagedJob.class.getName());

  private final JobLife life;
  private final JobRuntime runtime;
  private final JobCheckpoints checkpoints;
  private final ChangeoverSteps changeovers;
  private final JobReadings readings;
  private volatile Consumer<JobEvent.AlertRaised> alerted = alert -> {};

  /**
   * A job that nothing runs of yet.
   *
   * @param checkpoints of the job, which this server owns
   * @param server name of this server
   */
  public ManagedJob(
      JobHistory history,
      JobVersion version,
      JobRuntime runtime,
      JobText text,
      JobCheckpoints checkpoints,
      InstantSource time,
      String server) {
    this.life = new JobLife(history, version, text, time, server, this::suspendFor);
    this.runtime = runtime;
    this.checkpoints = checkpoints;
    this.changeovers = new ChangeoverSteps(life, this::launch, new OwnCheckpoints());
    this.readings = new JobReadings(life);
  }

  /** Has somebody told of the job's alerts. */
  public void onAlert(Consumer<JobEvent.AlertRaised> listener) {
    alerted = listener;
  }

  public JobId id() {
    return life.id();
  }

  /** With which this server has the job. */
  public long token() {
    return life.token();
  }

  /** How the job is configured now. */
  public JobConfig config() {
    return life.config();
  }

  /** What runs, or did last. */
  public JobVersion version() {
    return life.version();
  }

  public JobStatus status() {
    return life.status();
  }

  /** Completes when the job has run for the first time since this server has it, or failed to. */
  public CompletableFuture<Void> settled() {
    return life.settled();
  }

  /** Completes when this server has the job no longer, and nothing runs any more. */
  public CompletableFuture<Void> parted() {
    return life.parted();
  }

  // --- Start ------------------------------------------------------------------------------------

  /** The job can be stopped and cancelled from here on. */
  public void prepare() {
    life.record(new JobEvent.Starting(life.now()));
  }

  /**
   * Starts it from nothing.
   *
   * @throws FluxCoreException if the runtime cannot run it; the job has failed then
   */
  public void start() {
    start(null);
  }

  private void start(@Nullable JobSnapshot from) {
    JobRun first = life.run();
    try {
      launch(first, from);
    } catch (RuntimeException e) {
      first.failed("", e);
      first.ended(JobEnd.failed(e));
      throw e;
    }
  }

  /**
   * Starts from what it is to begin with, which is this job's first restart point.
   *
   * @throws FluxCoreException if that cannot be, or the runtime cannot run it; the job has failed
   *     then
   */
  public void startFrom(Beginning beginning) {
    JobSnapshot state;
    try {
      state = adopt(beginning, config());
    } catch (FluxCoreException e) {
      JobRun first = life.run();
      first.failed("", e);
      first.ended(JobEnd.failed(e));
      throw e;
    }
    start(state);
  }

  /** Beginnings among the restart points of this job. */
  private final class OwnCheckpoints implements ChangeoverSteps.Adoption {
    @Override
    public JobSnapshot adopt(Beginning beginning, JobConfig config) {
      return ManagedJob.this.adopt(beginning, config);
    }

    @Override
    public void giveUp(JobSnapshot adopted) {
      checkpoints.giveUp(adopted.checkpointId());
    }
  }

  /** Makes a beginning a restart point of this job. */
  private JobSnapshot adopt(Beginning beginning, JobConfig config) {
    try {
      JobSnapshot state = beginning.maker().make(checkpoints, config);
      life.record(new JobEvent.BeginningWith(life.now(), beginning.from()));
      return state;
    } catch (FluxCoreException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new FluxCoreException(
          ErrorCategory.EXTERNAL,
          List.of(
              Diagnostic.error(
                  "FLX-CKPT-0012",
                  Place.of("job"),
                  "the snapshot cannot be copied for " + life.describe() + ": " + e.getMessage(),
                  "look after the checkpoint store, or use another savepoint")),
          e);
    }
  }

  /**
   * Makes a snapshot of the running job.
   *
   * @throws FluxCoreException of category STATE_CONFLICT if it does not run
   */
  public CompletableFuture<CheckpointEntry> snapshot(SnapshotRequest wanted) {
    return life.runForSnapshot().snapshot(wanted);
  }

  /**
   * Goes on with a job that ran before; what this server was asked then holds.
   *
   * @param events that lead there; those that do not fit are left out
   * @param from its state; null where it has none
   */
  public void goOn(List<JobEvent> events, @Nullable JobSnapshot from) {
    life.goOn(events);
    start(from);
  }

  /** Has the runtime start a run, and passes on what was asked of it in the meantime. */
  private void launch(JobRun next, @Nullable JobSnapshot from) {
    RunningJob started =
        runtime.start(
            new JobStart(
                next.version().plan(),
                id(),
                next.version().config(),
                next,
                from,
                checkpoints,
                life.taps()));
    JobLife.Missed missed = life.started(next, started);
    Changeover toStopFor = missed.changeover();
    if (toStopFor != null) {
      changeovers.stop(toStopFor, next, started);
    } else {
      pass(missed.request(), next, started);
    }
  }

  // --- What users ask ---------------------------------------------------------------------------

  /** Ends it at once. Without effect when it is over or being cancelled. */
  public void cancel() {
    tell(
        JobLife.Request.CANCEL,
        life.endAs(JobLife.Request.CANCEL, new JobEvent.Cancelling(life.now())));
  }

  /** Ends it in order. Without effect when it is over or being ended. */
  public void stop() {
    tell(JobLife.Request.STOP, life.endAs(JobLife.Request.STOP, new JobEvent.Stopping(life.now())));
  }

  private void tell(JobLife.Request wanted, JobLife.@Nullable Target target) {
    RunningJob handle = target == null ? null : target.handle();
    if (target != null && handle != null) {
      pass(wanted, target.run(), handle);
    }
  }

  /**
   * Stops the job with its state.
   *
   * @return completes when it is suspended; with a {@link CancellationException} when it was ended
   *     before; exceptionally when it could not be stopped so, and goes on
   * @throws FluxCoreException of category STATE_CONFLICT if it cannot be suspended now
   */
  public CompletableFuture<Void> suspend() {
    tell(JobLife.Request.SUSPEND, life.suspend());
    return life.suspended();
  }

  /** A breaker has tripped: whoever mends the cause will not want to miss what comes. */
  private void suspendFor(JobEvent.AlertRaised alert) {
    LOG.log(
        System.Logger.Level.WARNING,
        "{0} is suspended: {1}; look at its dead letters, remove the cause and resume it",
        life.describe(),
        alert.message());
    alerted.accept(alert);
    try {
      suspend()
          .exceptionally(
              refused -> {
                LOG.log(
                    System.Logger.Level.WARNING, life.describe() + " was not suspended", refused);
                return null;
              });
    } catch (FluxCoreException e) {
      LOG.log(System.Logger.Level.WARNING, life.describe() + " cannot be suspended now", e);
    }
  }

  /** Ends the job's run with its state, since the server ends. */
  public void release() {
    tell(JobLife.Request.RELEASE, life.release());
  }

  /**
   * Ends the job's run at once, and tells nobody: another server has the job, or will.
   *
   * @return completes when nothing runs any more
   */
  public CompletableFuture<Void> cutOff() {
    JobLife.Target target = life.cutOff();
    if (target == null) {
      return parted();
    }
    RunningJob handle = target.handle();
    if (handle == null) {
      parted().complete(null);
    } else {
      handle.cancel();
      CompletableFuture<Void> unused = handle.end().thenAccept(how -> parted().complete(null));
    }
    life.cutOffTold();
    return parted();
  }

  /** Whether its run was ended because this server does not have the job any more. */
  public boolean isCutOff() {
    return life.isCutOff();
  }

  private void pass(JobLife.Request wanted, JobRun asked, RunningJob target) {
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
  private void stoppedWithState(JobRun ended, RunningJob handle, JobEnd how) {
    JobRun again = life.stoppedWithState(ended, handle, how);
    if (again == null) {
      return;
    }
    life.suspended()
        .completeExceptionally(
            FluxCoreException.conflict(
                "FLX-JOB-0016",
                Place.of("job"),
                life.describe()
                    + " cannot be stopped with its state: "
                    + JobLife.reason(how).getMessage(),
                "it goes on from its last checkpoint; remove the cause and suspend it again"));
    try {
      launch(again, handle.lastSnapshot().orElse(null));
    } catch (RuntimeException e) {
      again.failed("", e);
      again.ended(JobEnd.failed(e));
    }
  }

  /**
   * Writes down what the store has not taken yet.
   *
   * @return whether this server still has the job, as far as it has been told
   */
  public boolean flush() {
    return life.flush();
  }

  /** Whether the store knows all that happened. */
  public boolean isWritten() {
    return life.isWritten();
  }

  // --- Changeover -------------------------------------------------------------------------------

  /** The upgrade that is under way, or null. */
  public @Nullable Changeover upgrade() {
    Changeover current = life.changeover();
    return current != null && current.isUpgrade() ? current : null;
  }

  /**
   * Begins to bring the job to another run.
   *
   * @return completes when that runs; exceptionally when the old version goes on instead
   * @throws FluxCoreException of category STATE_CONFLICT if that cannot be, or not now
   */
  public CompletableFuture<Void> changeOver(Changeover started) {
    return changeovers.begin(started);
  }

  /**
   * Waits until the job is over, suspended, or somebody else's.
   *
   * @return its status then; the one that it has when the time runs out before
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public JobStatus awaitEnd(Duration timeout) throws InterruptedException {
    try {
      return life.end().get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return status();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of a job is never exceptional", e);
    }
  }

  // --- Readings ---------------------------------------------------------------------------------

  /** What it has counted, with the checkpoints and restarts of earlier runs. */
  public JobMetrics metrics() {
    return readings.metrics();
  }

  public JobGraph graph() {
    return version().graph();
  }

  public JobDetail detail() {
    return readings.detail();
  }

  /** What a diagnosis looks at. */
  public JobReading reading() {
    return readings.reading();
  }

  /** What the runtime has started, if it has. */
  public Optional<RunningJob> runningJob() {
    return Optional.ofNullable(life.handle());
  }

  /**
   * Asks the run at hand for the state of a key, and waits for up to ten seconds.
   *
   * @throws FluxCoreException as {@link RunningJob#queryState} says; of category RESOURCE if the
   *     operator does not answer in time
   */
  public LiveState queryState(String operator, List<?> key) {
    return readings.queryState(operator, key);
  }

  /** Starts a reading of what a node emits, or a sink receives, in all runs. */
  public ResultSubscription subscribe(SubscribeOptions options) {
    return life.taps().subscribe(options);
  }
}
