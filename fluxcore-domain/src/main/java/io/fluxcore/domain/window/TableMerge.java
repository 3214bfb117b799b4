package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.state.SlotTable;

/** Adds the state of all keys of a table to another table, block by block. */
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

  void merge(SlotTable part, SlotTable into) {
    int partEnd = part.loadAll();
    for (int from = 0; from < partEnd; ) {
      int count = 0;
      while (from < partEnd && count < block.length) {
        if (part.isLive(from)) {
          block[count++] = from;
        }
        from++;
      }
      part.hashes(block, count, hashes);
      into.resolve(part.keys(block, count), hashes, rows, count, targets);
      program.merge(into, targets, part, block, count);
    }
  }
}
