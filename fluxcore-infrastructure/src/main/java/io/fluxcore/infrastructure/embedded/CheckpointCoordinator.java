package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.CheckpointRegistry;
import io.fluxcore.application.checkpoint.JobCheckpoints;
import io.fluxcore.application.checkpoint.JobCheckpoints.Restorable;
import io.fluxcore.application.checkpoint.SnapshotRequest;
import io.fluxcore.application.runtime.CheckpointSummary;
import io.fluxcore.application.runtime.JobListener;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.state.FrozenOperator;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.infrastructure.embedded.task.SourceTask;
import io.fluxcore.infrastructure.embedded.task.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a job makes a snapshot, and what follows from it: periodically, when somebody asks
 * for one, and at the job's end. What has been made is committed by the sinks and told; what fails
 * too often fails the job. Used by the job's thread, but for {@link #lastSnapshot} and {@link
 * #format}.
 */
final class CheckpointCoordinator {
  private static final System.Logger LOG = System.getLogger(CheckpointCoordinator.class.getName());

  /** What a job is left with when it is over. */
  private static final SnapshotRequest LAST =
      new SnapshotRequest(null, "", SnapshotFormat.CANONICAL, false);

  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final JobConfig config;
  private final JobCheckpoints store;
  private final Executor writers;
  private final JobThread jobThread;
  private final Ending ending;
  private final MetricsReader metrics;
  private final JobListener listener;
  private final Consumer<Throwable> jobFailed;
  private final SinkCommits commits = new SinkCommits();
  private final Deque<Request> requested = new ArrayDeque<>();
  private volatile @Nullable JobSnapshot lastSnapshot;
  private volatile Checkpoints checkpoints;
  private @Nullable Attempt attempt;
  private Map<String, SinkCommits.Committing> committing = Map.of();
  private long lastStart;
  private long lastEnd;
  private int failedInARow;

  /** Whether the snapshot under way is the last one, of the tasks' last states. */
  private boolean finishing;

  /** Whether all input was processed and the last snapshot is complete. */
  private boolean finished;

  /** Whether the job has ended with a snapshot, its input not being over. */
  private boolean suspended;

  /** A snapshot that somebody waits for. */
  private record Request(SnapshotRequest what, CompletableFuture<CheckpointEntry> result) {}

  /**
   * Of a job that has made none.
   *
   * @param jobFailed is given what fails the attempt
   * @param from what the job starts with; null for nothing
   */
  CheckpointCoordinator(
      JobSetting setting,
      Executor writers,
      JobThread jobThread,
      Ending ending,
      MetricsReader metrics,
      JobListener listener,
      Consumer<Throwable> jobFailed,
      @Nullable JobSnapshot from) {
    this.config = setting.config();
    this.store = setting.checkpoints();
    this.writers = writers;
    this.jobThread = jobThread;
    this.ending = ending;
    this.metrics = metrics;
    this.listener = listener;
    this.jobFailed = jobFailed;
    this.lastSnapshot = from;
    this.checkpoints =
        new Checkpoints(store, config, 0, writers, jobThread::post, new SnapshotEnds());
  }

  /** The last complete snapshot, which the next attempt starts from. Any thread. */
  @Nullable JobSnapshot lastSnapshot() {
    return lastSnapshot;
  }

  /** What tasks are to write. Any thread. */
  SnapshotFormat format() {
    return checkpoints.format();
  }

  // --- Attempts ---------------------------------------------------------------------------------

  /** An attempt was made. */
  void attempt(Attempt made) {
    attempt = made;
    finishing = false;
    finished = false;
    checkpoints =
        new Checkpoints(
            store, config, made.tasks().size(), writers, jobThread::post, new SnapshotEnds());
  }

  /**
   * Before the attempt's writers are made: what it starts from is registered, and its sinks may not
   * have committed it.
   *
   * @param from null for nothing
   */
  void settle(@Nullable JobSnapshot from, Attempt made) {
    committing = made.committing();
    jobThread.outside(() -> commits.settle(from, made.committing(), store));
  }

  /**
   * No writer is open any more, and no snapshot is written: what the last one holds is committed,
   * if that did not come to pass, and what it does not know is taken back. If it cannot be done
   * now, it waits for whoever has the job next.
   */
  void settleLast() {
    try {
      commits.settle(lastSnapshot, committing, store);
    } catch (RuntimeException e) {
      if (!isTakenOver(e)) {
        LOG.log(
            System.Logger.Level.WARNING,
            "rows that sinks of job " + config.name() + " have prepared stay as they are",
            e);
      }
    }
  }

  /** The attempt starts now. */
  void begin() {
    lastStart = System.nanoTime();
    lastEnd = lastStart;
  }

