package io.fluxcore.adapters.in.generator;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Draws from a discrete distribution in constant time by Walker's alias method, set up as in Vose
 * (1991): n cells of equal width, each shared by at most two outcomes. Immutable.
 */
final class AliasTable {
  private final long[] thresholds;
  private final int[] aliases;

  /**
   * A table of these weights.
   *
   * @param weights not negative, not all zero
   */
  AliasTable(double[] weights) {
    int n = weights.length;
    thresholds = new long[n];
    aliases = new int[n];
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    double[] scaled = new double[n];
    ArrayDeque<Integer> small = new ArrayDeque<>();
    ArrayDeque<Integer> large = new ArrayDeque<>();
    for (int i = 0; i < n; i++) {
      scaled[i] = weights[i] * n / sum;
      (scaled[i] < 1 ? small : large).add(i);
      aliases[i] = i;
    }
    while (!small.isEmpty() && !large.isEmpty()) {
      int less = small.remove();
      int more = large.remove();
      thresholds[less] = threshold(scaled[less]);
      aliases[less] = more;
      scaled[more] -= 1 - scaled[less];
      (scaled[more] < 1 ? small : large).add(more);
    }
    // What is left has weight 1 but for rounding.
    small.forEach(i -> thresholds[i] = threshold(1));
    large.forEach(i -> thresholds[i] = threshold(1));
  }

  private static long threshold(double probability) {
    return (long) (probability * (1L << 32));
  }

  static AliasTable uniform(int n) {
    double[] weights = new double[n];
    Arrays.fill(weights, 1);
    return new AliasTable(weights);
  }

  /** Zipf's law: the k-th of n has the weight 1 / k^exponent. */
  static AliasTable zipf(int n, double exponent) {
    double[] weights = new double[n];
    for (int k = 0; k < n; k++) {
      weights[k] = Math.pow(k + 1.0, -exponent);
    }
    return new AliasTable(weights);
  }

  /** The outcome of 64 random bits: the upper half chooses the cell, the lower its part. */
  int sample(long bits) {
    int cell = (int) (((bits >>> 32) * aliases.length) >>> 32);
    return (bits & 0xFFFFFFFFL) < thresholds[cell] ? cell : aliases[cell];
  }
}
