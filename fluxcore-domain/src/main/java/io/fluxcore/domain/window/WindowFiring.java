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
  private final TableMerge merge;
  private final int[] block = new int[EventBatch.TARGET_ROWS];

  private @Nullable SlotTable source;
  private long windowEnd;
  private int next;
  private int endSlot;

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
    this.merge = new TableMerge(program);
  }

  /** Begins to fire the window that ends there. */
  void start(long end) {
    windowEnd = end;
    next = 0;
    List<SlotTable> parts = aggregation.tablesOf(end, tables);
    if (parts.size() == 1) {
      source = parts.get(0);
    } else {
      merged.clear();
      parts.forEach(part -> merge.merge(part, merged));
      source = merged;
    }
    endSlot = source.loadAll();
  }

  boolean isUnderWay() {
    return source != null;
  }

  long windowEnd() {
    return windowEnd;
  }

  /** Emits blocks while downstream has capacity; whether the window is done. */
  boolean emit(Output out) {
    SlotTable table = source;
    if (table == null) {
      return true;
    }
    while (next < endSlot) {
      int count = 0;
      while (next < endSlot && count < block.length) {
        if (table.isLive(next) && program.rows(table, next) != 0) {
          block[count++] = next;
        }
        next++;
      }
      emit(table, count, out);
      if (next < endSlot && !out.hasCapacity()) {
        return false;
      }
    }
    source = null;
    return true;
  }

  private void emit(SlotTable table, int count, Output out) {
    if (count > 0) {
      out.emit(results.batch(table, block, count, windowEnd));
    }
  }
}
