package io.fluxcore.domain.aggregate;

import java.util.BitSet;

/** Rows and, at the same position, their slots. */
record RowChoice(int[] rows, int[] slots, int count) {
  RowChoice without(BitSet refused) {
    if (refused.isEmpty()) {
      return this;
    }
    int[] newRows = new int[count];
    int[] newSlots = new int[count];
    int left = 0;
    for (int i = 0; i < count; i++) {
      if (!refused.get(rows[i])) {
        newRows[left] = rows[i];
        newSlots[left++] = slots[i];
      }
    }
    return new RowChoice(newRows, newSlots, left);
  }

  /** Those of these rows, which are in the same order. */
  RowChoice only(int[] chosen, int chosenCount) {
    int[] newSlots = new int[chosenCount];
    int at = 0;
    for (int i = 0; i < chosenCount; i++) {
      while (rows[at] != chosen[i]) {
        at++;
      }
      newSlots[i] = slots[at];
    }
    return new RowChoice(chosen, newSlots, chosenCount);
  }
}
