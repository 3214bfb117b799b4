package io.fluxcore.domain.window;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import java.util.Arrays;

/**
 * All sessions of some groups, brought together from their tables, in columns: a session is a
 * number, and those of a group are chained from the newest to the oldest. What the sessions hold
 * stays in the tables; {@link #find} and {@link #resolve} lead there. Used again and again.
 */
final class SessionChains {
  /** In place of a session's number. */
  static final int NO_SESSION = -1;

  /** In {@link #origin}: the session is in no table yet. */
  static final long NOWHERE = Long.MIN_VALUE;

  /** Newest session by group. */
  int[] newest = new int[EventBatch.TARGET_ROWS];

  // by session
  int[] group = new int[EventBatch.TARGET_ROWS];
  int[] older = new int[EventBatch.TARGET_ROWS];
  long[] start = new long[EventBatch.TARGET_ROWS];
  long[] last = new long[EventBatch.TARGET_ROWS];
  boolean[] fired = new boolean[EventBatch.TARGET_ROWS];

  /** The start of the next older session, as the table has it. */
  long[] previous = new long[EventBatch.TARGET_ROWS];

  /** The namespace of the table that the session was found in. */
  long[] origin = new long[EventBatch.TARGET_ROWS];

  // by session, with a trigger
  long[] newRows = new long[EventBatch.TARGET_ROWS];
  long[] due = new long[EventBatch.TARGET_ROWS];
  long[] dueByClock = new long[EventBatch.TARGET_ROWS];
  long[] givenStart = new long[EventBatch.TARGET_ROWS];
  long[] givenLast = new long[EventBatch.TARGET_ROWS];

  private final SlotTables tables;
  private final SessionLayout layout;
  private Column[] keys = new Column[0];
  private long[] hashes = new long[0];
  private int groups;
  private int size;

  private int[] rows = new int[EventBatch.TARGET_ROWS];
  private int[] slots = new int[EventBatch.TARGET_ROWS];
  private long[] rowHashes = new long[EventBatch.TARGET_ROWS];
  private long[] namespaces = new long[EventBatch.TARGET_ROWS];
  private int[] followed = new int[EventBatch.TARGET_ROWS];

  /** What is done with the sessions of one table. */
  interface Action {
    /**
     * Takes sessions of different groups.
     *
     * @param slots the slot of {@code sessions[i]} at {@code i}
     */
    void on(SlotTable table, int[] sessions, int[] slots, int count);
  }

  SessionChains(SlotTables tables, SessionLayout layout) {
    this.tables = tables;
    this.layout = layout;
  }

  /** Number of sessions, those that were added included. */
  int size() {
    return size;
  }

  int groups() {
    return groups;
  }

  /** Keys of the groups, in rows from 0. */
  Column[] keys() {
    return keys;
  }

  /** Hash of the keys of a group. */
  long hash(int g) {
    return hashes[g];
  }

  /** Brings the sessions of groups together; the keys are in rows from 0. */
  void load(Column[] groupKeys, long[] groupHashes, int count) {
    keys = groupKeys;
    hashes = groupHashes;
    groups = count;
    size = 0;
    if (newest.length < count) {
      newest = new int[count];
    }
    Arrays.fill(newest, 0, count, NO_SESSION);
    if (!tables.has(SessionLayout.CURRENT)) {
      return;
    }
    reserve(count);
    for (int g = 0; g < count; g++) {
      rows[g] = g;
    }
    SlotTable table = tables.table(SessionLayout.CURRENT);
    table.find(keys, hashes, rows, count, slots);
    for (int g = 0; g < count; g++) {
      if (slots[g] >= 0) {
        newest[g] = found(table, slots[g], g, SessionLayout.CURRENT);
      }
    }
    follow(0);
  }

  /** A session of a table; {@link #NO_SESSION} where the slot is new. */
  private int found(SlotTable table, int slot, int g, long namespace) {
    long[] cells = table.cells();
    int base = slot * table.stride();
    if (cells[base + layout.start(table)] > cells[base + layout.last(table)]) {
      return NO_SESSION;
    }
    int session =
        add(g, cells[base + layout.start(table)], cells[base + layout.last(table)], namespace);
    previous[session] = cells[base + layout.previous(table)];
    fired[session] = cells[base + layout.fired(table)] != 0;
    if (layout.hasTriggers()) {
      newRows[session] = cells[base + layout.newRows(table)];
      due[session] = cells[base + layout.due(table)];
      dueByClock[session] = cells[base + layout.dueByClock(table)];
      givenStart[session] = cells[base + layout.givenStart(table)];
      givenLast[session] = cells[base + layout.givenLast(table)];
    }
    return session;
  }

  /** Writes what the trigger has of a session to its slot. */
  void storeTrigger(SlotTable table, int slot, int session) {
    long[] cells = table.cells();
    int base = slot * table.stride();
    cells[base + layout.newRows(table)] = newRows[session];
    cells[base + layout.due(table)] = due[session];
    cells[base + layout.dueByClock(table)] = dueByClock[session];
    cells[base + layout.givenStart(table)] = givenStart[session];
    cells[base + layout.givenLast(table)] = givenLast[session];
  }

