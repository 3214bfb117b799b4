package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives the results of all groups of a window, block by block. A window of several slices is merged
 * into a scratch table first.
 */
final class WindowFiring {
  private final WindowAggregation aggregation;
  private final AggregateProgram program;
  private final SlotTables tables;
  private final WindowOutput results;
  private final HeapSlotTable merged;
  private final int[] block = new int[EventBatch.TARGET_ROWS];
  private final int[] targets = new int[EventBatch.TARGET_ROWS];
  private final int[] rows = new int[EventBatch.TARGET_ROWS];
  private final long[] hashes = new long[EventBatch.TARGET_ROWS];

  private @Nullable SlotTable source;
  private long start;
  private int next;
  private int end;

  WindowFiring(
      WindowAggregation aggregation,
      AggregateProgram program,
      SlotTables tables,
      WindowOutput results) {
    this.aggregation = aggregation;
    this.program = program;
    this.tables = tables;
    this.results = results;
    this.merged = HeapSlotTable.create(tables.layout());
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
  }

  /** Begins to fire a window. */
  void start(long windowStart) {
    start = windowStart;
    next = 0;
    List<SlotTable> parts = aggregation.tablesOf(windowStart, tables);
    if (parts.size() == 1) {
      source = parts.get(0);
    } else {
      merged.clear();
      parts.forEach(this::merge);
      source = merged;
    }
    end = source.loadAll();
  }

  private void merge(SlotTable part) {
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
      merged.resolve(part.keys(block, count), hashes, rows, count, targets);
      program.merge(merged, targets, part, block, count);
    }
  }

  boolean isUnderWay() {
    return source != null;
  }

  long windowStart() {
    return start;
  }

  /** Emits blocks while downstream has capacity; whether the window is done. */
  boolean emit(Output out) {
    SlotTable table = source;
    if (table == null) {
      return true;
    }
    while (next < end) {
      int count = 0;
      while (next < end && count < block.length) {
        if (table.isLive(next) && program.rows(table, next) != 0) {
          block[count++] = next;
        }
        next++;
      }
      emit(table, count, out);
      if (next < end && !out.hasCapacity()) {
        return false;
      }
    }
    source = null;
    return true;
  }

  private void emit(SlotTable table, int count, Output out) {
    if (count > 0) {
      long windowEnd = aggregation.window().end(start);
      out.emit(results.batch(table, block, count, start, windowEnd));
    }
  }
}
