package io.fluxcore.application.connector;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What a reader without rows waits for in {@link SourceReader#poll}. A call that comes before the
 * wait ends it at once, so that none is missed; several are as one. One thread waits, any calls.
 */
public final class WakeUp {
  private final Semaphore calls = new Semaphore(0);

  /** Waits for a call, but not longer. Returns early, still interrupted, if the thread is. */
  public void await(Duration maxWait) {
    awaitNanos(TimeUnit.NANOSECONDS.convert(maxWait));
  }

  /** As {@link #await}, in nanoseconds. */
  public void awaitNanos(long maxWaitNanos) {
    try {
      if (calls.tryAcquire(maxWaitNanos, TimeUnit.NANOSECONDS)) {
        calls.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the wait, or the next one. */
  public void call() {
    if (calls.availablePermits() == 0) {
      calls.release();
    }
  }
}
