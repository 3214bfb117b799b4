package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.connector.Source;
import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.application.runtime.CheckpointSummary;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobListener;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobProgress;
import io.fluxcore.application.runtime.ReplayOutcome;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.infrastructure.embedded.task.SourceTask;
import io.fluxcore.infrastructure.embedded.task.Task;
import io.fluxcore.infrastructure.embedded.task.TaskEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A job on threads of this process. One thread of its own runs everything here: what tasks report
 * and users ask arrives in a queue of actions, so that no state needs a lock. It makes attempts
 * until one ends well, the job is cancelled, or the restart strategy gives up.
 *
 * <p>Checkpoints are kept in memory: an attempt starts from the last complete one, or from the
 * start where there is none.
 */
public final class EmbeddedJob implements RunningJob {
  private static final System.Logger LOG = System.getLogger(EmbeddedJob.class.getName());
  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final JobSetting setting;
  private final JobConfig config;
  private final JobListener listener;
  private final Thread thread;
  private final BlockingQueue<Runnable> actions = new LinkedBlockingQueue<>();
  private final CompletableFuture<JobEnd> end = new CompletableFuture<>();
  private final AtomicLong checkpointIds;
  private final SinkCommits commits = new SinkCommits();
  private final MetricsReader metrics;
  private final List<CompletableFuture<CheckpointSummary>> requested = new ArrayList<>();
  private final List<CompletableFuture<CheckpointSummary>> awaited = new ArrayList<>();

  private volatile boolean cancelled;
  private volatile boolean outside;
  private volatile @Nullable JobSnapshot lastSnapshot;

  // What follows belongs to the job's thread.
  private boolean stopping;
  private boolean draining;
  private boolean suspended;
  private @Nullable Attempt attempt;
  private Checkpoints checkpoints = new Checkpoints(1, 0);
  private final Set<Task> opened = new HashSet<>();
  private @Nullable Throwable failure;
  private String failedOperator = "";
  private long lastCheckpointStart;
  private long lastCheckpointEnd;
  private int failedCheckpointsInARow;
  private final Map<String, Long> nextDiscoveries = new HashMap<>();
  private @Nullable Thread discovery;

