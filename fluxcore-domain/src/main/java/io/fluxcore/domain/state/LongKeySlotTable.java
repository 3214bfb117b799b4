package io.fluxcore.domain.state;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.key.KeyHash;
import java.util.Arrays;

/** A table for one key of a long-backed type, held in the first cell of its slot's row. */
final class LongKeySlotTable extends HeapSlotTable {
  private static final int NONE = -1;

  private int nullSlot = NONE;

  LongKeySlotTable(StateLayout layout) {
    super(layout, 1);
  }

  @Override
  public void resolve(Column[] keys, long[] hashes, int[] rows, int count, int[] slots) {
    LongColumn column = (LongColumn) keys[0];
    long[] values = column.values();
    if (column.nulls() != null) {
      resolveNullable(column, hashes, rows, count, slots);
      return;
    }
    int[] table = index;
    int tableMask = mask;
    long[] state = cells;
    for (int i = 0; i < count; i++) {
      long key = values[rows[i]];
      int at = (int) hashes[i] & tableMask;
      int entry;
      while ((entry = table[at]) != 0 && state[(entry - 1) * stride] != key) {
        at = (at + 1) & tableMask;
      }
      if (entry == 0) {
        slots[i] = insert(key, hashes[i]);
        table = index;
        tableMask = mask;
        state = cells;
      } else {
        slots[i] = entry - 1;
      }
    }
  }

  private void resolveNullable(
      LongColumn column, long[] hashes, int[] rows, int count, int[] slots) {
    long[] values = column.values();
    for (int i = 0; i < count; i++) {
      if (NullBits.isSet(column.nulls(), rows[i])) {
        if (nullSlot == NONE) {
          if (isFull()) {
            grow();
          }
          nullSlot = newSlot();
        }
        slots[i] = nullSlot;
      } else {
        int slot = lookup(values[rows[i]], hashes[i]);
        slots[i] = slot == NONE ? insert(values[rows[i]], hashes[i]) : slot;
      }
    }
  }

  private int lookup(long key, long hash) {
    int at = (int) hash & mask;
    int entry;
    while ((entry = index[at]) != 0 && cells[(entry - 1) * stride] != key) {
      at = (at + 1) & mask;
    }
    return entry - 1;
  }

  /** Enters a key that is absent. */
  private int insert(long key, long hash) {
    if (isFull()) {
      grow();
    }
    int at = (int) hash & mask;
    while (index[at] != 0) {
      at = (at + 1) & mask;
    }
    int slot = newSlot();
    index[at] = slot + 1;
    cells[slot * stride] = key;
    return slot;
  }

  @Override
  public void find(Column[] keys, long[] hashes, int[] rows, int count, int[] slots) {
    LongColumn column = (LongColumn) keys[0];
    if (column.nulls() == null) {
      long[] values = column.values();
      for (int i = 0; i < count; i++) {
        slots[i] = lookup(values[rows[i]], hashes[i]);
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      slots[i] = column.isNull(rows[i]) ? nullSlot : lookup(column.value(rows[i]), hashes[i]);
    }
  }

  @Override
  long hash(int slot) {
    return slot == nullSlot ? KeyHash.OF_NULL : KeyHash.mix(cells[slot * stride]);
  }

  @Override
  boolean isIndexed(int slot) {
    return slot != nullSlot;
  }

  @Override
  public void remove(int slot) {
    super.remove(slot);
    if (slot == nullSlot) {
      nullSlot = NONE;
    }
  }

  @Override
  public void clear() {
    super.clear();
    nullSlot = NONE;
  }

  @Override
  public Column[] keys(int[] slots, int count) {
    long[] values = new long[count];
    long[] nulls = null;
    for (int i = 0; i < count; i++) {
      values[i] = cells[slots[i] * stride];
      if (slots[i] == nullSlot) {
        nulls = nulls == null ? NullBits.create(count) : nulls;
        NullBits.set(nulls, i);
      }
    }
    return new Column[] {new LongColumn(layout.keyTypes().get(0), count, values, nulls)};
  }

  @Override
  public String toString() {
    return "LongKeySlotTable" + Arrays.asList(layout.name(), size());
  }
}
