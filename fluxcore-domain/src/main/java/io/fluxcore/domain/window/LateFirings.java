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
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Has windows that have fired fire again for the groups of late rows, once per batch: first the
 * rows of the batch are collected by window, then they are accumulated, then the results of their
 * groups are emitted. Where windows retract, the results before are taken back: as update-before
 * and update-after, or as an insertion where the group is new to the window, or as a deletion where
 * nothing is left of it.
 */
final class LateFirings {
  private final WindowAggregation aggregation;
  private final AggregateProgram program;
  private final SlotTables tables;
  private final WindowOutput results;
  private final HeapSlotTable merged;
  private final int[] block = new int[EventBatch.TARGET_ROWS];
  private final int[] rows = new int[EventBatch.TARGET_ROWS];
  private final int[] found = new int[EventBatch.TARGET_ROWS];
  private final int[] presentRows = new int[EventBatch.TARGET_ROWS];
  private final int[] presentSlots = new int[EventBatch.TARGET_ROWS];
  private final int[] targets = new int[EventBatch.TARGET_ROWS];
  private final long[] hashes = new long[EventBatch.TARGET_ROWS];
  private final long[] presentHashes = new long[EventBatch.TARGET_ROWS];
  private int[] keySlots = new int[0];
  private int[] owners = new int[0];

  /** Window end → the groups of the batch's late rows. */
  private final TreeMap<Long, HeapSlotTable> groups = new TreeMap<>();

  /** Window end → the results before the batch. */
  private final TreeMap<Long, Results> before = new TreeMap<>();

  /** Results of a window, and of which of its {@link #groups} each row is. */
  private record Results(List<EventBatch> batches, List<int[]> owners, BitSet present) {}

  LateFirings(
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

  /** Remembers the groups of rows that fall into windows which have fired. */
  void collect(List<Long> windowEnds, Column[] keys, long[] keyHashes, int[] keyRows, int count) {
    if (keySlots.length < count) {
      keySlots = new int[count];
    }
    for (long end : windowEnds) {
      groups
          .computeIfAbsent(end, e -> HeapSlotTable.create(tables.layout()))
          .resolve(keys, keyHashes, keyRows, count, keySlots);
    }
  }

  boolean isEmpty() {
    return groups.isEmpty();
  }

  /** Ends of windows that fire again. */
  List<Long> windowEnds() {
    return List.copyOf(groups.keySet());
  }

  /** Keeps the results as they are, to be taken back. */
  void keepResults() {
    groups.forEach((end, keys) -> before.put(end, results(end, keys)));
  }

  /** Emits the results as they are now, and forgets what was collected. */
  void emit(Output out) {
    for (Map.Entry<Long, HeapSlotTable> entry : groups.entrySet()) {
      Results after = results(entry.getKey(), entry.getValue());
      Results old = before.get(entry.getKey());
      if (old == null) {
        after.batches().forEach(out::emit);
      } else {
        emit(old, RowKind.UPDATE_BEFORE, RowKind.DELETE, after.present(), out);
        emit(after, RowKind.UPDATE_AFTER, RowKind.INSERT, old.present(), out);
      }
    }
    groups.clear();
    before.clear();
  }

  /** Emits results with one kind where the group is present on the other side too. */
  private static void emit(
      Results results, RowKind inBoth, RowKind inOne, BitSet otherSide, Output out) {
    for (int b = 0; b < results.batches().size(); b++) {
      int[] owners = results.owners().get(b);
      byte[] kinds = new byte[owners.length];
      for (int i = 0; i < kinds.length; i++) {
        kinds[i] = (otherSide.get(owners[i]) ? inBoth : inOne).code();
      }
      out.emit(results.batches().get(b).withRowKinds(kinds));
    }
  }

  private Results results(long windowEnd, HeapSlotTable keys) {
    merged.clear();
    for (SlotTable part : aggregation.tablesOf(windowEnd, tables)) {
      merge(part, keys);
    }
    Results window = new Results(new ArrayList<>(), new ArrayList<>(), new BitSet());
    int total = merged.end();
    for (int from = 0; from < total; from += block.length) {
      int count = 0;
      for (int slot = from; slot < Math.min(total, from + block.length); slot++) {
        if (program.rows(merged, slot) != 0) {
          block[count++] = slot;
        }
      }
      int[] blockOwners = new int[count];
      for (int i = 0; i < count; i++) {
        blockOwners[i] = owners[block[i]];
        window.present().set(blockOwners[i]);
      }
      window.batches().add(results.batch(merged, block, count, windowEnd));
      window.owners().add(blockOwners);
    }
    return window;
  }

  /** Adds the state of these keys in a table. */
  private void merge(SlotTable part, HeapSlotTable keys) {
    int keyCount = keys.end();
    if (owners.length < keyCount) {
      owners = new int[Math.max(keyCount, EventBatch.TARGET_ROWS)];
    }
    for (int from = 0; from < keyCount; from += block.length) {
      int count = Math.min(block.length, keyCount - from);
      for (int i = 0; i < count; i++) {
        block[i] = from + i;
      }
      keys.hashes(block, count, hashes);
      Column[] columns = keys.keys(block, count);
      part.find(columns, hashes, rows, count, found);
      int present = 0;
      for (int i = 0; i < count; i++) {
        if (found[i] >= 0) {
          presentRows[present] = i;
          presentHashes[present] = hashes[i];
          presentSlots[present++] = found[i];
        }
      }
      merged.resolve(columns, presentHashes, presentRows, present, targets);
      program.merge(merged, targets, part, presentSlots, present);
      for (int i = 0; i < present; i++) {
        owners[targets[i]] = from + presentRows[i];
      }
    }
  }
}
