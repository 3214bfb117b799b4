package io.fluxcore.domain.state;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.key.KeyHash;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one slot of a {@link SlotTable} holds beside its key: {@code cells} 64-bit cells, which
 * start as {@code initialCells}, and object columns, which start as null.
 *
 * <p>The last columns of a key may be a subkey: the key of a map's entry, the position in a list,
 * the time of a timer. The key group of a slot is that of the key without its subkey, so that all
 * that belongs to a key of the job stays with it: see {@link #hashes}.
 *
 * @param name state name, unique within the operator
 * @param keyTypes types of the key's columns, none for the one key of an ungrouped stream
 * @param subkeys how many of them, from the end, are the subkey
 * @param initialCells value of each cell in a new slot
 * @param objects serializer of each object column
 * @param merge adds the state of slots to others, where parts of a key's state may be kept apart
 *     ({@link SlotTable#resolveToAdd}); null where they may not
 */
public record StateLayout(
    String name,
    List<DataType> keyTypes,
    int subkeys,
    long[] initialCells,
    List<StateSerializer<Object>> objects,
    @Nullable SlotMerge merge) {
  private static final long LOW_HALF = 0xFFFF_FFFFL;

  public StateLayout {
    if (subkeys < 0 || subkeys > keyTypes.size()) {
      throw new IllegalArgumentException(subkeys + " subkeys of the key " + keyTypes);
    }
    keyTypes = List.copyOf(keyTypes);
    initialCells = initialCells.clone();
    objects = List.copyOf(objects);
  }

  /** A layout without subkeys, of which the parts of a key's state cannot be merged. */
  public StateLayout(
      String name,
      List<DataType> keyTypes,
      long[] initialCells,
      List<StateSerializer<Object>> objects) {
    this(name, keyTypes, 0, initialCells, objects, null);
  }

  /** A layout without subkeys. */
  public StateLayout(
      String name,
      List<DataType> keyTypes,
      long[] initialCells,
      List<StateSerializer<Object>> objects,
      @Nullable SlotMerge merge) {
    this(name, keyTypes, 0, initialCells, objects, merge);
  }

  /** A layout whose last key columns are a subkey, and of which parts cannot be merged. */
  public StateLayout(
      String name,
      List<DataType> keyTypes,
      int subkeys,
      long[] initialCells,
      List<StateSerializer<Object>> objects) {
    this(name, keyTypes, subkeys, initialCells, objects, null);
  }

  /**
   * The hashes of keys in tables of this layout: {@link KeyHash}, of which the high half, which
   * makes the key group, is that of the key without its subkey.
   *
   * @param keys columns of {@link #keyTypes}
   * @param rows physical rows
   * @param hashes receives the hash of {@code rows[i]} at {@code i}
   */
  public void hashes(Column[] keys, int[] rows, int count, long[] hashes) {
    hashes(keys, subkeys, rows, count, hashes);
  }

  /** The same for keys whose last columns are a subkey. */
  public static void hashes(Column[] keys, int subkeys, int[] rows, int count, long[] hashes) {
    KeyHash.ofRows(keys, rows, count, hashes);
    if (subkeys == 0) {
      return;
    }
    long[] ofKey = new long[count];
    KeyHash.ofRows(Arrays.copyOf(keys, keys.length - subkeys), rows, count, ofKey);
    for (int i = 0; i < count; i++) {
      hashes[i] = (ofKey[i] & ~LOW_HALF) | (hashes[i] & LOW_HALF);
    }
  }

  /** The same with more cells behind the others, which the layout cannot merge. */
  public StateLayout withCells(long... initial) {
    long[] all = Arrays.copyOf(initialCells, initialCells.length + initial.length);
    System.arraycopy(initial, 0, all, initialCells.length, initial.length);
    return new StateLayout(name, keyTypes, subkeys, all, objects);
  }

  /** Makes a slot of a table of this layout as it is when it is new, but for its key. */
  public void reset(SlotTable table, int slot) {
    int base = slot * table.stride() + table.offset(0);
    System.arraycopy(initialCells, 0, table.cells(), base, cells());
    for (int o = 0; o < objects.size(); o++) {
      table.objects(o)[slot] = null;
    }
  }

  /** Copies what a slot holds beside its key to a slot of another table of this layout. */
  public void copy(SlotTable from, int slot, SlotTable to, int toSlot) {
    System.arraycopy(
        from.cells(),
        slot * from.stride() + from.offset(0),
        to.cells(),
        toSlot * to.stride() + to.offset(0),
        cells());
    for (int o = 0; o < objects.size(); o++) {
      to.objects(o)[toSlot] = from.objects(o)[slot];
    }
  }

  /** Cells a slot. */
  public int cells() {
    return initialCells.length;
  }
}
