package io.fluxcore.domain.state;

import io.fluxcore.domain.event.DataType;
import java.util.Arrays;
import java.util.List;

/**
 * What one slot of a {@link SlotTable} holds beside its key: {@code cells} 64-bit cells, which
 * start as {@code initialCells}, and object columns, which start as null.
 *
 * @param name state name, unique within the operator
 * @param keyTypes types of the key's columns, none for the one key of an ungrouped stream
 * @param initialCells value of each cell in a new slot
 * @param objects serializer of each object column
 */
public record StateLayout(
    String name,
    List<DataType> keyTypes,
    long[] initialCells,
    List<StateSerializer<Object>> objects) {
  public StateLayout {
    keyTypes = List.copyOf(keyTypes);
    initialCells = initialCells.clone();
    objects = List.copyOf(objects);
  }

  /** The same with more cells behind the others. */
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
