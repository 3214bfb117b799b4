package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives the results of windows: of all groups when a window fires, block by block, or of the groups
 * of late rows when it fires again. A window of several slices is merged into a scratch table
 * first.
 */
final class WindowFiring {
  private final WindowAggregation aggregation;
  private final AggregateProgram program;
  private final SlotTables tables;
  private final WindowOutput results;
  private final HeapSlotTable merged;
  private final HeapSlotTable collected;
  private final int[] block = new int[EventBatch.TARGET_ROWS];
  private final int[] targets = new int[EventBatch.TARGET_ROWS];
  private final int[] rows = new int[EventBatch.TARGET_ROWS];
  private final long[] hashes = new long[EventBatch.TARGET_ROWS];
  private int[] collectedSlots = new int[0];

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
    this.collected = HeapSlotTable.create(tables.layout());
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
  }

  /** The tables of a window that exist. */
  private List<SlotTable> tablesOf(long windowStart) {
    List<SlotTable> found = new ArrayList<>();
    if (!aggregation.isSliced()) {
      if (tables.has(windowStart)) {
        found.add(tables.table(windowStart));
      }
      return found;
    }
    WindowSpec window = aggregation.window();
    long windowEnd = window.end(windowStart);
    for (long slice = windowStart; slice < windowEnd; slice = window.sliceEnd(slice)) {
      if (tables.has(slice)) {
        found.add(tables.table(slice));
      }
    }
    return found;
  }

  /** Begins to fire a window. */
  void start(long windowStart) {
    start = windowStart;
    next = 0;
    List<SlotTable> parts = tablesOf(windowStart);
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
      emit(table, block, count, start, RowKind.INSERT, out);
      if (next < end && !out.hasCapacity()) {
        return false;
      }
    }
    source = null;
    return true;
  }

  private void emit(
      SlotTable table, int[] slots, int count, long windowStart, RowKind kind, Output out) {
    if (count > 0) {
      long windowEnd = aggregation.window().end(windowStart);
      out.emit(results.batch(table, slots, count, windowStart, windowEnd, kind));
    }
  }

  /** Remembers the different keys of rows for {@link #emitCollected}. */
  void collectKeys(Column[] keys, long[] keyHashes, int[] keyRows, int count) {
    if (collectedSlots.length < count) {
      collectedSlots = new int[count];
    }
    collected.clear();
    collected.resolve(keys, keyHashes, keyRows, count, collectedSlots);
  }

  /** Emits the results of the collected keys, for each of the windows that has them. */
  void emitCollected(List<Long> windowStarts, RowKind kind, Output out) {
    for (long windowStart : windowStarts) {
      merged.clear();
      for (SlotTable part : tablesOf(windowStart)) {
        mergeCollected(part);
      }
      int total = merged.loadAll();
      for (int from = 0; from < total; from += block.length) {
        int count = 0;
        for (int slot = from; slot < Math.min(total, from + block.length); slot++) {
          if (program.rows(merged, slot) != 0) {
            block[count++] = slot;
          }
        }
        emit(merged, block, count, windowStart, kind, out);
      }
    }
  }

  private void mergeCollected(SlotTable part) {
    int keyCount = collected.loadAll();
    for (int from = 0; from < keyCount; from += block.length) {
      int count = Math.min(block.length, keyCount - from);
      for (int i = 0; i < count; i++) {
        block[i] = from + i;
      }
      collected.hashes(block, count, hashes);
      Column[] keys = collected.keys(block, count);
      int[] found = new int[count];
      part.find(keys, hashes, rows, count, found);
      int present = 0;
      int[] presentRows = new int[count];
      int[] presentSlots = new int[count];
      long[] presentHashes = new long[count];
      for (int i = 0; i < count; i++) {
        if (found[i] >= 0) {
          presentRows[present] = i;
          presentHashes[present] = hashes[i];
          presentSlots[present++] = found[i];
        }
      }
      merged.resolve(keys, presentHashes, presentRows, present, targets);
      program.merge(merged, targets, part, presentSlots, present);
    }
  }
}
