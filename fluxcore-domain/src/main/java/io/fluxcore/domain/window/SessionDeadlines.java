package io.fluxcore.domain.window;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SlotWalk;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;

/**
 * When to look at the sessions of a group. The end of a session moves with each row, so an entry is
 * a hint, made when the session begins: at that time, or later, something is due; who looks makes
 * the next hint. A session of many rows costs a hint per gap.
 *
 * <p>Hints are keyed state, a table per stretch of time; which stretches there are is kept beside,
 * so that a watermark at which nothing is due costs a comparison.
 */
final class SessionDeadlines {
  private static final String STATE = "deadlines";

  /** Stretches of time in a gap: so many tables at least, each with so small a share of groups. */
  private static final int PER_GAP = 64;

  /** In place of a deadline that has passed. */
  private static final long NEVER = Long.MAX_VALUE;

  private final SlotTables tables;
  private final long width;

  /** Namespace → the earliest deadline, or one before it. */
  private final TreeMap<Long, Long> earliest = new TreeMap<>();

  private long[] namespaces = new long[EventBatch.TARGET_ROWS];
  private long[] hashes = new long[EventBatch.TARGET_ROWS];
  private int[] slots = new int[EventBatch.TARGET_ROWS];

  /**
   * Groups that are to be looked at.
   *
   * @param columns their keys, in rows from 0
   */
  record Keys(Column[] columns, long[] hashes, int count) {}

  SessionDeadlines(StateBackend state, List<DataType> keyTypes, long gap) {
    this(state, STATE, keyTypes, Math.max(1, gap / PER_GAP));
  }

  /**
   * Deadlines of some time.
   *
   * @param width milliseconds of a stretch, which must not change while there is state
   */
  SessionDeadlines(StateBackend state, String name, List<DataType> keyTypes, long width) {
    this.tables = state.tables(new StateLayout(name, keyTypes, new long[] {NEVER}, List.of()));
    this.width = width;
  }

  /** Takes over what is in the tables. */
  void restored() {
    for (long namespace : tables.namespaces()) {
      earliest.put(namespace, namespace * width);
    }
  }

  /**
   * Adds a deadline for the group of each row.
   *
   * @param deadlines of {@code rows[i]} at {@code i}
   */
  void add(Column[] keys, int[] rows, long[] deadlines, int count) {
    if (namespaces.length < count) {
      namespaces = new long[count];
      hashes = new long[count];
      slots = new int[count];
    }
    for (int i = 0; i < count; i++) {
      namespaces[i] = Math.floorDiv(deadlines[i], width);
    }
    for (LongGroups.Group group : LongGroups.of(namespaces, count)) {
      add(keys, rows, deadlines, group);
    }
  }

  private void add(Column[] keys, int[] rows, long[] deadlines, LongGroups.Group group) {
    int[] groupRows = new int[group.count];
    for (int i = 0; i < group.count; i++) {
      groupRows[i] = rows[group.positions[i]];
    }
    KeyHash.ofRows(keys, groupRows, group.count, hashes);
    SlotTable table = tables.table(group.value);
    table.resolve(keys, hashes, groupRows, group.count, slots);
    long[] cells = table.cells();
    int offset = table.offset(0);
    long least = NEVER;
    for (int i = 0; i < group.count; i++) {
      long deadline = deadlines[group.positions[i]];
      int cell = slots[i] * table.stride() + offset;
      cells[cell] = Math.min(cells[cell], deadline);
      least = Math.min(least, deadline);
    }
    earliest.merge(group.value, least, Math::min);
  }

  /** The earliest deadline, or one before it; {@link Long#MAX_VALUE} when there is none. */
  long earliest() {
    return earliest.isEmpty() ? NEVER : earliest.firstEntry().getValue();
  }

  /** Takes out the groups of the first stretch with something due; whether there was one. */
  boolean poll(long watermark, Deque<Keys> due) {
    for (var entry : earliest.entrySet()) {
      long namespace = entry.getKey();
      if (namespace > Math.floorDiv(watermark, width)) {
        return false;
      }
      if (entry.getValue() <= watermark) {
        take(namespace, watermark, due);
        return true;
      }
    }
    return false;
  }

  private void take(long namespace, long watermark, Deque<Keys> due) {
    SlotTable table = tables.table(namespace);
    SlotWalk walk = new SlotWalk(table);
    long left = NEVER;
    int[] block = new int[EventBatch.TARGET_ROWS];
    while (!walk.isDone()) {
      int found = walk.next(block);
      long[] cells = table.cells();
      int offset = table.offset(0);
      int count = 0;
      for (int i = 0; i < found; i++) {
        int cell = block[i] * table.stride() + offset;
        if (cells[cell] > watermark) {
          left = Math.min(left, cells[cell]);
        } else {
          cells[cell] = NEVER;
          block[count++] = block[i];
        }
      }
      if (count > 0) {
        table.changed(block, count);
        due.add(keys(table, block, count));
      }
    }
    if (left == NEVER) {
      tables.drop(namespace);
      earliest.remove(namespace);
    } else {
      earliest.put(namespace, left);
    }
  }

  private static Keys keys(SlotTable table, int[] block, int count) {
    long[] keyHashes = new long[count];
    table.hashes(block, count, keyHashes);
    return new Keys(table.keys(block, count), keyHashes, count);
  }
}
