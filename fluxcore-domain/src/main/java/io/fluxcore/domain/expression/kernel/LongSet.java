package io.fluxcore.domain.expression.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An immutable set of longs: open addressing, at most half full. */
public final class LongSet {
  private final long[] slots;
  private final boolean[] used;
  private final int mask;

  public LongSet(long[] values) {
    int capacity = Integer.highestOneBit(Math.max(4, values.length * 4 - 1));
    slots = new long[capacity];
    used = new boolean[capacity];
    mask = capacity - 1;
    Arrays.stream(values).forEach(this::add);
  }

  private void add(long value) {
    int slot = slotOf(value, mask);
    while (used[slot] && slots[slot] != value) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = value;
    used[slot] = true;
  }

  private static int slotOf(long value, int mask) {
    long mixed = value * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32) & mask;
  }

  public boolean contains(long value) {
    int slot = slotOf(value, mask);
    while (used[slot]) {
      if (slots[slot] == value) {
        return true;
      }
      slot = (slot + 1) & mask;
    }
    return false;
  }

  /** The rows of a selection whose value is in the set (or is not), into {@code out}. */
  public int select(
      long[] values, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    int flip = Bits.of(!wanted);
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += Bits.of(contains(values[row])) ^ flip;
    }
    return found;
  }
}
