package io.fluxcore.domain.pattern;

import java.util.Arrays;

/** Hashes of keys, of which few are the same by chance. Not thread-safe. */
final class HashSetOfLongs {
  private long[] table = new long[64];
  private int mask = table.length - 1;
  private boolean hasZero;

  /**
   * Forgets all.
   *
   * @param size how many may be added
   */
  void clear(int size) {
    if (table.length < 2 * size) {
      table = new long[Integer.highestOneBit(2 * size) * 2];
      mask = table.length - 1;
    } else {
      Arrays.fill(table, 0);
    }
    hasZero = false;
  }

  void add(long hash) {
    if (hash == 0) {
      hasZero = true;
      return;
    }
    int at = (int) hash & mask;
    while (table[at] != 0 && table[at] != hash) {
      at = (at + 1) & mask;
    }
    table[at] = hash;
  }

  boolean contains(long hash) {
    if (hash == 0) {
      return hasZero;
    }
    int at = (int) hash & mask;
    while (table[at] != 0) {
      if (table[at] == hash) {
        return true;
      }
      at = (at + 1) & mask;
    }
    return false;
  }
}
