package io.fluxcore.infrastructure.metrics;

/**
 * A count that a run of a job may begin anew, told as one that only grows: a collector takes a
 * counter that falls for one that began at zero, and would see a leap. Where it falls, it stays
 * where it was and grows on from there. Written by one thread, read by any.
 */
final class GrowingCount {
  private long before;
  private long last;
  private volatile long value;

  /** The counter says so much now. */
  void read(long reading) {
    before += Math.max(0, last - reading);
    last = reading;
    value = before + reading;
  }

  long value() {
    return value;
  }
}
