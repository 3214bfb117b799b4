package io.fluxcore.domain.changelog;

import io.fluxcore.domain.keyed.KeyChunk;
import java.util.Arrays;

/** The slots that a batch touches, each once, in the order of their first rows. Not thread-safe. */
final class TouchedGroups {
  private int[] slots = new int[0];
  private int[] positions = new int[0];
  private long[] times = new long[0];
  private int count;

  /**
   * Numbers of groups by slot, open addressing; an entry counts if its round is the present one.
   */
  private int[] entries = new int[0];

  private int[] rounds = new int[0];
  private int round;

  /**
   * Collects the slots of a batch.
   *
   * @return how many there are
   */
  int collect(int[] slotOf, KeyChunk keys, long[] timestamps) {
    reserve(keys.count());
    count = 0;
    round++;
    int mask = entries.length - 1;
    for (int i = 0; i < keys.count(); i++) {
      int slot = slotOf[i];
      long time = timestamps[keys.rows()[i]];
      int at = ((slot * 0x9E3779B9) >>> 7) & mask;
      while (rounds[at] == round && slots[entries[at]] != slot) {
        at = (at + 1) & mask;
      }
      if (rounds[at] == round) {
        int group = entries[at];
        times[group] = Math.max(times[group], time);
      } else {
        rounds[at] = round;
        entries[at] = count;
        slots[count] = slot;
        positions[count] = i;
        times[count++] = time;
      }
    }
    return count;
  }

  private void reserve(int rows) {
    if (slots.length < rows) {
      slots = new int[rows];
      positions = new int[rows];
      int size = Integer.highestOneBit(Math.max(16, rows)) * 4;
      entries = new int[size];
      rounds = new int[size];
      round = 0;
    }
    times = new long[Math.max(1, rows)]; // those of the batch before may have left with it
  }

  int slot(int group) {
    return slots[group];
  }

  /** The position of a group's first row among the keys. */
  int position(int group) {
    return positions[group];
  }

  /** The time of a group's latest row. */
  long time(int group) {
    return times[group];
  }

  int[] slots() {
    return slots;
  }

  int[] positions() {
    return positions;
  }

  long[] times() {
    return Arrays.copyOf(times, count);
  }
}