  /** Finds the older sessions of those from a number on, and of what it finds. */
  private void follow(int firstSession) {
    int from = firstSession;
    while (from < size) {
      int count = 0;
      int end = size;
      reserve(end);
      for (int session = from; session < end; session++) {
        if (previous[session] != SessionLayout.NONE) {
          namespaces[count] = layout.namespace(previous[session]);
          followed[count++] = session;
        }
      }
      from = end;
      for (LongGroups.Group namespace : LongGroups.of(namespaces, count)) {
        if (tables.has(namespace.value)) {
          int[] sessions = pick(followed, namespace);
          SlotTable table = tables.table(namespace.value);
          locate(sessions, namespace.count);
          table.find(keys, rowHashes, rows, namespace.count, slots);
          link(table, namespace.value, sessions, namespace.count);
        }
      }
    }
  }

  private void link(SlotTable table, long namespace, int[] newer, int count) {
    for (int i = 0; i < count; i++) {
      if (slots[i] >= 0
          && table.cells()[slots[i] * table.stride() + layout.start(table)] == previous[newer[i]]) {
        int session = found(table, slots[i], group[newer[i]], namespace);
        older[newer[i]] = session; // not in one: what finds it may have grown the columns
      }
    }
  }

  private static int[] pick(int[] sessions, LongGroups.Group positions) {
    int[] picked = new int[positions.count];
    for (int i = 0; i < picked.length; i++) {
      picked[i] = sessions[positions.positions[i]];
    }
    return picked;
  }

  /** The keys of sessions, as rows and hashes. */
  private void locate(int[] sessions, int count) {
    reserve(count);
    for (int i = 0; i < count; i++) {
      rows[i] = group[sessions[i]];
      rowHashes[i] = hashes[rows[i]];
    }
  }

  private void reserve(int count) {
    if (rows.length < count) {
      int length = Math.max(count, 2 * rows.length);
      rows = Arrays.copyOf(rows, length);
      slots = Arrays.copyOf(slots, length);
      rowHashes = Arrays.copyOf(rowHashes, length);
      namespaces = Arrays.copyOf(namespaces, length);
      followed = Arrays.copyOf(followed, length);
    }
  }

  /** A session that is in no chain yet. */
  int add(int g, long sessionStart, long sessionLast, long namespace) {
    if (size == group.length) {
      int length = 2 * size;
      group = Arrays.copyOf(group, length);
      older = Arrays.copyOf(older, length);
      start = Arrays.copyOf(start, length);
      last = Arrays.copyOf(last, length);
      fired = Arrays.copyOf(fired, length);
      previous = Arrays.copyOf(previous, length);
      origin = Arrays.copyOf(origin, length);
      newRows = Arrays.copyOf(newRows, length);
      due = Arrays.copyOf(due, length);
      dueByClock = Arrays.copyOf(dueByClock, length);
      givenStart = Arrays.copyOf(givenStart, length);
      givenLast = Arrays.copyOf(givenLast, length);
    }
    int session = size++;
    group[session] = g;
    older[session] = NO_SESSION;
    start[session] = sessionStart;
    last[session] = sessionLast;
    fired[session] = false;
    previous[session] = SessionLayout.NONE;
    origin[session] = namespace;
    newRows[session] = 0;
    due[session] = SessionTriggers.NEVER;
    dueByClock[session] = SessionTriggers.NEVER;
    givenStart[session] = SessionLayout.NONE;
    givenLast[session] = SessionLayout.NONE;
    return session;
  }

  /**
   * Finds sessions in their tables, the older before the newest of a group.
   *
   * @param namespaceOf the table of each session, by its number
   */
  void find(int[] sessions, int count, long[] namespaceOf, Action action) {
    each(sessions, count, namespaceOf, false, action);
  }

  /** As {@link #find}; makes slots for those that are not there. */
  void resolve(int[] sessions, int count, long[] namespaceOf, Action action) {
    each(sessions, count, namespaceOf, true, action);
  }

  private void each(int[] sessions, int count, long[] namespaceOf, boolean make, Action action) {
    reserve(count);
    for (int i = 0; i < count; i++) {
      namespaces[i] = namespaceOf[sessions[i]];
    }
    for (LongGroups.Group namespace : LongGroups.of(namespaces, count)) {
      int[] picked = pick(sessions, namespace);
      SlotTable table = tables.table(namespace.value);
      locate(picked, namespace.count);
      if (make) {
        table.resolve(keys, rowHashes, rows, namespace.count, slots);
      } else {
        table.find(keys, rowHashes, rows, namespace.count, slots);
      }
      action.on(table, picked, slots, namespace.count);
      if (table.size() == 0 && namespace.value != SessionLayout.CURRENT) {
        tables.drop(namespace.value);
      }
    }
  }
}
