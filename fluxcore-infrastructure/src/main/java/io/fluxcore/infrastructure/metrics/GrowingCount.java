package io.fluxcore.infrastructure.metrics;

/**
 * A count of work done. The job's own counters are those of its ledger: after a failure they go on
 * from the checkpoint, and rows that are read again are not counted twice. A collector takes a
 * counter that falls for one that began anew, and would see a leap; so this one stays where it was
 * and grows on, and what is done again counts again. Written by one thread, read by any.
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
