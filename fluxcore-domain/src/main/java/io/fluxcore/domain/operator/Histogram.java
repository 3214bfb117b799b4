package io.fluxcore.domain.operator;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts of values in log-linear buckets: sixteen to each power of two, so that a quantile is at
 * most a sixteenth too high. Values below zero count as zero. Written by one thread, read by any.
 */
public final class Histogram {
  private static final int SUB_BITS = 4;
  private static final int SUB_BUCKETS = 1 << SUB_BITS;
  private static final int BUCKETS = (Long.SIZE - SUB_BITS) * SUB_BUCKETS;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
  private final AtomicLong sum = new AtomicLong();
  private final AtomicLong max = new AtomicLong();

  /** Adds a value so many times. */
  public void record(long value, long times) {
    long v = Math.max(0, value);
    int bucket = bucket(v);
    counts.lazySet(bucket, counts.getPlain(bucket) + times);
    sum.lazySet(sum.getPlain() + v * times);
    if (v > max.getPlain()) {
      max.lazySet(v);
    }
  }

  public void record(long value) {
    record(value, 1);
  }

  /** Adds all values of another. */
  public void addAll(Histogram other) {
    for (int i = 0; i < BUCKETS; i++) {
      counts.lazySet(i, counts.getPlain(i) + other.counts.get(i));
    }
    sum.lazySet(sum.getPlain() + other.sum.get());
    max.lazySet(Math.max(max.getPlain(), other.max.get()));
  }

  private static int bucket(long value) {
    if (value < SUB_BUCKETS) {
      return (int) value;
    }
    int shift = Long.SIZE - 1 - SUB_BITS - Long.numberOfLeadingZeros(value);
    return (shift + 1) * SUB_BUCKETS + (int) (value >>> shift) - SUB_BUCKETS;
  }

  private static long highest(int bucket) {
    if (bucket < SUB_BUCKETS) {
      return bucket;
    }
    int shift = bucket / SUB_BUCKETS - 1;
    long low = (long) (bucket % SUB_BUCKETS + SUB_BUCKETS) << shift;
    return low + (1L << shift) - 1;
  }

  /** What several histograms say together. */
  public static Reading read(List<Histogram> histograms) {
    long[] total = new long[BUCKETS];
    long sum = 0;
    long max = 0;
    long count = 0;
    for (Histogram histogram : histograms) {
      for (int i = 0; i < BUCKETS; i++) {
        long n = histogram.counts.get(i);
        total[i] += n;
        count += n;
      }
      sum += histogram.sum.get();
      max = Math.max(max, histogram.max.get());
    }
    return new Reading(
        count,
        count == 0 ? 0 : (double) sum / count,
        quantile(total, count, 0.5, max),
        quantile(total, count, 0.99, max),
        max);
  }

  private static long quantile(long[] total, long count, double q, long max) {
    long rank = (long) Math.ceil(q * count);
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += total[i];
      if (seen >= rank && seen > 0) {
        return Math.min(max, highest(i));
      }
    }
    return 0;
  }

  /** All zero when nothing was recorded. */
  public record Reading(long count, double mean, long p50, long p99, long max) {}
}
