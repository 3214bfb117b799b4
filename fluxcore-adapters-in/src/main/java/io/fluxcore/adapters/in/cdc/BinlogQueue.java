package io.fluxcore.adapters.in.cdc;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Changes that wait to be taken: so many bytes of them at most, and at least one, however large.
 * One thread puts, another one takes.
 */
final class BinlogQueue {
  private static final long MOST_BYTES = 8 << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition taken = lock.newCondition();
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  private record Entry(BinlogChange change, long bytes) {}

  /**
   * Waits until there is room.
   *
   * @return false if nobody takes any more
   */
  boolean put(BinlogChange change, long size) throws InterruptedException {
    lock.lock();
    try {
      while (!closed && bytes > 0 && bytes + size > MOST_BYTES) {
        taken.await();
      }
      if (closed) {
        return false;
      }
      entries.add(new Entry(change, size));
      bytes += size;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The next one, or null. */
  @Nullable BinlogChange poll() {
    lock.lock();
    try {
      Entry entry = entries.poll();
      if (entry == null) {
        return null;
      }
      bytes -= entry.bytes();
      taken.signalAll();
      return entry.change();
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return entries.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is taken any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      entries.clear();
      taken.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