  EmbeddedJob(JobSetting setting, JobListener listener, @Nullable JobSnapshot from) {
    this.setting = setting;
    this.config = setting.config();
    this.listener = listener;
    this.lastSnapshot = from;
    this.checkpointIds = new AtomicLong(from == null ? 0 : from.checkpointId());
    this.metrics = new MetricsReader(setting);
    this.thread = new Thread(this::run, config.name() + ": job");
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  // --- RunningJob -------------------------------------------------------------------------------

  @Override
  public void cancel() {
    cancelled = true;
    actions.add(() -> {});
    if (outside) {
      thread.interrupt();
    }
  }

  @Override
  public void stop(boolean drain) {
    actions.add(() -> stopNow(drain));
  }

  @Override
  public CompletableFuture<CheckpointSummary> triggerCheckpoint() {
    CompletableFuture<CheckpointSummary> result = new CompletableFuture<>();
    actions.add(() -> requested.add(result));
    if (end.isDone()) {
      result.completeExceptionally(over());
    }
    return result;
  }

  @Override
  public CompletableFuture<List<ReplayOutcome>> replay(List<DeadLetter> letters) {
    Replay replay = new Replay(letters, setting.plan(), config.maxParallelism());
    actions.add(() -> replay.give(attempt));
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
  public CompletableFuture<JobEnd> end() {
    return end;
  }

  @Override
  public JobProgress progress() {
    return metrics.progress();
  }

  @Override
  public Optional<JobSnapshot> lastSnapshot() {
    return Optional.ofNullable(lastSnapshot);
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
    JobEnd result;
    try {
      result = attempts();
    } catch (Throwable e) {
      result = JobEnd.failed(e);
    }
    endDiscovery();
    JobEnd how = result;
    tell(l -> l.ended(how));
    end.complete(how);
    drainRequests();
  }

  private void drainRequests() {
    for (Runnable action = actions.poll(); action != null; action = actions.poll()) {
      action.run();
    }
    fail(requested, over());
    fail(awaited, over());
  }

  private static IllegalStateException over() {
    return new IllegalStateException("the job is over");
  }

  private JobEnd attempts() {
    List<Instant> failures = new ArrayList<>();
    while (true) {
      Throwable cause = attempt();
      if (cancelled) {
        return JobEnd.CANCELLED;
      }
      if (cause == null) {
        return stopping ? JobEnd.STOPPED : JobEnd.FINISHED;
      }
      String where = failedOperator;
      tell(l -> l.failed(where, cause));
      failures.add(setting.clock().instant());
      Optional<Duration> delay =
          stopping ? Optional.empty() : config.restartStrategy().afterFailure(failures);
      if (delay.isEmpty()) {
        return JobEnd.failed(cause);
      }
      tell(l -> l.restarting(delay.get()));
      pause(delay.get());
      if (cancelled) {
        return JobEnd.CANCELLED;
      }
      if (stopping) {
        return JobEnd.STOPPED;
      }
      metrics.restarted();
      tell(JobListener::starting);
    }
  }

  /** Waits for the delay, or until the job is cancelled or stopped. */
  private void pause(Duration delay) {
    long until = System.nanoTime() + delay.toNanos();
    while (!cancelled && !stopping && System.nanoTime() < until) {
      act(until - System.nanoTime());
    }
  }

  /** One attempt; gives what failed it, or null when it came to a good end or was cancelled. */
  private @Nullable Throwable attempt() {
    failure = null;
    failedOperator = "";
    opened.clear();
    Attempt current = null;
    try {
      JobSnapshot from = lastSnapshot;
      current = new Attempt(setting, from, checkpointIds::incrementAndGet, new Events());
      attempt = current;
      checkpoints = new Checkpoints(config.maxParallelism(), current.tasks().size());
      Attempt made = current;
      long checkpoint = from == null ? 0 : from.checkpointId();
      outside(() -> setting.deadLetters().restored(setting.jobId(), checkpoint));
      if (from != null) {
        commits.forget();
        outside(() -> commits.commit(from, made.sinks()));
      }
      outside(made::assignSplits);
      lastCheckpointStart = System.nanoTime();
      lastCheckpointEnd = lastCheckpointStart;
      nextDiscoveries.clear();
      metrics.attempt(current);
      current.start();
      if (draining) {
        drain();
      }
      watch();
    } catch (Throwable e) {
      failure = e;
    } finally {
      if (current != null) {
        current.cancelAndJoin();
        metrics.attemptOver();
      }
      attempt = null;
      abandonCheckpoint();
    }
    return failure;
  }

  private void abandonCheckpoint() {
    checkpoints.abort();
    fail(awaited, new IllegalStateException("the job failed or ended before the checkpoint did"));
  }

  /** Runs actions until the attempt is over. */
  private void watch() {
    while (!cancelled && failure == null && !suspended) {
      if (checkpoints.allFinished()) {
        finishAll();
        return;
      }
      act(Math.min(LONGEST_WAIT_NANOS, nextDeadline() - System.nanoTime()));
      metrics.sample();
      if (failure == null) {
        checkpointIfDue();
        discoverIfDue();
      }
    }
  }

  private void finishAll() {
    JobSnapshot last = checkpoints.last(checkpointIds.incrementAndGet());
    lastSnapshot = last;
    Attempt current = attempt;
    if (current != null) {
      outside(() -> commits.commit(last, current.sinks()));
    }
  }

  private void act(long nanos) {
    try {
      Runnable action = actions.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
      if (action != null) {
        action.run();
      }
    } catch (InterruptedException e) {
      // cancel() interrupts calls to the outside; this one came a moment late.
    }
  }

  /** Runs what touches the outside, which a cancel interrupts. */
  private void outside(Runnable call) {
    outside = true;
    try {
      if (!cancelled) {
        call.run();
      }
    } finally {
      outside = false;
      Thread.interrupted();
    }
  }

  private void tell(Consumer<JobListener> call) {
    try {
      call.accept(listener);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the listener of job " + config.name() + " failed", e);
    }
  }

  // --- Stop -------------------------------------------------------------------------------------

  private void stopNow(boolean drain) {
    if (stopping) {
      return;
    }
    stopping = true;
    if (drain) {
      draining = true;
      drain();
    }
  }

  private void drain() {
    sources().forEach(SourceTask::drain);
  }

  private List<SourceTask> sources() {
    Attempt current = attempt;
    return current == null
        ? List.of()
        : current.tasks().stream()
            .filter(SourceTask.class::isInstance)
            .map(SourceTask.class::cast)
            .toList();
  }

  // --- Checkpoints ------------------------------------------------------------------------------

  private boolean isSuspending() {
    return stopping && !draining;
  }

  private long nextDeadline() {
    Checkpoints.Pending pending = checkpoints.pending();
    if (pending != null) {
      return pending.startedNanos() + config.checkpoints().timeout().toNanos();
    }
    if (isSuspending() || !requested.isEmpty()) {
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
        lastCheckpointStart + interval.toNanos(),
        lastCheckpointEnd + config.checkpoints().minPause().toNanos());
  }

  private void checkpointIfDue() {
    Attempt current = attempt;
    if (current == null || opened.size() < current.tasks().size()) {
      return;
    }
    long now = System.nanoTime();
    Checkpoints.Pending pending = checkpoints.pending();
    if (pending != null) {
      if (now - pending.startedNanos() >= config.checkpoints().timeout().toNanos()) {
        checkpointFailed(
            pending.id(),
            "not complete after "
                + config.checkpoints().timeout()
                + ": tasks still to answer are "
                + unanswered(current, pending));
      }
      return;
    }
    List<SourceTask> running =
        sources().stream().filter(task -> !checkpoints.hasFinished(task)).toList();
    boolean periodic = config.checkpoints().interval() != null && now >= nextPeriodic();
    if (!requested.isEmpty() || isSuspending() || (periodic && !running.isEmpty())) {
      trigger(running, now);
    }
  }

  private String unanswered(Attempt current, Checkpoints.Pending pending) {
    return current.tasks().stream()
        .filter(t -> !pending.parts().containsKey(t) && !checkpoints.hasFinished(t))
        .map(Task::name)
        .collect(Collectors.joining(", "));
  }

  private void trigger(List<SourceTask> running, long now) {
    long id = checkpointIds.incrementAndGet();
    lastCheckpointStart = now;
    awaited.addAll(requested);
    requested.clear();
    checkpoints.start(id, now);
    for (SourceTask source : running) {
      if (isSuspending()) {
        source.suspendAt(id);
      }
      source.trigger(id);
    }
    completeIfDone();
  }

  private void completeIfDone() {
    Checkpoints.Pending pending = checkpoints.pending();
    JobSnapshot snapshot = checkpoints.takeComplete();
    Attempt current = attempt;
    if (snapshot == null || pending == null || current == null) {
      return;
    }
    lastSnapshot = snapshot;
    outside(() -> commits.commit(snapshot, current.sinks()));
    current.tasks().forEach(task -> task.completeCheckpoint(snapshot.checkpointId()));
    lastCheckpointEnd = System.nanoTime();
    failedCheckpointsInARow = 0;
    CheckpointSummary summary =
        new CheckpointSummary(
            snapshot.checkpointId(),
            snapshot.bytes(),
            Duration.ofNanos(lastCheckpointEnd - pending.startedNanos()));
    metrics.checkpointed(summary);
    tell(l -> l.checkpointed(summary));
    awaited.forEach(f -> f.complete(summary));
    awaited.clear();
    suspended = isSuspending();
  }

  private void checkpointFailed(long id, String reason) {
    Checkpoints.Pending pending = checkpoints.pending();
    Attempt current = attempt;
    if (pending == null || pending.id() != id || current == null) {
      return;
    }
    checkpoints.abort();
    current.tasks().forEach(task -> task.abortCheckpoint(id));
    lastCheckpointEnd = System.nanoTime();
    metrics.checkpointFailed();
    tell(l -> l.checkpointFailed(id, reason));
    FluxCoreException exception =
        new FluxCoreException(
            ErrorCategory.RESOURCE,
            Diagnostic.error(
                "FLX-RUN-0005",
                Place.of("checkpoint " + id),
                reason,
                "look for back-pressure, or raise the checkpoint timeout or the tolerated"
                    + " failures"));
    fail(awaited, exception);
    if (++failedCheckpointsInARow > config.checkpoints().toleratedFailures() || isSuspending()) {
      failure = exception;
      failedCheckpointsInARow = 0;
    }
  }

  private static void fail(List<CompletableFuture<CheckpointSummary>> futures, Exception cause) {
    futures.forEach(f -> f.completeExceptionally(cause));
    futures.clear();
  }

  // --- New splits -------------------------------------------------------------------------------

  private void discoverIfDue() {
    if (discovery != null || stopping) {
      return;
    }
    List<PlannedSource> unbounded = new ArrayList<>();
    for (PlannedStage stage : setting.plan().stages()) {
      PlannedSource source = stage.source();
      if (source != null && !source.source().isBounded() && isDiscoveryDue(source)) {
        unbounded.add(source);
      }
    }
    if (!unbounded.isEmpty()) {
      Attempt current = attempt;
      Thread finder = new Thread(() -> discover(unbounded, current), config.name() + ": splits");
      finder.setDaemon(true);
      discovery = finder;
      finder.start();
    }
  }

  private boolean isDiscoveryDue(PlannedSource source) {
    Duration interval = setting.settings().discoveryInterval();
    Duration wanted = source.source().discoveryInterval();
    if (wanted != null && wanted.compareTo(interval) < 0) {
      interval = wanted;
    }
    long now = System.nanoTime();
    // The attempt's start has asked once already.
    Long due = nextDiscoveries.putIfAbsent(source.operatorId(), now + interval.toNanos());
    if (due == null || now < due) {
      return false;
    }
    nextDiscoveries.put(source.operatorId(), now + interval.toNanos());
    return true;
  }

  private void discover(List<PlannedSource> sources, @Nullable Attempt asked) {
    for (PlannedSource source : sources) {
      try {
        List<Source.Split> found = source.source().discoverSplits();
        actions.add(() -> discovered(source.operatorId(), found, asked));
      } catch (RuntimeException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "no splits from source " + source.operatorId() + " now",
            e);
      }
    }
    actions.add(() -> discovery = null);
  }

  private void discovered(String sourceId, List<Source.Split> found, @Nullable Attempt asked) {
    Attempt current = attempt;
    if (current != null && current == asked) {
      current.discovered(sourceId, found);
    }
  }

  private void endDiscovery() {
    Thread finder = discovery;
    while (finder != null && finder.isAlive()) {
      finder.interrupt();
      try {
        finder.join(100);
      } catch (InterruptedException e) {
        // The job is ending already.
      }
    }
  }

  // --- What tasks report ------------------------------------------------------------------------

  /** Brings reports to the job's thread; reports of an attempt that is over are dropped. */
  private final class Events implements TaskEvents {
    private void post(Task task, Runnable action) {
      actions.add(
          () -> {
            Attempt current = attempt;
            if (current != null && current.tasks().contains(task)) {
              action.run();
            }
          });
    }

    @Override
    public void opened(Task task) {
      post(task, () -> taskOpened(task));
    }

    @Override
    public void snapshotTaken(Task task, long checkpointId, List<OperatorSnapshot> parts) {
      post(
          task,
          () -> {
            checkpoints.part(task, checkpointId, parts);
            completeIfDone();
          });
    }

    @Override
    public void snapshotFailed(Task task, long checkpointId, Throwable cause) {
      post(task, () -> checkpointFailed(checkpointId, task.name() + ": " + cause));
    }

    @Override
    public void finished(Task task, List<OperatorSnapshot> last) {
      post(
          task,
          () -> {
            checkpoints.finished(task, last);
            completeIfDone();
          });
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
    opened.add(task);
    if (current != null && opened.size() == current.tasks().size()) {
      metrics.running();
      tell(JobListener::running);
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
