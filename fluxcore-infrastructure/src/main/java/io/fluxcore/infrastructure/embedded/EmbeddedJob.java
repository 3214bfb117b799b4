package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.SnapshotRequest;
import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobListener;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobProgress;
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.application.runtime.ReplayOutcome;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.state.FrozenOperator;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.SnapshotErrors;
import io.fluxcore.infrastructure.embedded.task.SourceTask;
import io.fluxcore.infrastructure.embedded.task.Task;
import io.fluxcore.infrastructure.embedded.task.TaskEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A job on threads of this process. One thread of its own decides everything here ({@link
 * JobThread}). It makes attempts until one ends well, the job is cancelled, or the restart strategy
 * gives up.
 *
 * <p>An attempt starts from the last complete checkpoint, or from what the job was given to start
 * with where there is none. Where that turns out to be damaged, it starts from the one before.
 */
public final class EmbeddedJob implements RunningJob {
  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long BREAKER_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final JobSetting setting;
  private final JobConfig config;
  private final JobListener listener;
  private final JobThread thread;
  private final SnapshotWriters writers;
  private final CompletableFuture<JobEnd> end = new CompletableFuture<>();
  private final MetricsReader metrics;
  private final StateQueries queries;

  // What follows belongs to the job's thread.
  private final Ending ending = new Ending();
  private final CheckpointCoordinator checkpoints;
  private final SplitDiscovery discovery;
  private final BreakerWatch breaker;
  private @Nullable Attempt attempt;

  /** Whether the attempt has a snapshot to restore, and not done so yet. */
  private boolean restoring;

  private @Nullable Throwable failure;
  private String failedOperator = "";

  EmbeddedJob(JobSetting setting, JobListener listener, @Nullable JobSnapshot from) {
    this.setting = setting;
    this.config = setting.config();
    this.listener = new ShieldedListener(config.name(), listener);
    this.thread = new JobThread(config.name(), this::run);
    this.writers = new SnapshotWriters(config.name());
    this.metrics = new MetricsReader(setting);
    this.queries = new StateQueries(setting.plan(), config.maxParallelism());
    this.discovery = new SplitDiscovery(setting, thread);
    this.breaker = new BreakerWatch(setting, metrics, this.listener);
    this.checkpoints =
        new CheckpointCoordinator(
            setting,
            writers,
            thread,
            ending,
            metrics,
            this.listener,
            cause -> failure = cause,
            from);
  }

  void start() {
    thread.start();
  }

  // --- RunningJob -------------------------------------------------------------------------------

  @Override
  public void cancel() {
    thread.cancel();
  }

  @Override
  public void stop(boolean drain) {
    thread.post(
        () -> {
          if (ending.stop(drain) && drain) {
            drain();
          }
        });
  }

  @Override
  public CompletableFuture<CheckpointEntry> snapshot(SnapshotRequest request) {
    CompletableFuture<CheckpointEntry> result = new CompletableFuture<>();
    thread.post(() -> checkpoints.request(request, result));
    if (end.isDone()) {
      result.completeExceptionally(over());
    }
    return result;
  }

  @Override
  public CompletableFuture<List<ReplayOutcome>> replay(List<DeadLetter> letters) {
    Replay replay = new Replay(letters, setting.plan(), config.maxParallelism());
    thread.post(() -> replay.give(attempt));
    if (end.isDone()) {
      replay.give(null);
    }
    return replay.outcomes();
  }

  @Override
  public JobMetrics metrics() {
    return metrics.read();
  }

  @Override
  public CompletableFuture<LiveState> queryState(String operatorId, List<?> key) {
    CompletableFuture<LiveState> answer = new CompletableFuture<>();
    thread.post(() -> ask(operatorId, key, answer));
    if (end.isDone()) {
      answer.completeExceptionally(over());
    }
    return answer;
  }

