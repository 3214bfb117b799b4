package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.CheckpointRegistry;
import io.fluxcore.application.checkpoint.JobCheckpoints;
import io.fluxcore.application.checkpoint.JobCheckpoints.Restorable;
import io.fluxcore.application.checkpoint.SnapshotRequest;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.application.runtime.CheckpointSummary;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobListener;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobProgress;
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.application.runtime.ReplayOutcome;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.ErrorBreaker;
import io.fluxcore.domain.job.ErrorRate;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.state.FrozenOperator;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.infrastructure.embedded.task.SourceTask;
import io.fluxcore.infrastructure.embedded.task.Task;
import io.fluxcore.infrastructure.embedded.task.TaskEvents;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
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
 * <p>An attempt starts from the last complete checkpoint, or from what the job was given to start
 * with where there is none. Where that turns out to be damaged, it starts from the one before.
 */
public final class EmbeddedJob implements RunningJob {
  private static final System.Logger LOG = System.getLogger(EmbeddedJob.class.getName());

  /** Threads that write snapshots at a time. */
  private static final int WRITERS = 2;

  private static final long WRITER_IDLE_SECONDS = 10;
  private static final long WRITER_END_SECONDS = 10;

  /** What a job is left with when it is over. */
  private static final SnapshotRequest LAST =
      new SnapshotRequest(null, "", SnapshotFormat.CANONICAL, false);

  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long BREAKER_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final JobSetting setting;
  private final JobConfig config;
  private final JobListener listener;
  private final Thread thread;
  private final BlockingQueue<Runnable> actions = new LinkedBlockingQueue<>();
  private final CompletableFuture<JobEnd> end = new CompletableFuture<>();
  private final JobCheckpoints store;
  private final ThreadPoolExecutor writers;
  private final SinkCommits commits = new SinkCommits();

  /** What the tasks of the attempt had counted when they were restored, before any row. */
  private final AtomicLong rowsBefore = new AtomicLong();

  private final AtomicLong failedBefore = new AtomicLong();
  private final MetricsReader metrics;
  private final StateQueries queries;
  private final Deque<Request> requested = new ArrayDeque<>();

  private volatile boolean cancelled;
  private volatile boolean outside;
  private volatile @Nullable JobSnapshot lastSnapshot;

  // What follows belongs to the job's thread.
  private @Nullable ErrorRate errorRate;
  private boolean errorRateBegun;
  private boolean stopping;
  private boolean draining;
  private boolean suspended;

  /** Whether the attempt has a snapshot to restore, and not done so yet. */
  private boolean restoring;

  private @Nullable Attempt attempt;
  private Checkpoints checkpoints;
  private final Set<Task> opened = new HashSet<>();
  private @Nullable Throwable failure;
  private String failedOperator = "";
  private long lastCheckpointStart;
  private long lastCheckpointEnd;
  private int failedCheckpointsInARow;
  private final Map<String, Long> nextDiscoveries = new HashMap<>();
  private @Nullable Thread discovery;

  /** Whether the snapshot under way is the last one, of the tasks' last states. */
  private boolean finishing;

  /** Whether all input was processed and the last snapshot is complete. */
  private boolean finished;

  /** A snapshot that somebody waits for. */
  private record Request(SnapshotRequest what, CompletableFuture<CheckpointEntry> result) {}

  EmbeddedJob(JobSetting setting, JobListener listener, @Nullable JobSnapshot from) {
    this.setting = setting;
    this.config = setting.config();
    this.listener = listener;
    this.lastSnapshot = from;
    this.store = setting.checkpoints();
    this.writers = writers(config.name());
    this.checkpoints = checkpoints(0);
    this.metrics = new MetricsReader(setting);
    this.queries = new StateQueries(setting.plan(), config.maxParallelism());
    this.thread = new Thread(this::run, config.name() + ": job");
    this.thread.setDaemon(true);
  }

