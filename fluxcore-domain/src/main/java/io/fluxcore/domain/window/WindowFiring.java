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
 * Gives the results of all groups of a window, block by block. The tables are walked through part
 * by part, so that no more than a part of the window is in memory. A window of several slices is
 * kept from one firing to the next ({@link RunningWindow}) where it is of one part, and otherwise
 * merged into a scratch table, part by part.
 */
final class WindowFiring {
  private final WindowAggregation aggregation;
  private final AggregateProgram program;
  private final SlotTables tables;
  private final WindowOutput results;
  private final HeapSlotTable merged;
  private final TableMerge merge;
  private final @Nullable RunningWindow running;
  private final int[] block = new int[EventBatch.TARGET_ROWS];

  private List<SlotTable> tablesOfWindow = List.of();
  private @Nullable SlotTable source;
  private long windowEnd;
  private int part;
  private int parts;
  private int next;
  private int endSlot;

  /**
   * Firings of windows.
   *
   * @param running the groups of windows that have several slices
   */
  WindowFiring(
      WindowAggregation aggregation,
      AggregateProgram program,
      SlotTables tables,
      WindowOutput results,
      @Nullable RunningWindow running) {
    this.aggregation = aggregation;
    this.program = program;
    this.tables = tables;
    this.results = results;
    this.merged = HeapSlotTable.create(tables.layout());
    this.merge = new TableMerge(program);
    this.running = running;
  }

  /** Begins to fire the window that ends there. */
  void start(long end) {
    windowEnd = end;
    tablesOfWindow = aggregation.tablesOf(end, tables);
    parts = 1;
    for (SlotTable table : tablesOfWindow) {
      parts = Math.max(parts, table.parts());
    }
    part = 0;
    source = load();
  }

  /** Brings a part of the window into one table. */
  private SlotTable load() {
    next = 0;
    RunningWindow kept = running;
    if (kept != null && parts == 1) {
      HeapSlotTable groups = kept.at(windowEnd);
      endSlot = groups.end();
      return groups;
    }
    if (kept != null) {
      kept.clear();
    }
    if (tablesOfWindow.size() == 1) {
      SlotTable table = tablesOfWindow.get(0);
      endSlot = table.load(part, parts);
      return table;
    }
    merged.clear();
    for (SlotTable table : tablesOfWindow) {
      merge.mergePart(table, part, parts, merged);
    }
    endSlot = merged.end();
    return merged;
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
    while (true) {
      int count = 0;
      while (next < endSlot && count < block.length) {
        if (table.isLive(next) && program.rows(table, next) != 0) {
          block[count++] = next;
        }
        next++;
      }
      emit(table, count, out);
      boolean isPartDone = next >= endSlot;
      if (isPartDone && part == parts - 1) {
        break;
      }
      if (isPartDone) {
        part++;
        table = load();
        source = table;
      }
      if (count > 0 && !out.hasCapacity()) {
        return false;
      }
    }
    source = null;
    tablesOfWindow = List.of();
    if (running != null) {
      running.fired(windowEnd);
    }
    return true;
  }

  private void emit(SlotTable table, int count, Output out) {
    if (count > 0) {
      out.emit(results.batch(table, block, count, windowEnd));
    }
  }
}
