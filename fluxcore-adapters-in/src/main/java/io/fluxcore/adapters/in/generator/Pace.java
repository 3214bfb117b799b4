package io.fluxcore.adapters.in.generator;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Time as the reader sees it: a clock, a wait, and an end to the wait. */
interface Pace {
  /** Nanoseconds from some fixed point. */
  long nanoTime();

  /** Waits at most this long; {@link #wake} ends the wait, also one that has not yet begun. */
  void await(long nanos);

  /** Thread-safe. */
  void wake();

  /** Real time, for one reader. */
  static Supplier system() {
    return SystemPace::new;
  }

  /** Makes the pace of a reader. */
  @FunctionalInterface
  interface Supplier {
    Pace get();
  }

  /** The JVM's clock. */
  final class SystemPace implements Pace {
    private volatile @Nullable Thread waiting;
    private volatile boolean woken;

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public void await(long nanos) {
      waiting = Thread.currentThread();
      if (!woken) {
        LockSupport.parkNanos(this, nanos);
      }
      waiting = null;
      woken = false;
    }

    @Override
    public void wake() {
      woken = true;
      Thread thread = waiting;
      if (thread != null) {
        LockSupport.unpark(thread);
      }
    }
  }
}
