package io.fluxcore.adapters.out.push;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The last events, as many as there is room for, numbered from 1. Each client reads at its own pace
 * from the number that it has reached; one that is slower than events give way misses some, and
 * learns how many. So no client needs a queue of its own, and none holds up the job. Thread-safe.
 */
public final class RecentEvents {
  /** What an event costs beside its bytes. */
  private static final int OVERHEAD_BYTES = 48;

  private final int maxEvents;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();

  // What follows is guarded by the lock.
  private final ArrayDeque<byte[]> events = new ArrayDeque<>();
  private long first = 1;
  private long bytes;
  private long wakes;

  /**
   * What a client gets next.
   *
   * @param missed events that gave way before it could read them
   * @param first number of the first event
   * @param events may be none
   */
  public record Portion(long missed, long first, List<byte[]> events) {
    /** The last event that the client has then. */
    public long last() {
      return first + events.size() - 1;
    }
  }

  /**
   * None yet.
   *
   * @param maxEvents that are kept
   * @param maxBytes that they may have, about; the newest is kept whatever it has
   */
  public RecentEvents(int maxEvents, long maxBytes) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
  }

  /** Adds events; the oldest give way. */
  public void add(List<byte[]> added) {
    lock.lock();
    try {
      for (byte[] event : added) {
        events.add(event);
        bytes += event.length + OVERHEAD_BYTES;
        while (events.size() > maxEvents || (bytes > maxBytes && events.size() > 1)) {
          bytes -= events.remove().length + OVERHEAD_BYTES;
          first++;
        }
      }
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The number of the newest event; 0: there was none. */
  public long last() {
    lock.lock();
    try {
      return first + events.size() - 1;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the waits of those who read. */
  public void wake() {
    lock.lock();
    try {
      wakes++;
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * What comes after an event; waits for it, but not longer.
   *
   * @param mostBytes of events at once, about; at least one event
   */
  public Portion after(long event, long mostBytes, long waitNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = waitNanos;
      long wakesBefore = wakes;
      while (first + events.size() - 1 <= event && left > 0 && wakes == wakesBefore) {
        left = more.awaitNanos(left);
      }
      long from = Math.max(first, event + 1);
      List<byte[]> next = new ArrayList<>();
      Iterator<byte[]> all = events.iterator();
      long taken = 0;
      for (long number = first; all.hasNext() && taken < mostBytes; number++) {
        byte[] one = all.next();
        if (number >= from) {
          next.add(one);
          taken += one.length + OVERHEAD_BYTES;
        }
      }
      return new Portion(from - event - 1, from, next);
    } finally {
      lock.unlock();
    }
  }
}
