package io.fluxcore.domain.state;

import io.fluxcore.domain.event.Column;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A slot table on the heap: an open-addressing index of slot numbers over densely filled rows of
 * cells. Slots are handed out in the order in which keys appear, so keys that are used together lie
 * together in memory; a firing walks the cells from front to back. Linear probing, at most half
 * full; removal shifts back (Knuth 6.4, algorithm R).
 *
 * <p>How keys are held and compared is left to two subclasses: one for the single LONG key, which
 * lives inside the row of cells, and one for every other key.
 */
public abstract class HeapSlotTable implements SlotTable {
  private static final int INITIAL_SLOTS = 64;

  final StateLayout layout;
  final int stride;

  /** Slot + 1 by hash, 0 where free. Twice as long as there may be slots. */
  int[] index = new int[2 * INITIAL_SLOTS];

  int mask = index.length - 1;
  long[] cells;

  /** Slots below this were handed out. */
  int used;

  private final int firstCell;
  private final @Nullable Object[][] objects;
  private int live;
  private int[] freed = new int[0];
  private int freedCount;
  private long[] dead = new long[0];

  /**
   * A table whose rows have this many cells before the layout's own.
   *
   * @param keyCells cells that hold the key
   */
  HeapSlotTable(StateLayout layout, int keyCells) {
    this.layout = layout;
    this.firstCell = keyCells;
    this.stride = Math.max(1, keyCells + layout.cells());
    this.cells = new long[INITIAL_SLOTS * stride];
    this.objects = new @Nullable Object[layout.objects().size()][INITIAL_SLOTS];
  }

  /** An empty table of this layout. */
  public static HeapSlotTable create(StateLayout layout) {
    return layout.keyTypes().size() == 1 && layout.keyTypes().get(0).isLongBacked()
        ? new LongKeySlotTable(layout)
        : new ColumnKeySlotTable(layout);
  }

  final int capacity() {
    return index.length / 2;
  }

  @Override
  public final int size() {
    return live;
  }

  @Override
  public final int parts() {
    return 1;
  }

  /** One more than the largest slot. */
  public final int end() {
    return used;
  }

  @Override
  public final int load(int part, int parts) {
    if (parts != 1) {
      throw new IllegalArgumentException("a table on the heap is of one part, not of " + parts);
    }
    return used;
  }

  @Override
  public final void changed(int[] slots, int count) {
    // slots are the state itself
  }

  /** Slots that there is room for before the table is made twice as large. */
  public final int slotCapacity() {
    return capacity();
  }

  @Override
  public final boolean isLive(int slot) {
    return freedCount == 0 || slot >>> 6 >= dead.length || (dead[slot >>> 6] & (1L << slot)) == 0;
  }

  @Override
  public final long[] cells() {
    return cells;
  }

  @Override
  public final int stride() {
    return stride;
  }

  @Override
  public final int offset(int cell) {
    return firstCell + cell;
  }

  @Override
  public final @Nullable Object[] objects(int column) {
    return objects[column];
  }

  /** A slot with initial state; the caller enters it into the index and stores the key. */
  final int newSlot() {
    live++;
    int slot;
    if (freedCount > 0) {
      slot = freed[--freedCount];
      dead[slot >>> 6] &= ~(1L << slot);
    } else {
      slot = used++;
    }
    System.arraycopy(layout.initialCells(), 0, cells, slot * stride + firstCell, layout.cells());
    for (@Nullable Object[] column : objects) {
      column[slot] = null;
    }
    return slot;
  }

  /** Whether the next {@link #newSlot} needs {@link #grow} first. */
  final boolean isFull() {
    return used == capacity() && freedCount == 0;
  }

  /** Doubles the table. */
  void grow() {
    int slots = Math.multiplyExact(capacity(), 2);
    cells = Arrays.copyOf(cells, Math.multiplyExact(slots, stride));
    for (int i = 0; i < objects.length; i++) {
      objects[i] = Arrays.copyOf(objects[i], slots);
    }
    index = new int[Math.multiplyExact(slots, 2)];
    mask = index.length - 1;
    for (int slot = 0; slot < used; slot++) {
      if (isLive(slot) && isIndexed(slot)) {
        enter(slot, hash(slot));
      }
    }
  }

  private void enter(int slot, long hash) {
    int at = (int) hash & mask;
    while (index[at] != 0) {
      at = (at + 1) & mask;
    }
    index[at] = slot + 1;
  }

  /** The {@link io.fluxcore.domain.key.KeyHash} of a slot's key. */
  abstract long hash(int slot);

  /** Whether the slot's key is found through the index. */
  boolean isIndexed(int slot) {
    return true;
  }

  @Override
  public final void hashes(int[] slots, int count, long[] hashes) {
    for (int i = 0; i < count; i++) {
      hashes[i] = hash(slots[i]);
    }
  }

  @Override
  public void remove(int slot) {
    if (isIndexed(slot)) {
      removeFromIndex(slot);
    }
    live--;
    if (dead.length <= slot >>> 6) {
      dead = Arrays.copyOf(dead, Math.max((slot >>> 6) + 1, capacity() >>> 6));
    }
    dead[slot >>> 6] |= 1L << slot;
    if (freedCount == freed.length) {
      freed = Arrays.copyOf(freed, Math.max(16, freedCount * 2));
    }
    freed[freedCount++] = slot;
    for (@Nullable Object[] column : objects) {
      column[slot] = null;
    }
  }

  private void removeFromIndex(int slot) {
    int hole = (int) hash(slot) & mask;
    while (index[hole] != slot + 1) {
      hole = (hole + 1) & mask;
    }
    int at = hole;
    while (true) {
      at = (at + 1) & mask;
      if (index[at] == 0) {
        break;
      }
      int home = (int) hash(index[at] - 1) & mask;
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        index[hole] = index[at];
        hole = at;
      }
    }
    index[hole] = 0;
  }

  /** Forgets all keys and keeps the room. */
  public void clear() {
    Arrays.fill(index, 0);
    for (@Nullable Object[] column : objects) {
      Arrays.fill(column, 0, used, null);
    }
    used = 0;
    live = 0;
    freedCount = 0;
    Arrays.fill(dead, 0);
  }

  /** Bytes on the heap, about; objects count as 64 each. */
  public long estimatedBytes() {
    return 4L * index.length + 8L * cells.length + 64L * objects.length * used;
  }

  /** Finds or makes the slot of one row's key; for restore, where rows come one at a time. */
  final int resolveOne(Column[] keys, long hash, int row) {
    int[] slot = new int[1];
    resolve(keys, new long[] {hash}, new int[] {row}, 1, slot);
    return slot[0];
  }
}
