package io.fluxcore.domain.row;

import java.util.Arrays;

/**
 * Positions of rows by the hash of their bytes: chains in arrays, the row that came last first, so
 * that many equal rows cost no more than others. Not thread-safe.
 */
final class RowIndex {
  private static final int NONE = -1;

  private int[] heads;
  private int[] hashes;
  private int[] positions;
  private int[] nexts;
  private int used;
  private int free = NONE;

  RowIndex(int rows) {
    int capacity = Integer.highestOneBit(Math.max(16, rows)) * 2;
    heads = new int[capacity];
    Arrays.fill(heads, NONE);
    hashes = new int[capacity];
    positions = new int[capacity];
    nexts = new int[capacity];
  }

  private int home(int hash) {
    return hash & (heads.length - 1);
  }

  void add(int hash, int position) {
    int entry = free;
    if (entry >= 0) {
      free = nexts[entry];
    } else {
      if (used == heads.length) {
        grow();
      }
      entry = used++;
    }
    hashes[entry] = hash;
    positions[entry] = position;
    nexts[entry] = heads[home(hash)];
    heads[home(hash)] = entry;
  }

  /** Doubles the room; all entries are in use. */
  private void grow() {
    int[] oldHeads = heads;
    int[] oldNexts = nexts;
    int capacity = Math.multiplyExact(heads.length, 2);
    heads = new int[capacity];
    Arrays.fill(heads, NONE);
    hashes = Arrays.copyOf(hashes, capacity);
    positions = Arrays.copyOf(positions, capacity);
    nexts = new int[capacity];
    for (int head : oldHeads) {
      for (int entry = reversed(head, oldNexts); entry >= 0; entry = oldNexts[entry]) {
        nexts[entry] = heads[home(hashes[entry])];
        heads[home(hashes[entry])] = entry;
      }
    }
  }

  /** Turns a chain round, and gives its new head. */
  private static int reversed(int head, int[] nexts) {
    int before = NONE;
    int entry = head;
    while (entry >= 0) {
      int next = nexts[entry];
      nexts[entry] = before;
      before = entry;
      entry = next;
    }
    return before;
  }

  /** Removes the row of this hash and position, which is there. */
  void remove(int hash, int position) {
    int before = NONE;
    int entry = heads[home(hash)];
    while (positions[entry] != position) {
      before = entry;
      entry = nexts[entry];
    }
    if (before < 0) {
      heads[home(hash)] = nexts[entry];
    } else {
      nexts[before] = nexts[entry];
    }
    nexts[entry] = free;
    free = entry;
  }

  /** The first entry of a hash, or -1. */
  int first(int hash) {
    return sameHash(heads[home(hash)], hash);
  }

  /** The entry of the same hash after this one, or -1. */
  int next(int entry) {
    return sameHash(nexts[entry], hashes[entry]);
  }

  private int sameHash(int from, int hash) {
    int entry = from;
    while (entry >= 0 && hashes[entry] != hash) {
      entry = nexts[entry];
    }
    return entry;
  }

  int position(int entry) {
    return positions[entry];
  }

  long estimatedBytes() {
    return 16L * heads.length;
  }
}
