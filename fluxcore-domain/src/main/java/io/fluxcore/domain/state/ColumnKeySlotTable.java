package io.fluxcore.domain.state;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import java.util.Arrays;

/**
 * A table for keys of any types and number. Each slot keeps the 64-bit hash of its key; probing
 * compares hashes only, and the keys of the slots that were found are then verified column by
 * column in loops. Two keys of one hash are all but impossible, so the rows that fail the
 * verification may take a slow path.
 */
final class ColumnKeySlotTable extends HeapSlotTable {
  private static final int NONE = -1;

  private final KeyStore[] stores;
  private long[] slotHashes;
  private boolean[] differs = new boolean[0];

  ColumnKeySlotTable(StateLayout layout) {
    super(layout, 0);
    slotHashes = new long[capacity()];
    stores = new KeyStore[layout.keyTypes().size()];
    for (int i = 0; i < stores.length; i++) {
      DataType type = layout.keyTypes().get(i);
      stores[i] = KeyStore.create(type, capacity());
    }
  }

  @Override
  public void resolve(Column[] keys, long[] hashes, int[] rows, int count, int[] slots) {
    for (int i = 0; i < count; i++) {
      int slot = candidate(hashes[i]);
      slots[i] = slot == NONE ? insert(keys, hashes[i], rows[i]) : slot;
    }
    if (!verify(keys, rows, count, slots)) {
      for (int i = 0; i < count; i++) {
        if (differs[i]) {
          int slot = lookup(keys, hashes[i], rows[i]);
          slots[i] = slot == NONE ? insert(keys, hashes[i], rows[i]) : slot;
        }
      }
    }
  }

  @Override
  public void find(Column[] keys, long[] hashes, int[] rows, int count, int[] slots) {
    for (int i = 0; i < count; i++) {
      slots[i] = lookup(keys, hashes[i], rows[i]);
    }
  }

  /** The first slot of this hash. */
  private int candidate(long hash) {
    int[] table = index;
    long[] known = slotHashes;
    int at = (int) hash & mask;
    int entry;
    while ((entry = table[at]) != 0 && known[entry - 1] != hash) {
      at = (at + 1) & mask;
    }
    return entry - 1;
  }

  /** Whether every row's key equals that of its slot; {@link #differs} tells which do not. */
  private boolean verify(Column[] keys, int[] rows, int count, int[] slots) {
    if (differs.length < count) {
      differs = new boolean[count];
    }
    Arrays.fill(differs, 0, count, false);
    boolean same = true;
    for (int k = 0; k < keys.length; k++) {
      same &= stores[k].compare(keys[k], rows, count, slots, differs);
    }
    return same;
  }

  /** The slot of exactly this key. */
  private int lookup(Column[] keys, long hash, int row) {
    int at = (int) hash & mask;
    int entry;
    while ((entry = index[at]) != 0) {
      if (slotHashes[entry - 1] == hash && holds(entry - 1, keys, row)) {
        return entry - 1;
      }
      at = (at + 1) & mask;
    }
    return NONE;
  }

  private boolean holds(int slot, Column[] keys, int row) {
    for (int k = 0; k < keys.length; k++) {
      if (!stores[k].holds(slot, keys[k], row)) {
        return false;
      }
    }
    return true;
  }

  private int insert(Column[] keys, long hash, int row) {
    if (isFull()) {
      grow();
    }
    int at = (int) hash & mask;
    while (index[at] != 0) {
      at = (at + 1) & mask;
    }
    int slot = newSlot();
    index[at] = slot + 1;
    slotHashes[slot] = hash;
    for (int k = 0; k < keys.length; k++) {
      stores[k].store(slot, keys[k], row);
    }
    return slot;
  }

  @Override
  void grow() {
    super.grow();
    slotHashes = Arrays.copyOf(slotHashes, capacity());
    for (KeyStore store : stores) {
      store.grow(capacity());
    }
  }

  @Override
  long hash(int slot) {
    return slotHashes[slot];
  }

  @Override
  public Column[] keys(int[] slots, int count) {
    Column[] result = new Column[stores.length];
    for (int k = 0; k < stores.length; k++) {
      result[k] = stores[k].column(slots, count);
    }
    return result;
  }

  @Override
  public void clear() {
    for (KeyStore store : stores) {
      store.clear(used);
    }
    super.clear();
  }

  @Override
  public long estimatedBytes() {
    return super.estimatedBytes() + 8L * slotHashes.length + 48L * stores.length * used;
  }
}
