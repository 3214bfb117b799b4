package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.JobCheckpoints;
import io.fluxcore.application.checkpoint.JobCheckpoints.Restorable;
import io.fluxcore.application.checkpoint.SnapshotRequest;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.state.FrozenOperator;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.infrastructure.embedded.task.Task;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot under way in an attempt, of which there is at most one. Tasks give their parts,
 * which other threads write; when all are written the snapshot is completed and registered there
 * too. A task that has finished counts with its last state. Used by the job's thread, and told by
 * the writing ones through actions of it.
 */
final class Checkpoints {
  private static final long LAST_WAIT_SECONDS = 60;

  private final JobCheckpoints store;
  private final JobConfig config;
  private final int tasks;
  private final Executor threads;
  private final Consumer<Runnable> jobThread;
  private final Listener listener;
  private final Map<Task, List<FrozenOperator>> finished = new HashMap<>();
  private @Nullable Pending pending;

  /** What tasks are to write; read by their threads. */
  private volatile SnapshotFormat format = SnapshotFormat.NATIVE;

  /** Is told of the end of the snapshot under way, on the job's thread. */
  interface Listener {
    /** It is registered; nothing is under way any more. */
    void complete(Pending pending, Restorable snapshot);

    /** It cannot be; still under way. */
    void failed(Pending pending, Throwable reason);
  }

  /** The snapshot under way. */
  static final class Pending {
    private final long id;
    private final long startedNanos;
    private final SnapshotRequest request;
    private final boolean suspends;
    private final List<CompletableFuture<CheckpointEntry>> awaited;
    private final SnapshotWriting writing;
    private final Set<Task> given = new HashSet<>();
    private final CompletableFuture<Restorable> outcome = new CompletableFuture<>();
    private int written;
    private boolean completing;

    Pending(
        long id,
        long startedNanos,
        SnapshotRequest request,
        boolean suspends,
        List<CompletableFuture<CheckpointEntry>> awaited,
        SnapshotWriting writing) {
      this.id = id;
      this.startedNanos = startedNanos;
      this.request = request;
      this.suspends = suspends;
      this.awaited = awaited;
      this.writing = writing;
    }

    long id() {
      return id;
    }

    long startedNanos() {
      return startedNanos;
    }

    SnapshotRequest request() {
      return request;
    }

    /** Whether sources read nothing behind it, so that the job may end with it. */
    boolean suspends() {
      return suspends;
    }

    /** Who waits for it. */
    List<CompletableFuture<CheckpointEntry>> awaited() {
      return awaited;
    }

    boolean hasGiven(Task task) {
      return given.contains(task);
    }

    /** Whether it is being registered, so that nobody can say any more that it is not. */
    boolean isCompleting() {
      return completing;
    }
  }

  Checkpoints(
      JobCheckpoints store,
      JobConfig config,
      int tasks,
      Executor threads,
      Consumer<Runnable> jobThread,
      Listener listener) {
    this.store = store;
    this.config = config;
    this.tasks = tasks;
    this.threads = threads;
    this.jobThread = jobThread;
    this.listener = listener;
  }

  @Nullable Pending pending() {
    return pending;
  }

  SnapshotFormat format() {
    return format;
  }

  /** Begins a snapshot; tasks that have finished have given their parts with that. */
  void start(
      long id,
      long nowNanos,
      SnapshotRequest request,
      boolean suspends,
      List<CompletableFuture<CheckpointEntry>> awaited) {
    format = request.format();
    SnapshotWriting writing = new SnapshotWriting(store.begin(request, id), threads);
    Pending started = new Pending(id, nowNanos, request, suspends, awaited, writing);
    pending = started;
    finished.forEach((task, last) -> give(started, task, last));
  }

  /** The part of a task; one that is not wanted is closed. */
  void part(Task task, long id, List<FrozenOperator> part) {
    Pending current = pending;
    if (current != null && current.id == id && !current.given.contains(task)) {
      give(current, task, part);
    } else {
      part.forEach(FrozenOperator::close);
    }
  }

  void finished(Task task, List<FrozenOperator> last) {
    finished.put(task, last);
    Pending current = pending;
    if (current != null && !current.given.contains(task)) {
      give(current, task, last);
    }
  }

  private void give(Pending to, Task task, List<FrozenOperator> part) {
    to.given.add(task);
    to.writing.write(
        part,
        new SnapshotWriting.Outcome() {
          @Override
          public void done() {
            jobThread.accept(() -> written(to));
          }

          @Override
          public void failed(Throwable reason) {
            jobThread.accept(() -> brokenOff(to, reason));
          }
        });
  }

  private void brokenOff(Pending broken, Throwable reason) {
    if (pending == broken) {
      listener.failed(broken, reason);
    }
  }

  private void written(Pending to) {
    if (pending == to && ++to.written == tasks) {
      complete(to);
    }
  }

  private void complete(Pending last) {
    last.completing = true;
    long started = last.startedNanos;
    last.writing.after(
        () -> {
          Duration duration = Duration.ofNanos(System.nanoTime() - started);
          last.outcome.complete(store.complete(last.writing.writer(), config, duration));
        },
        new SnapshotWriting.Outcome() {
          @Override
          public void done() {
            jobThread.accept(() -> registered(last));
          }

          @Override
          public void failed(Throwable reason) {
            last.outcome.completeExceptionally(reason);
            jobThread.accept(() -> brokenOff(last, reason));
          }
        });
  }

  private void registered(Pending last) {
    if (pending == last) {
      pending = null;
      last.writing.close();
      threads.execute(() -> store.retain(config.checkpoints().retained()));
      listener.complete(last, last.outcome.join());
    }
  }

  /** It takes too long: one that is being registered comes to its end soon, others have done so. */
  void interrupt() {
    Pending current = pending;
    if (current != null) {
      current.writing.interrupt();
    }
  }

  /** The snapshot under way is given up. */
  void abort() {
    Pending current = pending;
    pending = null;
    if (current != null) {
      current.writing.close();
    }
  }

  /**
   * The attempt is over. A snapshot that was being registered may have been, and is what the next
   * attempt begins with then.
   */
  @Nullable Restorable settle() {
    Pending current = pending;
    abort();
    if (current == null || !current.completing) {
      return null;
    }
    boolean interrupted = false;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LAST_WAIT_SECONDS);
    try {
      while (true) {
        try {
          return current.outcome.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException | TimeoutException e) {
          return null;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  boolean hasFinished(Task task) {
    return finished.containsKey(task);
  }

  boolean allFinished() {
    return finished.size() == tasks;
  }
}
