package io.fluxcore.domain.aggregate;

import java.util.Arrays;

/**
 * A set of longs: open addressing with linear probing over one array, in which 0 marks a free
 * place; whether 0 itself is held is a flag. Places come from the high bits of a multiplication by
 * the golden ratio (Knuth 6.4), which spreads consecutive numbers evenly.
 */
final class LongSet {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final int SMALLEST = 4;

  private long[] table;
  private int shift;
  private int limit;
  private int filled;
  private boolean hasZero;

  LongSet() {
    allocate(SMALLEST);
  }

  /** With room for this many values. */
  LongSet(int values) {
    int capacity = SMALLEST;
    while (limitOf(capacity) < values) {
      capacity = Math.multiplyExact(capacity, 2);
    }
    allocate(capacity);
  }

  /** Three quarters full: the tables of many small groups share the cache. */
  private static int limitOf(int capacity) {
    return capacity - capacity / 4;
  }

  private void allocate(int capacity) {
    table = new long[capacity];
    shift = Long.numberOfLeadingZeros(capacity) + 1;
    limit = limitOf(capacity);
  }

  int size() {
    return filled + (hasZero ? 1 : 0);
  }

  /** What its table takes on the heap. */
  long bytes() {
    return 8L * table.length;
  }

  /** Whether a value lies at the first place where it is looked for; it may be held elsewhere. */
  boolean isHome(long value) {
    return value != 0 && table[(int) ((value * GOLDEN) >>> shift)] == value;
  }

  /** Adds a value. */
  void add(long value) {
    if (value == 0) {
      hasZero = true;
      return;
    }
    long[] places = table;
    int mask = places.length - 1;
    int at = (int) ((value * GOLDEN) >>> shift);
    long held;
    while ((held = places[at]) != 0) {
      if (held == value) {
        return;
      }
      at = (at + 1) & mask;
    }
    places[at] = value;
    if (++filled >= limit) {
      grow();
    }
  }

  private void grow() {
    long[] old = table;
    allocate(Math.multiplyExact(old.length, 2));
    long[] places = table;
    int mask = places.length - 1;
    for (long value : old) {
      if (value != 0) {
        int at = (int) ((value * GOLDEN) >>> shift);
        while (places[at] != 0) {
          at = (at + 1) & mask;
        }
        places[at] = value;
      }
    }
  }

  /** Adds all values of another set. */
  void addAll(LongSet other) {
    hasZero |= other.hasZero;
    for (long value : other.table) {
      if (value != 0) {
        add(value);
      }
    }
  }

  /** The values, in no order. */
  long[] toArray() {
    long[] values = new long[size()];
    int count = hasZero ? 1 : 0;
    for (long value : table) {
      if (value != 0) {
        values[count++] = value;
      }
    }
    return values;
  }

  @Override
  public String toString() {
    return Arrays.toString(toArray());
  }
}
