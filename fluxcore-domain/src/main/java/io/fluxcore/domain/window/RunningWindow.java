package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SlotWalk;
import io.fluxcore.domain.state.StateLayout;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The groups of the window that fires, kept from one window to the next: a slice is added when it
 * comes in and taken off when it goes out, instead of adding up all slices of each window.
 *
 * <p>Each group counts the slices that hold it. A group that no slice holds any more is forgotten.
 * One that others hold too is made smaller by subtraction where that is exact (counts and sums of
 * integers), and otherwise added up anew from the slices that are left: sums of doubles do not
 * drift, and a maximum is found again. Where most groups are in several slices, adding them up one
 * by one would be dearer than adding up the next window as a whole, which is done then.
 *
 * <p>Rows that change a slice after it came in are told by {@link #changed}; their groups are added
 * up anew.
 *
 * <p>The whole window is held in memory, so it is for tables that are. Not part of snapshots: after
 * a restore the first firing adds up its slices. Windows fire in the order of their ends.
 */
final class RunningWindow {
  /** Slices a group is in, on average, above which windows are added up as a whole. */
  private static final int MANY_SLICES = 2;

  private final AggregateProgram program;
  private final TimeWindows windows;
  private final SlotTables tables;
  private final boolean subtracts;
  private final HeapSlotTable groups;

  /** The cell that counts the slices which hold a group. */
  private final int holders;

  private final HeapSlotTable changed;

  /** Namespaces of the slices that were added. */
  private final TreeSet<Long> held = new TreeSet<>();

  private final int[] block = new int[EventBatch.TARGET_ROWS];
  private final int[] rows = new int[EventBatch.TARGET_ROWS];
  private final int[] targets = new int[EventBatch.TARGET_ROWS];
  private final int[] found = new int[EventBatch.TARGET_ROWS];
  private final int[] keptRows = new int[EventBatch.TARGET_ROWS];
  private final int[] keptSlots = new int[EventBatch.TARGET_ROWS];
  private final int[] keptTargets = new int[EventBatch.TARGET_ROWS];
  private final long[] hashes = new long[EventBatch.TARGET_ROWS];
  private int[] changedSlots = new int[0];

  RunningWindow(AggregateProgram program, TimeWindows windows, SlotTables tables) {
    this.program = program;
    this.windows = windows;
    this.tables = tables;
    this.subtracts = program.canSubtract();
    StateLayout layout = tables.layout();
    this.groups = HeapSlotTable.create(layout.withCells(0));
    this.holders = layout.cells();
    Arrays.setAll(rows, i -> i);
    this.changed =
        HeapSlotTable.create(new StateLayout("changed", layout.keyTypes(), new long[0], List.of()));
  }

  /** Whether the table of this namespace was added. */
  boolean holds(long namespace) {
    return held.contains(namespace);
  }

  /** Says that rows were added to a table that is held. */
  void changed(Column[] keys, long[] keyHashes, int[] keyRows, int count) {
    if (changedSlots.length < count) {
      changedSlots = new int[count];
    }
    changed.resolve(keys, keyHashes, keyRows, count, changedSlots);
  }

  /** Says that a table will be added to another and dropped. */
  void folds(long namespace, long into) {
    if (holds(namespace) != holds(into)) {
      clear(); // a part of what will be one table is in the groups, and a part is not
    }
    held.remove(namespace);
  }

  /** The groups of a window; valid until {@link #fired}. */
  HeapSlotTable at(long windowEnd) {
    long start = windows.start(windowEnd);
    leaveBefore(start);
    for (long slice = start; slice < windowEnd; slice = windows.sliceEnd(slice)) {
      if (tables.has(slice) && held.add(slice)) {
        enter(tables.table(slice));
      }
    }
    settle();
    return groups;
  }

  /** Takes off the slices of a window that has fired which are not in the next one. */
  void fired(long windowEnd) {
    leaveBefore(windows.start(windows.nextEnd(windowEnd)));
  }

  private void enter(SlotTable part) {
    SlotWalk walk = new SlotWalk(part);
    for (int count = walk.next(block); count > 0; count = walk.next(block)) {
      part.hashes(block, count, hashes);
      groups.resolve(part.keys(block, count), hashes, rows, count, targets);
      program.merge(groups, targets, part, block, count);
      countHolders(targets, count);
    }
  }

  private void countHolders(int[] slots, int count) {
    long[] cells = groups.cells();
    int stride = groups.stride();
    int offset = groups.offset(holders);
    for (int i = 0; i < count; i++) {
      cells[slots[i] * stride + offset]++;
    }
  }

  private void leaveBefore(long start) {
    NavigableSet<Long> leaving = held.headSet(start, false);
    if (leaving.isEmpty()) {
      return;
    }
    if (leaving.size() == held.size()
        || !leaving.stream().allMatch(tables::has)
        || (!subtracts && areInManySlices())) {
      clear();
      return;
    }
    settle();
    leaving.forEach(slice -> leave(tables.table(slice)));
    leaving.clear();
  }

  private boolean areInManySlices() {
    long inSlices = 0;
    for (long slice : held) {
      if (tables.has(slice)) {
        inSlices += tables.table(slice).size();
      }
    }
    return inSlices > (long) MANY_SLICES * groups.size();
  }

  private void leave(SlotTable part) {
    SlotWalk walk = new SlotWalk(part);
    for (int count = walk.next(block); count > 0; count = walk.next(block)) {
      part.hashes(block, count, hashes);
      Column[] keys = part.keys(block, count);
      groups.find(keys, hashes, rows, count, targets);
      int kept = release(count);
      if (kept == 0) {
        continue;
      }
      if (subtracts) {
        program.subtract(groups, keptTargets, part, keptSlots, kept);
      } else {
        for (int i = 0; i < kept; i++) {
          hashes[i] = hashes[keptRows[i]];
        }
        changed(keys, hashes, keptRows, kept);
      }
    }
  }

  /** Forgets the groups of a block that no other slice holds; how many are kept. */
  private int release(int count) {
    long[] cells = groups.cells();
    int stride = groups.stride();
    int offset = groups.offset(holders);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int target = targets[i];
      if (--cells[target * stride + offset] == 0) {
        groups.remove(target);
      } else {
        keptRows[kept] = i;
        keptSlots[kept] = block[i];
        keptTargets[kept++] = target;
      }
    }
    return kept;
  }

  /** Adds up the groups that have changed anew, from the slices that are held. */
  private void settle() {
    if (changed.size() == 0) {
      return;
    }
    SlotWalk walk = new SlotWalk(changed);
    for (int count = walk.next(block); count > 0; count = walk.next(block)) {
      settle(count);
    }
    changed.clear();
  }

  private void settle(int count) {
    changed.hashes(block, count, hashes);
    Column[] keys = changed.keys(block, count);
    groups.resolve(keys, hashes, rows, count, targets);
    program.clear(groups, targets, count);
    int stride = groups.stride();
    int offset = groups.offset(holders);
    for (int i = 0; i < count; i++) {
      groups.cells()[targets[i] * stride + offset] = 0;
    }
    for (long slice : held) {
      if (tables.has(slice)) {
        add(tables.table(slice), keys, count);
      }
    }
    for (int i = 0; i < count; i++) {
      if (groups.cells()[targets[i] * stride + offset] == 0) {
        groups.remove(targets[i]);
      }
    }
  }

  /** Adds what a slice holds of the groups in the block. */
  private void add(SlotTable part, Column[] keys, int count) {
    part.find(keys, hashes, rows, count, found);
    int present = 0;
    for (int i = 0; i < count; i++) {
      if (found[i] >= 0) {
        keptSlots[present] = found[i];
        keptTargets[present++] = targets[i];
      }
    }
    program.merge(groups, keptTargets, part, keptSlots, present);
    countHolders(keptTargets, present);
  }

  /** Forgets everything; the next window is added up as a whole. */
  void clear() {
    held.clear();
    changed.clear();
    groups.clear();
  }
}
