package io.fluxcore.adapters.in.nexmark;

/**
 * When events happen. Immutable.
 *
 * @param startMillis time of the first event, since the epoch
 * @param rate events per second
 * @param outOfOrder the fraction of events that lie back
 * @param maxDelayMillis how far at most
 */
record NexmarkTimes(long startMillis, long rate, double outOfOrder, long maxDelayMillis) {
  private static final double UNIT = 0x1.0p-20;
  private static final int BITS_OF_CHANCE = 20;
  private static final long CHANCE = (1L << BITS_OF_CHANCE) - 1;

  /**
   * Milliseconds since the epoch.
   *
   * @param random bits that are the event's own
   */
  long millis(long index, long random) {
    long due = startMillis + index / rate * 1000 + index % rate * 1000 / rate;
    if (maxDelayMillis > 0 && (random & CHANCE) * UNIT < outOfOrder) {
      return due - 1 - NexmarkEvents.below(random >>> BITS_OF_CHANCE, maxDelayMillis);
    }
    return due;
  }
}
