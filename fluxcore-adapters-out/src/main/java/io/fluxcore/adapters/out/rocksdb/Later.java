package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.SlotMerge;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.StateLayout;
import java.util.List;

/** One slot for what was added later, until it is merged. Not thread-safe. */
final class Later {
  private final SlotMerge merge;
  private final HeapSlotTable table;
  private final int[] slots = new int[1];
  private final int[] target = new int[1];

  Later(StateLayout layout, SlotMerge merge) {
    this.merge = merge;
    this.table =
        HeapSlotTable.create(
            new StateLayout(
                layout.name(), List.of(DataType.LONG), layout.initialCells(), layout.objects()));
    Column[] keys = {new LongColumn(1, new long[1])};
    table.resolve(keys, new long[] {KeyHash.mix(0)}, new int[1], 1, slots);
  }

  HeapSlotTable table() {
    return table;
  }

  int slot() {
    return slots[0];
  }

  /** Adds what is in the slot to another one; the objects are its own afterwards. */
  void mergeInto(SlotTable into, int slot) {
    target[0] = slot;
    merge.merge(into, target, table, slots, 1);
  }
}
