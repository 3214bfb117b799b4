package io.fluxcore.adapters.in.backlog;

import io.fluxcore.domain.error.FluxCoreException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries messages from the threads of a client library into a backlog, many at a time, and says
 * when they are safe there, so that they can be acknowledged. While the backlog is full it waits,
 * and acknowledges nothing: who sends is to hold back then, as a broker does that allows so many
 * unacknowledged messages only.
 *
 * @param <A> by what a message is acknowledged
 */
final class Intake<A> implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Intake.class.getName());
  private static final int MAX_MESSAGES = 2_000;
  private static final long FULL_WAIT_MILLIS = 50;

  private final String name;
  private final Backlog backlog;
  private final long maxBytes;
  private final RecentIds ids;
  private final Runnable arrived;
  private final Consumer<List<A>> safe;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final CountDownLatch end = new CountDownLatch(1);

  /** Whether messages have had to wait for room; of the thread. */
  private boolean isFull;

  // What follows is guarded by the lock.
  private final ArrayDeque<Entry<A>> waiting = new ArrayDeque<>();
  private int duplicates;
  private int storing;
  private boolean closed;
  private @Nullable FluxCoreException failure;

  private record Entry<A>(Message message, A acknowledgement) {}

  /**
   * Begins.
   *
   * @param name for messages to people
   * @param maxBytes about how many bytes of messages are stored at once
   * @param ids of messages that are in the backlog already
   * @param arrived called when there is something to read, or a failure
   * @param safe told of what may be acknowledged, in order, on one thread
   */
  Intake(
      String name,
      Backlog backlog,
      long maxBytes,
      RecentIds ids,
      Runnable arrived,
      Consumer<List<A>> safe) {
    this.name = name;
    this.backlog = backlog;
    this.maxBytes = maxBytes;
    this.ids = ids;
    this.arrived = arrived;
    this.safe = safe;
    this.thread = new Thread(this::run, "intake of " + name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Takes a message; never waits. */
  void offer(Message message, A acknowledgement) {
    lock.lock();
    try {
      if (!closed) {
        waiting.add(new Entry<>(message, acknowledgement));
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what is not safe: it will come again. */
  void forget() {
    lock.lock();
    try {
      waiting.clear();
    } finally {
      lock.unlock();
    }
  }

  int takeDuplicates() {
    lock.lock();
    try {
      int taken = duplicates;
      duplicates = 0;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  void check() {
    lock.lock();
    try {
      if (failure != null) {
        throw failure;
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      for (List<Entry<A>> next = take(); !next.isEmpty(); next = take()) {
        store(next);
        stored();
      }
    } catch (FluxCoreException e) {
      fail(e);
    } catch (RuntimeException e) {
      fail(Defect.of(name, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stored() {
    lock.lock();
    try {
      storing = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all that was offered is stored, in patience.
   *
   * @return how many messages are not: there is no room for them, or storing has failed
   */
  int drain(Duration patience) {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (!waiting.isEmpty() || storing > 0) {
        if (failure != null || closed || left <= 0) {
          return waiting.size() + storing;
        }
        left = changed.awaitNanos(left);
      }
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return waiting.size() + storing;
    } finally {
      lock.unlock();
    }
  }

  private void fail(FluxCoreException why) {
    lock.lock();
    try {
      failure = why;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    arrived.run();
  }

  /** The next ones; none: it is closed. */
  private List<Entry<A>> take() throws InterruptedException {
    List<Entry<A>> taken = new ArrayList<>();
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !closed) {
        changed.await();
      }
      long bytes = 0;
      while (!closed && !waiting.isEmpty() && taken.size() < MAX_MESSAGES && bytes < maxBytes) {
        Entry<A> next = waiting.remove();
        bytes += next.message().bytes().length;
        taken.add(next);
      }
      storing = taken.size();
    } finally {
      lock.unlock();
    }
    return taken;
  }

  private void store(List<Entry<A>> entries) throws InterruptedException {
    List<Message> fresh = new ArrayList<>(entries.size());
    for (Entry<A> entry : entries) {
      String id = entry.message().properties().id();
      if (id == null || ids.add(id)) {
        fresh.add(entry.message());
      }
    }
    if (!append(fresh)) {
      return;
    }
    if (fresh.size() < entries.size()) {
      lock.lock();
      try {
        duplicates += entries.size() - fresh.size();
      } finally {
        lock.unlock();
      }
    }
    safe.accept(entries.stream().map(Entry::acknowledgement).toList());
    arrived.run();
  }

  /** Whether they are in the backlog; if not, it is closed. */
  private boolean append(List<Message> messages) throws InterruptedException {
    boolean waited = false;
    while (!messages.isEmpty()) {
      try {
        backlog.append(messages);
        if (isFull && !waited) {
          isFull = false;
          LOG.log(System.Logger.Level.INFO, "{0}: there is room again", name);
        }
        arrived.run(); // now, since another part of them may have to wait for these to be read
        return true;
      } catch (BacklogTooSmall e) {
        if (messages.size() == 1) {
          throw e;
        }
        int half = messages.size() / 2;
        return append(messages.subList(0, half)) && append(messages.subList(half, messages.size()));
      } catch (BacklogFull e) {
        waited = true;
        if (!isFull) {
          isFull = true;
          LOG.log(
              System.Logger.Level.WARNING,
              "{0}: messages stay where they are until there is room: {1}",
              name,
              e.getMessage());
        }
        if (end.await(FULL_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Ends it when what is being stored is safe. What waits is not stored. */
  @Override
  public void close() {
    end.countDown();
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive() && thread != Thread.currentThread()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
