package io.fluxcore.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import peers.core.Sum;

/**
 * The row sum of what a changelog makes: of the rows that are added and not taken back. Equal for
 * equal tables, however many changes led to them; those are counted, too. One for each sink thread.
 */
public final class ChangeSum {
  private static final List<ChangeSum> ALL = new ArrayList<>();

  private final Sum sum;
  private long added;
  private long takenBack;

  /** Changes of a sum. */
  public ChangeSum(Sum sum) {
    this.sum = sum;
    synchronized (ALL) {
      ALL.add(this);
    }
  }

  /** Adds a row of two fields, or takes it back. */
  public void add(boolean isRetraction, long a, long b) {
    long before = sum.hash;
    sum.add(a, b);
    count(isRetraction, before);
  }

  /** Adds a row of four fields, or takes it back. */
  public void add(boolean isRetraction, long a, long b, long c, long d) {
    long before = sum.hash;
    sum.add(a, b, c, d);
    count(isRetraction, before);
  }

  /** Adds a row by its hash, or takes it back. */
  public void add(boolean isRetraction, long hash) {
    add(isRetraction, hash, 0);
  }

  private void count(boolean isRetraction, long before) {
    if (isRetraction) {
      takenBack++;
      sum.rows -= 2; // it was counted as one more
      sum.hash = before - (sum.hash - before);
    } else {
      added++;
    }
  }

  /** How many changes all sinks were given, as a variant of the result line. */
  public static String all() {
    synchronized (ALL) {
      return "added="
          + ALL.stream().mapToLong(one -> one.added).sum()
          + " taken_back="
          + ALL.stream().mapToLong(one -> one.takenBack).sum();
    }
  }
}
