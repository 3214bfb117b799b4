package io.fluxcore.benchmarks;

import java.util.function.LongSupplier;

/**
 * Events {@code (key, amount)} whose keys go through all of {@code 0 … keys − 1} in each pass, in
 * an order without locality: a multiplication by an odd number modulo a power of two, of which
 * numbers that are too large are left out by walking on. The amount is the index of the pass.
 */
final class ScrambledKeys implements RowGenerator {
  static final String KEY = "key";
  static final String AMOUNT = "amount";

  private static final long START_MILLIS = 1_700_000_100_000L;
  private static final long ODD = 0x9E3779B97F4A7C15L;
  private static final long MILLIS_PER_SECOND = 1000;

  private final long keys;
  private final long mask;
  private final int shift;
  private final long eventsPerSecond;
  private final LongSupplier due;

  /**
   * @param keys how many
   * @param eventsPerSecond events per second of event time
   * @param due as {@link RowGenerator#due}
   */
  ScrambledKeys(long keys, long eventsPerSecond, LongSupplier due) {
    this.keys = keys;
    this.mask = Long.highestOneBit(Math.max(1, keys - 1)) * 2 - 1;
    this.shift = Math.max(1, Long.bitCount(mask) / 2);
    this.eventsPerSecond = eventsPerSecond;
    this.due = due;
  }

  @Override
  public void fill(long first, long step, int rows, GeneratedColumns target) {
    long[] key = target.longs(KEY);
    long[] amount = target.longs(AMOUNT);
    long[] timestamps = target.timestamps();
    for (int i = 0; i < rows; i++) {
      long index = first + i * step;
      timestamps[i] = START_MILLIS + index * MILLIS_PER_SECOND / eventsPerSecond;
      if (key != null) {
        key[i] = scrambled(index % keys);
      }
      if (amount != null) {
        amount[i] = index / keys;
      }
    }
  }

  /** A permutation of the keys: one of the power of two above them, walked until it is a key. */
  private long scrambled(long index) {
    long value = index;
    do {
      value = value * ODD & mask;
      value ^= value >>> shift;
    } while (value >= keys);
    return value;
  }

  @Override
  public long due() {
    return due.getAsLong();
  }
}
