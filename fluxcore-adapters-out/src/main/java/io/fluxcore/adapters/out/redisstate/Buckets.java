package io.fluxcore.adapters.out.redisstate;

import io.fluxcore.domain.key.KeyGroupRange;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * In which bucket of a table the entry of a key lies. A key group is cut into buckets by the bits
 * of the hash that follow those which make the key group, so buckets are in the order of hashes.
 * Tables begin with one bucket a key group; when there are more than {@link #ENTRIES} entries for
 * each, buckets are split one after the other into {@code 2^STEP} (linear hashing, Litwin 1980): no
 * more of them at a time than the new entries ask for.
 *
 * <p>A bucket is named by a long: the number of bits in the highest byte, below it the key group
 * and the bits. Not thread-safe.
 */
final class Buckets {
  /** Entries a bucket, on average. */
  static final int ENTRIES = 64;

  /** Bits by which a bucket that is split has more. */
  static final int STEP = 2;

  /** More buckets than that a table does not have for each key group, about four million. */
  static final int MOST_BITS = 22;

  private static final int BITS_AT = 56;
  private static final long INDEX = (1L << BITS_AT) - 1;

  private final KeyGroupRange owned;
  private final int maxParallelism;
  private int bits;

  /** Buckets of {@link #bits} before this one were split. */
  private long split;

  Buckets(KeyGroupRange owned, int maxParallelism) {
    this.owned = owned;
    this.maxParallelism = maxParallelism;
    this.split = owned.first();
  }

  /** As they are now. */
  Buckets copy() {
    Buckets copy = new Buckets(owned, maxParallelism);
    copy.bits = bits;
    copy.split = split;
    return copy;
  }

  KeyGroupRange owned() {
    return owned;
  }

  /** Bits of the smallest buckets that there are. */
  int mostBits() {
    return split > first() ? bits + STEP : bits;
  }

  /** Bits of what buckets are split into. */
  int nextBits() {
    return bits + STEP;
  }

  private long first() {
    return (long) owned.first() << bits;
  }

  private long end() {
    return (long) (owned.last() + 1) << bits;
  }

  private static long name(int bits, long index) {
    return (long) bits << BITS_AT | index;
  }

  /** Key group and what follows, as a fraction of 32 bits. */
  private long place(long hash) {
    return (hash >>> 32) * maxParallelism;
  }

  /** The bucket of a hash. */
  long of(long hash) {
    long place = place(hash);
    long index = place >>> (32 - bits);
    return index >= split ? name(bits, index) : name(bits + STEP, place >>> (32 - bits - STEP));
  }

  /** The key group of a bucket. */
  static int keyGroup(long bucket) {
    return (int) ((bucket & INDEX) >>> (bucket >>> BITS_AT));
  }

  /** How many there are. */
  long count() {
    return end() - split + ((split - first()) << STEP);
  }

  /** Whether this is one of the buckets. */
  boolean has(long bucket) {
    long index = bucket & INDEX;
    int its = (int) (bucket >>> BITS_AT);
    if (its == bits) {
      return index >= split && index < end();
    }
    return its == bits + STEP && index >>> STEP < split && index >>> STEP >= first();
  }

  /** The buckets of keys whose hashes lie between these two, both included, as numbers. */
  long[] between(long firstHash, long lastHash) {
    long from = Math.max(place(firstHash), (long) owned.first() << 32);
    long to = Math.min(place(lastHash), ((long) (owned.last() + 1) << 32) - 1);
    return from > to ? new long[0] : ofPlaces(from, to);
  }

  /** The buckets of a key group. */
  long[] ofGroup(int keyGroup) {
    return ofPlaces((long) keyGroup << 32, ((long) (keyGroup + 1) << 32) - 1);
  }

  private long[] ofPlaces(long from, long to) {
    long[] names = new long[16];
    int count = 0;
    for (long index = from >>> (32 - bits); index <= to >>> (32 - bits); index++) {
      long first = index;
      long last = index;
      int its = bits;
      if (index < split) {
        its = bits + STEP;
        first = Math.max(index << STEP, from >>> (32 - its));
        last = Math.min((index << STEP) + (1 << STEP) - 1, to >>> (32 - its));
      }
      for (long one = first; one <= last; one++) {
        if (count == names.length) {
          names = Arrays.copyOf(names, 2 * count);
        }
        names[count++] = name(its, one);
      }
    }
    return Arrays.copyOf(names, count);
  }

  /** Every bucket of a key group that there ever was in a table that has so many bits now. */
  static LongStream everOf(int keyGroup, int mostBits) {
    return IntStream.rangeClosed(0, mostBits / STEP)
        .map(steps -> steps * STEP)
        .boxed()
        .flatMapToLong(
            bits ->
                LongStream.range(0, 1L << bits)
                    .map(index -> name(bits, ((long) keyGroup << bits) + index)));
  }

  /** How many buckets are to be split so that so many entries have room. */
  long toSplit(long entries) {
    long missing = entries / ENTRIES - count();
    if (missing <= 0 || bits >= MOST_BITS) {
      return 0;
    }
    return Math.min(end() - split, missing / ((1 << STEP) - 1) + 1);
  }

  /** The bucket that is split next. */
  long next(long after) {
    return name(bits, split + after);
  }

  /** Says that so many buckets have been split. */
  void wereSplit(long buckets) {
    split += buckets;
    if (split == end()) {
      bits += STEP;
      split = first();
    }
  }

  /** The bucket of a hash when those up to here have been split. */
  long ofSplit(long hash) {
    return name(bits + STEP, place(hash) >>> (32 - bits - STEP));
  }
}
