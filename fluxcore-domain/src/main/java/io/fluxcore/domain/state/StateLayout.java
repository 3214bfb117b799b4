package io.fluxcore.domain.state;

import io.fluxcore.domain.event.DataType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one slot of a {@link SlotTable} holds beside its key: {@code cells} 64-bit cells, which
 * start as {@code initialCells}, and object columns, which start as null.
 *
 * @param name state name, unique within the operator
 * @param keyTypes types of the key's columns, none for the one key of an ungrouped stream
 * @param initialCells value of each cell in a new slot
 * @param objects serializer of each object column
 * @param merge adds the state of slots to others, where parts of a key's state may be kept apart
 *     ({@link SlotTable#resolveToAdd}); null where they may not
 */
public record StateLayout(
    String name,
    List<DataType> keyTypes,
    long[] initialCells,
    List<StateSerializer<Object>> objects,
    @Nullable SlotMerge merge) {
  public StateLayout {
    keyTypes = List.copyOf(keyTypes);
    initialCells = initialCells.clone();
    objects = List.copyOf(objects);
  }

  /** A layout of which the parts of a key's state cannot be merged. */
  public StateLayout(
      String name,
      List<DataType> keyTypes,
      long[] initialCells,
      List<StateSerializer<Object>> objects) {
    this(name, keyTypes, initialCells, objects, null);
  }

  /** The same with more cells behind the others, which the layout cannot merge. */
  public StateLayout withCells(long... initial) {
    long[] all = Arrays.copyOf(initialCells, initialCells.length + initial.length);
    System.arraycopy(initial, 0, all, initialCells.length, initial.length);
    return new StateLayout(name, keyTypes, all, objects);
  }

  /** Cells a slot. */
  public int cells() {
    return initialCells.length;
  }
}
