package io.fluxcore.adapters.in.rest;

import java.util.concurrent.Semaphore;

/** Keeps the number of requests down that hold a thread for long. Thread-safe. */
final class Turns {
  private final Semaphore free;
  private final String what;

  Turns(int most, String what) {
    this.free = new Semaphore(most);
    this.what = what;
  }

  /**
   * Takes a turn; closing it gives it back.
   *
   * @throws Refused if all are taken
   */
  Turn take() {
    if (!free.tryAcquire()) {
      throw Refused.busy("there are too many " + what + " already");
    }
    return new Turn();
  }

  /** A turn that was taken. */
  final class Turn implements AutoCloseable {
    private boolean over;

    @Override
    public synchronized void close() {
      if (!over) {
        over = true;
        free.release();
      }
    }
  }
}