  /** The attempt is over, and with it the snapshot under way, unless it was registered. */
  void attemptOver() {
    attempt = null;
    Checkpoints.Pending pending = checkpoints.pending();
    Restorable registered = checkpoints.settle();
    if (pending == null) {
      return;
    }
    if (registered == null) {
      fail(pending, new IllegalStateException("the job failed or ended before the checkpoint did"));
    } else {
      // What its sinks prepared is committed when the job goes on from it.
      lastSnapshot = registered.snapshot();
      completed(pending, registered.entry());
    }
  }

  /** Whether the job has ended with its last snapshot. */
  boolean isOver() {
    return suspended || finished;
  }

  /**
   * What the attempt was to start from is damaged: takes the snapshot before.
   *
   * @return whether there is one
   */
  boolean fallBack(String reason) {
    JobSnapshot broken = lastSnapshot;
    if (broken == null) {
      return false;
    }
    Restorable before =
        store
            .before(broken.checkpointId(), (entry, why) -> skipped(entry.checkpointId(), why))
            .orElse(null);
    if (before == null) {
      return false;
    }
    lastSnapshot = before.snapshot();
    skipped(
        broken.checkpointId(),
        reason + "; checkpoint " + before.entry().checkpointId() + " is used");
    return true;
  }

  private void skipped(long checkpointId, String reason) {
    LOG.log(
        System.Logger.Level.WARNING,
        "checkpoint {0} of job {1} cannot be restored: {2}",
        Long.toString(checkpointId),
        config.name(),
        reason);
    listener.checkpointFailed(checkpointId, "cannot be restored: " + reason);
  }

  // --- When -------------------------------------------------------------------------------------

  /** Makes a snapshot as soon as there is none under way. */
  void request(SnapshotRequest what, CompletableFuture<CheckpointEntry> result) {
    requested.add(new Request(what, result));
  }

  /** The job is over: what was asked for will not be made. */
  void refuseRequests(Throwable reason) {
    requested.forEach(request -> request.result().completeExceptionally(reason));
    requested.clear();
  }

  /** When there is something to do here, at the latest; as {@link System#nanoTime} tells time. */
  long nextDeadline() {
    Checkpoints.Pending pending = checkpoints.pending();
    if (pending != null) {
      return pending.isCompleting()
          ? System.nanoTime() + LONGEST_WAIT_NANOS
          : pending.startedNanos() + config.checkpoints().timeout().toNanos();
    }
    if (ending.isSuspending() || !requested.isEmpty() || checkpoints.allFinished()) {
      return System.nanoTime();
    }
    return nextPeriodic();
  }

  private long nextPeriodic() {
    Duration interval = config.checkpoints().interval();
    if (interval == null) {
      return System.nanoTime() + LONGEST_WAIT_NANOS;
    }
    return Math.max(
        lastStart + interval.toNanos(), lastEnd + config.checkpoints().minPause().toNanos());
  }

  /** Starts a snapshot if it is time for one, and gives one up that takes too long. */
  void checkpointIfDue() {
    Attempt current = attempt;
    // behind the last one there is none: sources that are about to suspend would read on
    if (current == null || !current.isOpen() || isOver()) {
      return;
    }
    long now = System.nanoTime();
    Checkpoints.Pending pending = checkpoints.pending();
    if (pending != null) {
      if (now - pending.startedNanos() >= config.checkpoints().timeout().toNanos()) {
        tooLate(current, pending);
      }
      return;
    }
    List<SourceTask> running =
        current.sourceTasks().stream().filter(task -> !checkpoints.hasFinished(task)).toList();
    boolean periodic = config.checkpoints().interval() != null && now >= nextPeriodic();
    boolean last = checkpoints.allFinished();
    if (!requested.isEmpty() || ending.isSuspending() || last || (periodic && !running.isEmpty())) {
      finishing = last && requested.isEmpty();
      trigger(running, now);
    }
  }

  private void tooLate(Attempt current, Checkpoints.Pending pending) {
    if (pending.isCompleting()) {
      checkpoints.interrupt();
    } else {
      failed(
          pending,
          "not complete after "
              + config.checkpoints().timeout()
              + ": tasks still to answer are "
              + unanswered(current, pending));
    }
  }

  private static String unanswered(Attempt current, Checkpoints.Pending pending) {
    String names =
        current.tasks().stream()
            .filter(t -> !pending.hasGiven(t))
            .map(Task::name)
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "none, but not everything is written" : names;
  }

  private void trigger(List<SourceTask> running, long now) {
    long id = store.nextId();
    lastStart = now;
    List<CompletableFuture<CheckpointEntry>> awaited = new ArrayList<>();
    SnapshotRequest what = next(awaited);
    boolean suspends = ending.isSuspending() || what.stop();
    checkpoints.start(id, now, what, suspends, List.copyOf(awaited));
    for (SourceTask source : running) {
      if (suspends) {
        source.suspendAt(id);
      }
      source.trigger(id);
    }
  }

