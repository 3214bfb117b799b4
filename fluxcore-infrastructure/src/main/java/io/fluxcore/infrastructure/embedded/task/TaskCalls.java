package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.domain.operator.AsyncCalls;
import io.fluxcore.domain.operator.CallTimeout;
import io.fluxcore.domain.operator.Output;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous calls of one operator of a task: a thread for each that is under way, made when
 * there is a first one. The task's thread begins those whose delay is over, ends those whose time
 * is, and takes completions; so it is woken by completions, and looks at the clock as often as it
 * ticks. A call that does not heed its interrupt keeps its thread for itself until it returns.
 */
public final class TaskCalls implements AsyncCalls {
  private static final long KEEP_ALIVE_SECONDS = 10;

  private final String name;
  private final AtomicInteger threads = new AtomicInteger();
  private final Queue<Call<?>> returned = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Call<?>> timed = new PriorityQueue<>(TaskCalls::compare);
  private final Deque<Consumer<Output>> completions = new ArrayDeque<>();
  private volatile Runnable wake = () -> {};
  private @Nullable ExecutorService pool;
  private boolean closed;

  /**
   * The calls of an operator.
   *
   * @param name of the threads
   */
  public TaskCalls(String name) {
    this.name = name;
  }

  /** As {@link System#nanoTime()} is compared, which may overflow. */
  private static int compare(Call<?> one, Call<?> other) {
    return Long.signum(one.dueNanos - other.dueNanos);
  }

  /** Who is told that a call has returned. */
  void bind(Runnable newWake) {
    wake = newWake;
  }

  /** One call, from when it is asked for until it completes. */
  private final class Call<R> {
    final Duration timeout;
    final Work<R> work;
    final Completion<R> completion;

    /** When it begins, and once it has begun, when it is over at the latest. */
    long dueNanos;

    @Nullable Future<?> running;
    boolean done;

    /** What came of it; written by its own thread before it is in {@link #returned}. */
    private @Nullable Consumer<Output> end;

    Call(Duration timeout, Work<R> work, Completion<R> completion) {
      this.timeout = timeout;
      this.work = work;
      this.completion = completion;
    }

    void run() {
      try {
        R result = work.run();
        end = out -> completion.succeeded(result, out);
      } catch (Exception e) {
        end = out -> completion.failed(e, out);
      } catch (Error e) {
        end =
            out -> {
              throw e;
            };
      }
      returned.add(this);
      wake.run();
    }

    void complete(Consumer<Output> how) {
      done = true;
      completions.add(how);
    }
  }

  @Override
  public <R> void call(Duration delay, Duration timeout, Work<R> work, Completion<R> completion) {
    if (closed) {
      throw new IllegalStateException("the calls of '" + name + "' are over");
    }
    Call<R> call = new Call<>(timeout, work, completion);
    long now = System.nanoTime();
    if (delay.isZero()) {
      begin(call, now);
    } else {
      call.dueNanos = now + delay.toNanos();
      timed.add(call);
    }
  }

  private void begin(Call<?> call, long now) {
    call.dueNanos = now + call.timeout.toNanos();
    timed.add(call);
    call.running = pool().submit(call::run);
  }

  private ExecutorService pool() {
    ExecutorService running = pool;
    if (running == null) {
      running =
          new ThreadPoolExecutor(
              0,
              Integer.MAX_VALUE,
              KEEP_ALIVE_SECONDS,
              TimeUnit.SECONDS,
              new SynchronousQueue<>(),
              this::thread);
      pool = running;
    }
    return running;
  }

  private Thread thread(Runnable work) {
    Thread thread = new Thread(work, name + " call " + threads.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /** Whether calls wait, are under way, or have completed. */
  boolean areAny() {
    return !timed.isEmpty() || !completions.isEmpty();
  }

  /** Whether the task's thread has something to take. Any thread. */
  boolean hasReturned() {
    return !returned.isEmpty();
  }

  /**
   * The next completion, or null if there is none now. Begins and ends what the clock says.
   *
   * @param nowNanos {@link System#nanoTime()}
   */
  @Nullable Consumer<Output> poll(long nowNanos) {
    for (Call<?> call = returned.poll(); call != null; call = returned.poll()) {
      if (!call.done && call.end != null) {
        timed.remove(call);
        call.complete(call.end);
      }
    }
    while (!timed.isEmpty() && timed.element().dueNanos - nowNanos <= 0) {
      due(timed.remove(), nowNanos);
    }
    return completions.poll();
  }

  private <R> void due(Call<R> call, long nowNanos) {
    Future<?> running = call.running;
    if (running == null) {
      begin(call, nowNanos);
      return;
    }
    running.cancel(true);
    call.complete(out -> call.completion.failed(new CallTimeout(call.timeout), out));
  }

  /** Interrupts what is under way, and waits for nothing. */
  void close() {
    closed = true;
    timed.clear();
    completions.clear();
    ExecutorService running = pool;
    if (running != null) {
      running.shutdownNow();
    }
  }
}
