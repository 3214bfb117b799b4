package io.fluxcore.domain.pattern;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.StateLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a batch that rules must look at, or the keys for which time goes on, with the slots
 * of their keys. Not thread-safe.
 */
final class ChosenRows {
  private final StateLayout layout;
  private final HashSetOfLongs chosenKeys = new HashSetOfLongs();

  Column[] keys = new Column[0];

  /** Physical rows of the keys' columns. */
  int[] rows = new int[0];

  long[] hashes = new long[0];

  /** Slots; below 0 where the table does not have the key. */
  int[] slots = new int[0];

  int count;

  ChosenRows(StateLayout layout) {
    this.layout = layout;
  }

  /** None. */
  void clear() {
    count = 0;
  }

  /** Chooses rows for which something may happen, and those behind them of the same keys. */
  void choose(EventBatch batch, Column[] newKeys, SlotTable table, RuleSet rules) {
    int size = batch.size();
    reserve(size);
    keys = newKeys;
    for (int i = 0; i < size; i++) {
      rows[i] = batch.row(i);
    }
    layout.hashes(keys, rows, size, hashes);
    if (table.size() == 0) {
      Arrays.fill(slots, 0, size, -1);
    } else {
      table.find(keys, hashes, rows, size, slots);
    }
    @Nullable Object[] objects = table.objects(0);
    boolean isNew = false;
    count = 0;
    chosenKeys.clear(size);
    for (int i = 0; i < size; i++) {
      int slot = slots[i];
      boolean chosen =
          chosenKeys.contains(hashes[i])
              || (slot < 0
                  ? rules.mayBegin(rows[i])
                  : rules.isTouched(rows[i]) || isAlert((KeyMatches) objects[slot]));
      if (chosen) {
        chosenKeys.add(hashes[i]);
        rows[count] = rows[i];
        hashes[count] = hashes[i];
        slots[count++] = slot;
        isNew |= slot < 0;
      }
    }
    if (isNew) {
      table.resolve(keys, hashes, rows, count, slots);
    }
  }

  private static boolean isAlert(@Nullable KeyMatches key) {
    if (key == null) {
      return true;
    }
    for (int i = 0; i < key.rules.size(); i++) {
      if (key.rules.get(i).alert) {
        return true;
      }
    }
    return false;
  }

  /** Chooses all keys of a block. */
  void load(Deadlines.Block block, SlotTable table) {
    keys = block.keys();
    count = block.count();
    reserve(count);
    System.arraycopy(block.hashes(), 0, hashes, 0, count);
    for (int i = 0; i < count; i++) {
      rows[i] = i;
    }
    table.find(keys, hashes, rows, count, slots);
  }

  private void reserve(int size) {
    if (rows.length < size) {
      int length = Math.max(size, EventBatch.TARGET_ROWS);
      rows = new int[length];
      hashes = new long[length];
      slots = new int[length];
    }
  }

  /** Removes keys of a table that have nothing any more. */
  void forgetEmpty(SlotTable table) {
    @Nullable Object[] objects = table.objects(0);
    for (int i = 0; i < count; i++) {
      int slot = slots[i];
      if (slot >= 0
          && table.isLive(slot)
          && (!(objects[slot] instanceof KeyMatches key) || key.rules.isEmpty())) {
        table.remove(slot);
      }
    }
    count = 0;
  }
}