  /** What is to be made now, and who waits for it. */
  private SnapshotRequest next(List<CompletableFuture<CheckpointEntry>> awaited) {
    Request first = requested.poll();
    if (first == null) {
      return ending.isSuspending() || finishing ? LAST : SnapshotRequest.CHECKPOINT;
    }
    awaited.add(first.result());
    if (first.what().savepoint() != null) {
      return first.what();
    }
    requested.removeIf(
        other -> {
          boolean same = other.what().equals(first.what());
          if (same) {
            awaited.add(other.result());
          }
          return same;
        });
    return ending.isSuspending() ? LAST : first.what();
  }

  // --- What tasks report ------------------------------------------------------------------------

  /** The part of a task; one that is not wanted is closed. */
  void part(Task task, long checkpointId, List<FrozenOperator> parts) {
    checkpoints.part(task, checkpointId, parts);
  }

  /** A task cannot give its part. */
  void partFailed(Task task, long checkpointId, Throwable cause) {
    Checkpoints.Pending pending = checkpoints.pending();
    if (pending != null && pending.id() == checkpointId) {
      failed(pending, task.name() + ": " + cause);
    }
  }

  /** A task is over, with its last state. */
  void finished(Task task, List<FrozenOperator> last) {
    checkpoints.finished(task, last);
  }

  // --- What becomes of it -----------------------------------------------------------------------

  /** What becomes of snapshots; on the job's thread. */
  private final class SnapshotEnds implements Checkpoints.Listener {
    @Override
    public void complete(Checkpoints.Pending pending, Restorable restorable) {
      lastSnapshot = restorable.snapshot();
      Attempt current = attempt;
      if (current == null) {
        throw new IllegalStateException("a snapshot without an attempt");
      }
      try {
        jobThread.outside(() -> commits.commit(restorable.snapshot(), current.committing(), store));
      } catch (RuntimeException e) {
        fail(pending, e);
        throw e;
      }
      current.tasks().forEach(task -> task.completeCheckpoint(pending.id()));
      completed(pending, restorable.entry());
      // one that began before the job was to end is not its last: sources have read on since
      suspended = pending.suspends();
      if (suspended) {
        ending.stop(false);
      }
      finished = finishing;
    }

    @Override
    public void failed(Checkpoints.Pending pending, Throwable reason) {
      if (reason instanceof FluxCoreException known && isTakenOver(known)) {
        jobFailed.accept(known);
        checkpoints.abort();
        fail(pending, known);
      } else {
        CheckpointCoordinator.this.failed(pending, message(reason));
      }
    }
  }

  /** Whether a job ends since another server has it. */
  static boolean isTakenOver(Throwable cause) {
    return cause instanceof FluxCoreException known
        && known.code().equals(CheckpointRegistry.STALE_OWNER);
  }

  private static String message(Throwable reason) {
    return reason instanceof IOException && reason.getMessage() != null
        ? reason.getMessage()
        : reason.toString();
  }

  /** A snapshot is registered, and its sinks have committed or will at the next start. */
  private void completed(Checkpoints.Pending pending, CheckpointEntry entry) {
    lastEnd = System.nanoTime();
    failedInARow = 0;
    CheckpointSummary summary =
        new CheckpointSummary(entry.checkpointId(), entry.bytes(), entry.duration());
    if (!finishing) { // the last one is a part of the job's end
      metrics.checkpointed(summary);
      listener.checkpointed(summary);
    }
    pending.awaited().forEach(f -> f.complete(entry));
  }

  private void failed(Checkpoints.Pending pending, String reason) {
    Attempt current = attempt;
    if (checkpoints.pending() != pending || current == null) {
      return;
    }
    checkpoints.abort();
    current.tasks().forEach(task -> task.abortCheckpoint(pending.id()));
    lastEnd = System.nanoTime();
    metrics.checkpointFailed();
    listener.checkpointFailed(pending.id(), reason);
    FluxCoreException exception =
        new FluxCoreException(
            ErrorCategory.RESOURCE,
            Diagnostic.error(
                "FLX-RUN-0005",
                Place.of("checkpoint " + pending.id()),
                reason,
                "look for back-pressure and at the checkpoint store, or raise the checkpoint"
                    + " timeout or the tolerated failures"));
    fail(pending, exception);
    boolean asked = pending.request().savepoint() != null;
    if (ending.isSuspending()
        || (!asked && ++failedInARow > config.checkpoints().toleratedFailures())) {
      jobFailed.accept(exception);
      failedInARow = 0;
    }
  }

  private static void fail(Checkpoints.Pending pending, Exception cause) {
    pending.awaited().forEach(f -> f.completeExceptionally(cause));
  }
}