  /** On the job's thread, which alone knows of the attempt at hand. */
  private void ask(String operatorId, List<?> key, CompletableFuture<LiveState> answer) {
    Attempt current = attempt;
    try {
      var unused =
          queries
              .ask(operatorId, key, current != null && current.isOpen() ? current.tasks() : null)
              .whenComplete(
                  (state, failed) -> {
                    if (failed != null) {
                      answer.completeExceptionally(failed);
                    } else {
                      answer.complete(state);
                    }
                  });
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  @Override
  public CompletableFuture<JobEnd> end() {
    return end;
  }

  @Override
  public JobProgress progress() {
    return metrics.progress();
  }

  @Override
  public Optional<JobSnapshot> lastSnapshot() {
    return Optional.ofNullable(checkpoints.lastSnapshot());
  }

  /** Rows sent and received so far on each edge of the plan, of the attempt at hand. */
  public List<EdgeReading> edges() {
    return metrics.edges();
  }

  /**
   * What an edge says: sent = received + in flight.
   *
   * @param from number of the sending stage
   * @param to number of the receiving stage
   */
  public record EdgeReading(int from, int to, long sentRows, long receivedRows) {}

  // --- Life -------------------------------------------------------------------------------------

  private void run() {
    JobEnd how;
    try {
      how = attempts();
    } catch (Throwable e) {
      how = JobEnd.failed(e);
    }
    discovery.end();
    if (writers.end()) {
      Thread.interrupted(); // a cancel was meant for the attempt
      checkpoints.settleLast();
    }
    listener.ended(how);
    end.complete(how);
    thread.drain();
    checkpoints.refuseRequests(over());
  }

  private static IllegalStateException over() {
    return new IllegalStateException("the job is over");
  }

  private JobEnd attempts() {
    List<Instant> failures = new ArrayList<>();
    while (true) {
      Throwable cause = attempt();
      if (!thread.isCancelled() && cause != null && fallBack(cause)) {
        listener.starting();
        continue;
      }
      if (thread.isCancelled()) {
        return JobEnd.CANCELLED;
      }
      if (cause == null) {
        return ending.isStopping() ? JobEnd.STOPPED : JobEnd.FINISHED;
      }
      listener.failed(failedOperator, cause);
      failures.add(setting.clock().instant());
      Optional<Duration> delay =
          ending.isStopping() || CheckpointCoordinator.isTakenOver(cause)
              ? Optional.empty()
              : config.restartStrategy().afterFailure(failures);
      if (delay.isEmpty()) {
        return JobEnd.failed(cause);
      }
      listener.restarting(delay.get());
      pause(delay.get());
      if (thread.isCancelled()) {
        return JobEnd.CANCELLED;
      }
      if (ending.isStopping()) {
        return JobEnd.STOPPED;
      }
      metrics.restarted();
      listener.starting();
    }
  }

  /**
   * When the snapshot of an attempt turns out to be damaged while it is restored, takes the one
   * before.
   *
   * @return whether there is one
   */
  private boolean fallBack(Throwable cause) {
    if (!restoring || !isDamage(cause)) {
      return false;
    }
    try {
      return checkpoints.fallBack(String.valueOf(cause.getMessage()));
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
      return false;
    }
  }

  private static boolean isDamage(Throwable cause) {
    return cause instanceof FluxCoreException known && known.code().equals(SnapshotErrors.DAMAGED);
  }

  /** Waits for the delay, or until the job is cancelled or stopped. */
  private void pause(Duration delay) {
    long until = System.nanoTime() + delay.toNanos();
    while (!thread.isCancelled() && !ending.isStopping() && System.nanoTime() < until) {
      thread.act(until - System.nanoTime());
    }
  }

  /** One attempt; gives what failed it, or null when it came to a good end or was cancelled. */
  private @Nullable Throwable attempt() {
    failure = null;
    failedOperator = "";
    Attempt current = null;
    try {
      JobSnapshot from = checkpoints.lastSnapshot();
      restoring = from != null;
      current = new Attempt(setting, from, id -> checkpoints.format(), new Reports());
      attempt = current;
      checkpoints.attempt(current);
      long checkpoint = from == null ? 0 : from.checkpointId();
      thread.outside(() -> setting.deadLetters().restored(setting.jobId(), checkpoint));
      checkpoints.settle(from, current);
      thread.outside(current::assignSplits);
      checkpoints.begin();
      discovery.begin(current);
      metrics.attempt(current);
      breaker.begin();
      current.start();
      if (ending.isDraining()) {
        drain();
      }
      watch(current);
    } catch (Throwable e) {
      failure = e;
    } finally {
      if (current != null) {
        current.cancelAndJoin();
        metrics.attemptOver();
      }
      attempt = null;
      discovery.attemptOver();
      checkpoints.attemptOver();
    }
    return failure;
  }

  /** Runs actions until the attempt is over. */
  private void watch(Attempt current) {
    while (!thread.isCancelled() && failure == null && !checkpoints.isOver()) {
      thread.act(Math.min(longestWait(), checkpoints.nextDeadline() - System.nanoTime()));
      metrics.sample();
      if (failure == null) {
        if (current.isOpen() && !ending.isStopping()) {
          breaker.look();
        }
        checkpoints.checkpointIfDue();
        if (!ending.isStopping()) {
          discovery.discoverIfDue();
        }
      }
    }
  }

  /** A breaker looks more often, so that little is read between two looks. */
  private long longestWait() {
    return breaker.isWatching() ? BREAKER_WAIT_NANOS : LONGEST_WAIT_NANOS;
  }

  private void drain() {
    Attempt current = attempt;
    if (current != null) {
      current.sourceTasks().forEach(SourceTask::drain);
    }
  }

  // --- What tasks report ------------------------------------------------------------------------

  /** Brings reports to the job's thread; reports of an attempt that is over are dropped. */
  private final class Reports implements TaskEvents {
    private void post(Task task, Runnable action) {
      thread.post(
          () -> {
            if (isOfAttempt(task)) {
              action.run();
            }
          });
    }

    private boolean isOfAttempt(Task task) {
      Attempt current = attempt;
      return current != null && current.tasks().contains(task);
    }

    @Override
    public void opened(Task task) {
      breaker.opened(task);
      post(task, () -> taskOpened(task));
    }

    @Override
    public void arrived(Task task) {
      post(task, () -> taskArrived(task));
    }

    @Override
    public void snapshotTaken(Task task, long checkpointId, List<FrozenOperator> parts) {
      thread.post(
          () -> {
            if (isOfAttempt(task)) {
              checkpoints.part(task, checkpointId, parts);
            } else {
              parts.forEach(FrozenOperator::close);
            }
          });
    }

    @Override
    public void snapshotFailed(Task task, long checkpointId, Throwable cause) {
      post(task, () -> checkpoints.partFailed(task, checkpointId, cause));
    }

    @Override
    public void finished(Task task, List<FrozenOperator> last) {
      post(task, () -> checkpoints.finished(task, last));
    }

    @Override
    public void failed(Task task, Throwable cause) {
      post(task, () -> taskFailed(task, cause));
    }

    @Override
    public void cancelled(Task task) {}
  }

  private void taskOpened(Task task) {
    Attempt current = attempt;
    if (current != null) {
      current.opened(task);
      if (current.isOpen()) {
        restoring = false;
        metrics.running();
        listener.running();
      }
    }
  }

  private void taskArrived(Task task) {
    Attempt current = attempt;
    if (current != null && current.arrived(task)) {
      listener.arrived();
    }
  }

  private void taskFailed(Task task, Throwable cause) {
    if (failure == null) {
      failure = cause;
      failedOperator =
          task.operators().contexts().stream()
              .map(OperatorContext::operatorId)
              .collect(Collectors.joining(", "));
    }
  }
}
