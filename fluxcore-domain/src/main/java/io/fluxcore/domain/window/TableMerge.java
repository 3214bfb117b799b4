package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotWalk;

/** Adds the state of keys of a table to another table, block by block. */
final class TableMerge {
  private final AggregateProgram program;
  private final int[] block = new int[EventBatch.TARGET_ROWS];
  private final int[] targets = new int[EventBatch.TARGET_ROWS];
  private final int[] rows = new int[EventBatch.TARGET_ROWS];
  private final long[] hashes = new long[EventBatch.TARGET_ROWS];

  TableMerge(AggregateProgram program) {
    this.program = program;
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
  }

  /** Adds all keys of a table. */
  void merge(SlotTable from, SlotTable into) {
    SlotWalk walk = new SlotWalk(from);
    for (int count = walk.next(block); count > 0; count = walk.next(block)) {
      add(from, count, into);
    }
  }

  /** Adds the keys of one part of a table. */
  void mergePart(SlotTable from, int part, int parts, SlotTable into) {
    int end = from.load(part, parts);
    for (int next = 0; next < end; ) {
      int count = 0;
      while (next < end && count < block.length) {
        if (from.isLive(next)) {
          block[count++] = next;
        }
        next++;
      }
      add(from, count, into);
    }
  }

  private void add(SlotTable from, int count, SlotTable into) {
    from.hashes(block, count, hashes);
    into.resolveToAdd(from.keys(block, count), hashes, rows, count, targets);
    program.merge(into, targets, from, block, count);
  }
}