  private static ThreadPoolExecutor writers(String job) {
    ThreadPoolExecutor writers =
        new ThreadPoolExecutor(
            WRITERS,
            WRITERS,
            WRITER_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread writer = new Thread(work, job + ": snapshots");
              writer.setDaemon(true);
              return writer;
            });
    writers.allowCoreThreadTimeOut(true);
    return writers;
  }

  private Checkpoints checkpoints(int tasks) {
    return new Checkpoints(store, config, tasks, writers, actions::add, new SnapshotEnds());
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
  public CompletableFuture<CheckpointEntry> snapshot(SnapshotRequest request) {
    CompletableFuture<CheckpointEntry> result = new CompletableFuture<>();
    actions.add(() -> requested.add(new Request(request, result)));
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
  public CompletableFuture<LiveState> queryState(String operatorId, List<?> key) {
    CompletableFuture<LiveState> answer = new CompletableFuture<>();
    actions.add(() -> ask(operatorId, key, answer));
    if (end.isDone()) {
      answer.completeExceptionally(over());
    }
    return answer;
  }

  /** On the job's thread, which alone knows of the attempt at hand. */
  private void ask(String operatorId, List<?> key, CompletableFuture<LiveState> answer) {
    Attempt current = attempt;
    boolean isOpen = current != null && opened.size() == current.tasks().size();
    try {
      var unused =
          queries
              .ask(operatorId, key, isOpen && current != null ? current.tasks() : null)
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
    endWriters();
    JobEnd how = result;
    tell(l -> l.ended(how));
    end.complete(how);
    drainRequests();
  }

  private void drainRequests() {
    for (Runnable action = actions.poll(); action != null; action = actions.poll()) {
      action.run();
    }
    requested.forEach(request -> request.result().completeExceptionally(over()));
    requested.clear();
  }

  /** Lets the writers finish what they are at, which is little: clearing away. */
  private void endWriters() {
    writers.shutdown();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = writers.awaitTermination(WRITER_END_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
          LOG.log(
              System.Logger.Level.WARNING,
              "threads of job {0} still write to the checkpoint store",
              config.name());
          ended = true;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static IllegalStateException over() {
    return new IllegalStateException("the job is over");
  }

  private JobEnd attempts() {
    List<Instant> failures = new ArrayList<>();
    while (true) {
      Throwable cause = attempt();
      if (!cancelled && cause != null && fallBack(cause)) {
        tell(JobListener::starting);
        continue;
      }
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
          stopping || isTakenOver(cause)
              ? Optional.empty()
              : config.restartStrategy().afterFailure(failures);
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

  private static boolean isTakenOver(Throwable cause) {
    return cause instanceof FluxCoreException known
        && known.code().equals(CheckpointRegistry.STALE_OWNER);
  }

  /**
   * When the snapshot of an attempt turns out to be damaged while it is restored, takes the one
   * before.
   *
   * @return whether there is one
   */
  private boolean fallBack(Throwable cause) {
    JobSnapshot broken = lastSnapshot;
    if (broken == null || !restoring || !isDamage(cause)) {
      return false;
    }
    String reason = String.valueOf(cause.getMessage());
    try {
      Optional<Restorable> before =
          store.before(broken.checkpointId(), (entry, why) -> skipped(entry.checkpointId(), why));
      before.ifPresent(
          restorable -> {
            lastSnapshot = restorable.snapshot();
            skipped(
                broken.checkpointId(),
                reason + "; checkpoint " + restorable.entry().checkpointId() + " is used");
          });
      return before.isPresent();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
      return false;
    }
  }

  private static boolean isDamage(Throwable cause) {
    return cause instanceof FluxCoreException known && known.code().equals("FLX-STATE-0001");
  }

  private void skipped(long checkpointId, String reason) {
    LOG.log(
        System.Logger.Level.WARNING,
        "checkpoint {0} of job {1} cannot be restored: {2}",
        Long.toString(checkpointId),
        config.name(),
        reason);
    tell(l -> l.checkpointFailed(checkpointId, "cannot be restored: " + reason));
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
    finishing = false;
    finished = false;
    Attempt current = null;
    try {
      JobSnapshot from = lastSnapshot;
      restoring = from != null;
      current = new Attempt(setting, from, id -> checkpoints.format(), new Events());
      attempt = current;
      checkpoints = checkpoints(current.tasks().size());
      Attempt made = current;
      long checkpoint = from == null ? 0 : from.checkpointId();
      outside(() -> setting.deadLetters().restored(setting.jobId(), checkpoint));
      if (from != null) {
        commits.forget();
        outside(() -> commits.commit(from, made.sinks(), store));
      }
      outside(made::assignSplits);
      lastCheckpointStart = System.nanoTime();
      lastCheckpointEnd = lastCheckpointStart;
      nextDiscoveries.clear();
      metrics.attempt(current);
      ErrorBreaker breaker = config.errorBreaker();
      errorRate = breaker == null ? null : new ErrorRate(breaker);
      errorRateBegun = false;
      rowsBefore.set(0);
      failedBefore.set(0);
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

  /** A breaker looks more often, so that little is read between two looks. */
  private long longestWait() {
    return errorRate == null ? LONGEST_WAIT_NANOS : BREAKER_WAIT_NANOS;
  }

  /** Runs actions until the attempt is over. */
  private void watch() {
    while (!cancelled && failure == null && !suspended && !finished) {
      act(Math.min(longestWait(), nextDeadline() - System.nanoTime()));
      metrics.sample();
      if (failure == null) {
        breakIfDue();
        checkpointIfDue();
        discoverIfDue();
      }
    }
  }

  /** Tells once when too much fails. */
  private void breakIfDue() {
    ErrorRate rate = errorRate;
    Attempt current = attempt;
    if (rate != null && current != null && opened.size() == current.tasks().size() && !stopping) {
      MetricsReader.Totals totals = metrics.totals();
      if (!errorRateBegun) {
        errorRateBegun = true;
        rate.observe(setting.clock().millis(), rowsBefore.get(), failedBefore.get());
      }
      Optional<String> reason =
          rate.observe(setting.clock().millis(), totals.rowsRead(), totals.failed());
      if (reason.isPresent()) {
        errorRate = null;
        tell(l -> l.breakerTripped(reason.get()));
      }
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
      return pending.isCompleting()
          ? System.nanoTime() + LONGEST_WAIT_NANOS
          : pending.startedNanos() + config.checkpoints().timeout().toNanos();
    }
    if (isSuspending() || !requested.isEmpty() || checkpoints.allFinished()) {
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
        tooLate(current, pending);
      }
      return;
    }
    List<SourceTask> running =
        sources().stream().filter(task -> !checkpoints.hasFinished(task)).toList();
    boolean periodic = config.checkpoints().interval() != null && now >= nextPeriodic();
    boolean last = checkpoints.allFinished();
    if (!requested.isEmpty() || isSuspending() || last || (periodic && !running.isEmpty())) {
      finishing = last && requested.isEmpty();
      trigger(running, now);
    }
  }

  private void tooLate(Attempt current, Checkpoints.Pending pending) {
    if (pending.isCompleting()) {
      checkpoints.interrupt();
    } else {
      checkpointFailed(
          pending,
          "not complete after "
              + config.checkpoints().timeout()
              + ": tasks still to answer are "
              + unanswered(current, pending));
    }
  }

  private String unanswered(Attempt current, Checkpoints.Pending pending) {
    String names =
        current.tasks().stream()
            .filter(t -> !pending.hasGiven(t))
            .map(Task::name)
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "none, but not everything is written" : names;
  }

  private void trigger(List<SourceTask> running, long now) {
    long id = store.nextId();
    lastCheckpointStart = now;
    List<CompletableFuture<CheckpointEntry>> awaited = new ArrayList<>();
    SnapshotRequest what = next(awaited);
    checkpoints.start(id, now, what, List.copyOf(awaited));
    for (SourceTask source : running) {
      if (isSuspending() || what.stop()) {
        source.suspendAt(id);
      }
      source.trigger(id);
    }
  }

  /** What is to be made now, and who waits for it. */
  private SnapshotRequest next(List<CompletableFuture<CheckpointEntry>> awaited) {
    Request first = requested.poll();
    if (first == null) {
      return isSuspending() || finishing ? LAST : SnapshotRequest.CHECKPOINT;
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
    return isSuspending() ? LAST : first.what();
  }

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
        outside(() -> commits.commit(restorable.snapshot(), current.sinks(), store));
      } catch (RuntimeException e) {
        fail(pending, e);
        throw e;
      }
      current.tasks().forEach(task -> task.completeCheckpoint(pending.id()));
      completed(pending, restorable.entry());
      boolean stop = isSuspending() || pending.request().stop();
      stopping |= stop;
      suspended = stop;
      finished = finishing;
    }

    @Override
    public void failed(Checkpoints.Pending pending, Throwable reason) {
      if (reason instanceof FluxCoreException known && isTakenOver(known)) {
        failure = known;
        checkpoints.abort();
        fail(pending, known);
      } else {
        checkpointFailed(pending, message(reason));
      }
    }
  }

  private static String message(Throwable reason) {
    return reason instanceof IOException && reason.getMessage() != null
        ? reason.getMessage()
        : reason.toString();
  }

  /** A snapshot is registered, and its sinks have committed or will at the next start. */
  private void completed(Checkpoints.Pending pending, CheckpointEntry entry) {
    lastCheckpointEnd = System.nanoTime();
    failedCheckpointsInARow = 0;
    CheckpointSummary summary =
        new CheckpointSummary(entry.checkpointId(), entry.bytes(), entry.duration());
    if (!finishing) { // the last one is a part of the job's end
      metrics.checkpointed(summary);
      tell(l -> l.checkpointed(summary));
    }
    pending.awaited().forEach(f -> f.complete(entry));
  }

  private void checkpointFailed(Checkpoints.Pending pending, String reason) {
    Attempt current = attempt;
    if (checkpoints.pending() != pending || current == null) {
      return;
    }
    checkpoints.abort();
    current.tasks().forEach(task -> task.abortCheckpoint(pending.id()));
    lastCheckpointEnd = System.nanoTime();
    metrics.checkpointFailed();
    tell(l -> l.checkpointFailed(pending.id(), reason));
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
    if (isSuspending()
        || (!asked && ++failedCheckpointsInARow > config.checkpoints().toleratedFailures())) {
      failure = exception;
      failedCheckpointsInARow = 0;
    }
  }

  private static void fail(Checkpoints.Pending pending, Exception cause) {
    pending.awaited().forEach(f -> f.completeExceptionally(cause));
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
      if (task instanceof SourceTask source) {
        rowsBefore.addAndGet(source.ledger().counts().rowsIn());
        failedBefore.addAndGet(source.ledger().counts().failed());
      }
      for (OperatorContext context : task.operators().contexts()) {
        failedBefore.addAndGet(context.ledger().counts().failed());
      }
      post(task, () -> taskOpened(task));
    }

    @Override
    public void snapshotTaken(Task task, long checkpointId, List<FrozenOperator> parts) {
      actions.add(
          () -> {
            Attempt current = attempt;
            if (current != null && current.tasks().contains(task)) {
              checkpoints.part(task, checkpointId, parts);
            } else {
              parts.forEach(FrozenOperator::close);
            }
          });
    }

    @Override
    public void snapshotFailed(Task task, long checkpointId, Throwable cause) {
      post(
          task,
          () -> {
            Checkpoints.Pending pending = checkpoints.pending();
            if (pending != null && pending.id() == checkpointId) {
              checkpointFailed(pending, task.name() + ": " + cause);
            }
          });
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
    opened.add(task);
    if (current != null && opened.size() == current.tasks().size()) {
      restoring = false;
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
