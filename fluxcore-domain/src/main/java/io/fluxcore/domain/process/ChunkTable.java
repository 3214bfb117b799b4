package io.fluxcore.domain.process;

import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A table with one slot for each key, of which all keys of a chunk are fetched when the first is
 * asked for. What is empty at the end of the chunk is forgotten.
 */
final class ChunkTable {
  private final SlotTables tables;
  private final IntPredicate isEmpty;
  private @Nullable KeyChunk resolved;
  private int[] slots = new int[0];

  /**
   * The table of a layout.
   *
   * @param isEmpty whether there is nothing in a slot
   */
  ChunkTable(StateBackend state, StateLayout layout, IntPredicate isEmpty) {
    this.tables = state.tables(layout);
    this.isEmpty = isEmpty;
  }

  SlotTable table() {
    return tables.table(0);
  }

  /** The slot of a key of a chunk; all chunks before have ended. */
  int slot(KeyChunk chunk, int position) {
    if (chunk != resolved) {
      if (slots.length < chunk.count()) {
        slots = new int[chunk.count()];
      }
      table().resolve(chunk.columns(), chunk.hashes(), chunk.rows(), chunk.count(), slots);
      resolved = chunk;
    }
    return slots[position];
  }

  /** The slots of keys, or -1 where there is nothing. Outside of chunks. */
  int[] find(KeyChunk keys) {
    int[] found = new int[keys.count()];
    table().find(keys.columns(), keys.hashes(), keys.rows(), keys.count(), found);
    return found;
  }

  int at(int slot, int cell) {
    return slot * table().stride() + table().offset(cell);
  }

  void endChunk() {
    KeyChunk chunk = resolved;
    if (chunk == null) {
      return;
    }
    resolved = null;
    SlotTable table = table();
    for (int i = 0; i < chunk.count(); i++) {
      if (table.isLive(slots[i]) && isEmpty.test(slots[i])) {
        table.remove(slots[i]);
      }
    }
  }
}
