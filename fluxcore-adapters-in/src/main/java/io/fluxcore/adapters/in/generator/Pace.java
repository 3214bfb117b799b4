package io.fluxcore.adapters.in.generator;

import io.fluxcore.application.connector.WakeUp;

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
    private final WakeUp wakeUp = new WakeUp();

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public void await(long nanos) {
      wakeUp.awaitNanos(nanos);
    }

    @Override
    public void wake() {
      wakeUp.call();
    }
  }
}
