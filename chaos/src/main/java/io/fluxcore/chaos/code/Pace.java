package io.fluxcore.chaos.code;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps whoever calls it to a rate, so that a bounded input lasts for many kills. Thread-safe: all
 * callers share the rate.
 */
final class Pace {
  private static final long WORTH_SLEEPING_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final long nanosApart;
  private long next = System.nanoTime();

  /**
   * A pace.
   *
   * @param perSecond calls in a second; 0 for any number
   */
  Pace(long perSecond) {
    this.nanosApart = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
  }

  /** Returns when it is time; at once for a thread that is interrupted, since its task ends. */
  void take() {
    if (nanosApart == 0) {
      return;
    }
    long due = turn();
    long left = due - System.nanoTime();
    while (left > WORTH_SLEEPING_NANOS && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(left);
      left = due - System.nanoTime();
    }
  }

  private synchronized long turn() {
    next = Math.max(next + nanosApart, System.nanoTime());
    return next;
  }
}
