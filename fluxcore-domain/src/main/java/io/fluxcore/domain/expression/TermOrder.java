package io.fluxcore.domain.expression;

/**
 * The order in which the terms of a conjunction are tested, where it is free: first the one that
 * keeps the fewest rows. Learnt from the batches, and learnt anew all the time, since data change
 * (Babu et al., "Adaptive Ordering of Pipelined Stream Filters", 2004).
 */
final class TermOrder {
  private static final int BATCHES_PER_REVIEW = 64;

  /** How much better a term must be to come before another, so that like ones do not take turns. */
  private static final double CLEARLY = 0.8;

  private final int[] order;
  private final long[] tested;
  private final long[] kept;
  private final boolean free;
  private int batches;

  /**
   * The given order at first.
   *
   * @param free whether it may be changed
   */
  TermOrder(int terms, boolean free) {
    this.order = new int[terms];
    this.tested = new long[terms];
    this.kept = new long[terms];
    this.free = free;
    for (int i = 0; i < terms; i++) {
      order[i] = i;
    }
  }

  /** The term that is tested at a position. */
  int term(int position) {
    return order[position];
  }

  /** A term was tested for this many rows and kept that many. */
  void tested(int term, int rows, int keptRows) {
    tested[term] += rows;
    kept[term] += keptRows;
  }

  /** A batch has been tested. */
  void batchDone() {
    if (free && ++batches == BATCHES_PER_REVIEW) {
      batches = 0;
      review();
    }
  }

  private void review() {
    for (int i = 1; i < order.length; i++) {
      for (int j = i; j > 0 && share(order[j]) < CLEARLY * share(order[j - 1]); j--) {
        int better = order[j];
        order[j] = order[j - 1];
        order[j - 1] = better;
      }
    }
    for (int i = 0; i < order.length; i++) {
      tested[i] >>= 1;
      kept[i] >>= 1;
    }
  }

  /** The share of rows that a term keeps; 1 where it was not tested. */
  private double share(int term) {
    return tested[term] == 0 ? 1 : (double) kept[term] / tested[term];
  }
}
