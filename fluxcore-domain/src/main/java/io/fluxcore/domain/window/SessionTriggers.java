package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When sessions fire that have a {@link Trigger} beside the watermark, and what they then give. The
 * trigger's state is in the columns of {@link SessionChains}: rows since the session has fired, and
 * when it fires next in event time and in processing time. Sessions that become one have the sum of
 * their rows and the earliest of their times, as in Flink.
 *
 * <p>Under {@link Accumulation#RETRACTING} what was given last is kept in tables of its own, in the
 * namespace of its start: results that are out belong to different sessions, and start at least a
 * gap apart. It stays while its session only grows, until the session fires next; where sessions
 * become one it is taken back at once, since these sessions are no more.
 */
final class SessionTriggers {
  static final long NEVER = Long.MAX_VALUE;

  private static final String GIVEN = "given";

  /** Milliseconds in a table of deadlines by the clock; a part of the state's format. */
  private static final long CLOCK_MILLIS = 1_000;

  private static final String CLOCK_DEADLINES = "clock-deadlines";

  private final WindowAggregation aggregation;
  private final SessionWindows windows;
  private final Trigger trigger;
  private final Accumulation accumulation;
  private final AggregateProgram program;
  private final SessionLayout layout;
  private final SessionChains chains;
  private final SessionOutput results;
  private final boolean isByClock;
  private final long everyMillis;
  private final long everyProcessingMillis;
  private final @Nullable SlotTables given;
  private final @Nullable SessionDeadlines clockDeadlines;
  private final HeapSlotTable late;

  private int[] rows = new int[EventBatch.TARGET_ROWS];
  private int[] givenSlots = new int[EventBatch.TARGET_ROWS];
  private long[] hashes = new long[EventBatch.TARGET_ROWS];
  private long[] namespaces = new long[EventBatch.TARGET_ROWS];
  private long now = Long.MIN_VALUE;

  SessionTriggers(
      WindowAggregation aggregation,
      SessionWindows windows,
      AggregateProgram program,
      SessionLayout layout,
      SessionChains chains,
      SessionOutput results,
      StateBackend state) {
    this.aggregation = aggregation;
    this.windows = windows;
    this.isByClock = aggregation.time() == TimeCharacteristic.PROCESSING;
    this.trigger = aggregation.trigger();
    this.accumulation = aggregation.accumulation();
    this.program = program;
    this.layout = layout;
    this.chains = chains;
    this.results = results;
    this.everyMillis = millis(trigger.earlyEvery());
    this.everyProcessingMillis = millis(trigger.earlyEveryProcessingTime());
    List<DataType> keyTypes = layout.state().keyTypes();
    this.given =
        accumulation == Accumulation.RETRACTING
            ? state.tables(program.layout(GIVEN, keyTypes))
            : null;
    this.clockDeadlines =
        !isByClock && everyProcessingMillis > 0
            ? new SessionDeadlines(state, CLOCK_DEADLINES, keyTypes, CLOCK_MILLIS)
            : null;
    this.late = HeapSlotTable.create(new StateLayout("late", keyTypes, new long[0], List.of()));
  }

  private static long millis(@Nullable Duration interval) {
    return interval == null ? 0 : interval.toMillis();
  }

  /** The least multiple of the interval after a time. */
  private static long multipleAfter(long time, long interval) {
    return time >= NEVER - interval ? NEVER : time - Math.floorMod(time, interval) + interval;
  }

  /** Deadlines of processing time, for windows of event time that fire by it. */
  @Nullable SessionDeadlines clockDeadlines() {
    return clockDeadlines;
  }

  /** Groups with sessions that late rows have changed and that fire at the end of the batch. */
  HeapSlotTable late() {
    return late;
  }

  void now(long millis) {
    now = millis;
  }

  /** Takes over what is in the tables. */
  void restored(long millis) {
    now = millis;
    if (clockDeadlines != null) {
      clockDeadlines.restored();
    }
  }

  boolean firesOnWatermark() {
    return trigger.firesOnWatermark();
  }

  boolean firesEachLateRow() {
    return trigger.late() == LateFiring.EACH_ROW;
  }

  /** Whether a session has fired on the watermark, or does at once, so that its rows are late. */
  boolean isPast(int session, long over) {
    return trigger.firesOnWatermark() && chains.last[session] <= over;
  }

  // Rows

  /** Counts a row that has come to a session, and has it fire after the intervals if it is new. */
  void arrived(int session, long time, long over) {
    chains.newRows[session]++;
    if (isPast(session, over)) {
      return;
    }
    if (everyMillis > 0 && chains.due[session] == NEVER) {
      chains.due[session] = multipleAfter(time, everyMillis);
    }
    if (everyProcessingMillis > 0 && chains.dueByClock[session] == NEVER) {
      chains.dueByClock[session] = multipleAfter(now, everyProcessingMillis);
    }
  }

  /** A row of a session counts for nothing. */
  void refused(int session) {
    chains.newRows[session]--;
  }

  /** Has a group's sessions fire at the end of the batch. */
  void late(int group) {
    late.resolve(chains.keys(), new long[] {chains.hash(group)}, new int[] {group}, 1, new int[1]);
  }

  /** Whether a session fires at the row that has just come. */
  boolean isFull(int session, long over) {
    return isPast(session, over)
        ? firesEachLateRow()
        : trigger.earlyAfter() > 0 && chains.newRows[session] >= trigger.earlyAfter();
  }

  /** A session becomes a part of another. */
  void joined(int session, int part) {
    chains.newRows[session] += chains.newRows[part];
    chains.due[session] = Math.min(chains.due[session], chains.due[part]);
    chains.dueByClock[session] = Math.min(chains.dueByClock[session], chains.dueByClock[part]);
  }

  // Time

  /**
   * When to look at a session: when it is over, closed or due. In time of the watermark, which for
   * windows of processing time is a millisecond behind the clock.
   */
  long deadline(int session) {
    long end = chains.last[session] + windows.gapMillis() - 1;
    boolean waitsForClose = chains.fired[session] || !trigger.firesOnWatermark();
    long until = waitsForClose ? end + aggregation.allowedLatenessMillis() : end;
    long early = isByClock ? beforeClock(chains.dueByClock[session]) : chains.due[session];
    return Math.min(until, early);
  }

  private static long beforeClock(long time) {
    return time == NEVER ? NEVER : time - 1;
  }

  /** Whether a session is due when the watermark moves; sets when it is next. */
  boolean isDue(int session, long watermark) {
    if (isByClock) {
      return isDueByClock(session);
    }
    if (chains.due[session] == NEVER || chains.due[session] > watermark) {
      return false;
    }
    chains.due[session] = multipleAfter(watermark, everyMillis);
    return true;
  }

  /** Whether a session is due by processing time; sets when it is next. */
  boolean isDueByClock(int session) {
    if (chains.dueByClock[session] == NEVER || chains.dueByClock[session] > now) {
      return false;
    }
    chains.dueByClock[session] = multipleAfter(now, everyProcessingMillis);
    return true;
  }

  /** A session has fired on the watermark: only late rows have it fire again. */
  void past(int session) {
    chains.due[session] = NEVER;
    chains.dueByClock[session] = NEVER;
  }

  // Results

  /**
   * Gives the results of sessions, as the accumulation says. The sessions must be marked as changed
   * in their table, or be in none.
   *
   * @param slots where the aggregates of {@code sessions[i]} are, at {@code i}
   */
  void fire(SlotTable table, int[] sessions, int[] slots, int count, Output out) {
    for (int from = 0; from < count; from += EventBatch.TARGET_ROWS) {
      int to = Math.min(count, from + EventBatch.TARGET_ROWS);
      int[] blockSessions = new int[to - from];
      int[] blockSlots = new int[to - from];
      int fires = 0;
      for (int i = from; i < to; i++) {
        if (given == null ? program.rows(table, slots[i]) != 0 : isChanged(sessions[i])) {
          blockSessions[fires] = sessions[i];
          blockSlots[fires++] = slots[i];
        }
      }
      if (given != null) {
        replace(given, table, blockSessions, blockSlots, fires, out);
      } else if (fires > 0) {
        out.emit(image(table, blockSessions, blockSlots, fires, chains.start, chains.last));
      }
    }
    if (accumulation == Accumulation.DISCARDING) {
      program.clear(table, slots, count);
    }
    for (int i = 0; i < count; i++) {
      chains.newRows[sessions[i]] = 0;
    }
  }

  private boolean isGiven(int session) {
    return chains.givenStart[session] != SessionLayout.NONE;
  }

  private boolean isChanged(int session) {
    return chains.newRows[session] != 0 || !hasGivenBounds(session);
  }

  private boolean hasGivenBounds(int session) {
    return chains.givenStart[session] == chains.start[session]
        && chains.givenLast[session] == chains.last[session];
  }

  private void replace(
      SlotTables old, SlotTable table, int[] sessions, int[] slots, int count, Output out) {
    int[] before = new int[count];
    byte[] kindsBefore = new byte[count];
    int beforeCount = 0;
    int[] after = new int[count];
    int[] slotsAfter = new int[count];
    byte[] kindsAfter = new byte[count];
    int afterCount = 0;
    for (int i = 0; i < count; i++) {
      int session = sessions[i];
      boolean isThere = program.rows(table, slots[i]) != 0;
      boolean updates = isThere && hasGivenBounds(session);
      if (isGiven(session)) {
        before[beforeCount] = session;
        kindsBefore[beforeCount++] = (updates ? RowKind.UPDATE_BEFORE : RowKind.DELETE).code();
      }
      if (isThere) {
        after[afterCount] = session;
        slotsAfter[afterCount] = slots[i];
        kindsAfter[afterCount++] = (updates ? RowKind.UPDATE_AFTER : RowKind.INSERT).code();
      }
    }
    takeBack(old, before, kindsBefore, beforeCount, out);
    if (afterCount > 0) {
      byte[] kinds = java.util.Arrays.copyOf(kindsAfter, afterCount);
      out.emit(
          image(table, after, slotsAfter, afterCount, chains.start, chains.last)
              .withRowKinds(kinds));
    }
    keep(old, table, after, slotsAfter, afterCount);
  }

  /** Deletes what was given of sessions, if any, since they have become parts of others. */
  void delete(int[] sessions, int count, Output out) {
    if (given == null) {
      return;
    }
    int[] taken = new int[count];
    byte[] kinds = new byte[count];
    int takenCount = 0;
    for (int i = 0; i < count; i++) {
      if (isGiven(sessions[i])) {
        kinds[takenCount] = RowKind.DELETE.code();
        taken[takenCount++] = sessions[i];
      }
    }
    takeBack(given, taken, kinds, takenCount, out);
  }

  /** Takes back what was given, and forgets it. */
  private void takeBack(SlotTables old, int[] sessions, byte[] kinds, int count, Output out) {
    for (LongGroups.Group namespace : byNamespace(sessions, count, chains.givenStart)) {
      for (int from = 0; from < namespace.count; from += EventBatch.TARGET_ROWS) {
        int n = Math.min(EventBatch.TARGET_ROWS, namespace.count - from);
        int[] picked = new int[n];
        byte[] pickedKinds = new byte[n];
        for (int i = 0; i < n; i++) {
          picked[i] = sessions[namespace.positions[from + i]];
          pickedKinds[i] = kinds[namespace.positions[from + i]];
        }
        SlotTable table = old.table(namespace.value);
        locate(picked, n);
        table.find(chains.keys(), hashes, rows, n, givenSlots);
        out.emit(
            image(table, picked, givenSlots, n, chains.givenStart, chains.givenLast)
                .withRowKinds(pickedKinds));
        forget(table, picked, n);
      }
      dropIfEmpty(old, namespace.value);
    }
  }

  private void forget(SlotTable table, int[] sessions, int count) {
    for (int i = 0; i < count; i++) {
      table.remove(givenSlots[i]);
      chains.givenStart[sessions[i]] = SessionLayout.NONE;
      chains.givenLast[sessions[i]] = SessionLayout.NONE;
    }
  }

  private static void dropIfEmpty(SlotTables old, long namespace) {
    if (old.table(namespace).size() == 0) {
      old.drop(namespace);
    }
  }

  /** Remembers what is given. */
  private void keep(SlotTables old, SlotTable table, int[] sessions, int[] slots, int count) {
    for (LongGroups.Group namespace : byNamespace(sessions, count, chains.start)) {
      int n = namespace.count;
      int[] picked = new int[n];
      int[] pickedSlots = new int[n];
      for (int i = 0; i < n; i++) {
        picked[i] = sessions[namespace.positions[i]];
        pickedSlots[i] = slots[namespace.positions[i]];
      }
      SlotTable kept = old.table(namespace.value);
      locate(picked, n);
      kept.resolve(chains.keys(), hashes, rows, n, givenSlots);
      program.clear(kept, givenSlots, n);
      program.merge(kept, givenSlots, table, pickedSlots, n);
      for (int session : picked) {
        chains.givenStart[session] = chains.start[session];
        chains.givenLast[session] = chains.last[session];
      }
    }
  }

  /** Forgets what was given of sessions that are closed; it stands. */
  void closed(int[] sessions, int count) {
    if (given == null) {
      return;
    }
    int[] kept = new int[count];
    int keptCount = 0;
    for (int i = 0; i < count; i++) {
      if (isGiven(sessions[i])) {
        kept[keptCount++] = sessions[i];
      }
    }
    for (LongGroups.Group namespace : byNamespace(kept, keptCount, chains.givenStart)) {
      int[] picked = new int[namespace.count];
      for (int i = 0; i < picked.length; i++) {
        picked[i] = kept[namespace.positions[i]];
      }
      SlotTable table = given.table(namespace.value);
      locate(picked, picked.length);
      table.find(chains.keys(), hashes, rows, picked.length, givenSlots);
      forget(table, picked, picked.length);
      dropIfEmpty(given, namespace.value);
    }
  }

  private Iterable<LongGroups.Group> byNamespace(int[] sessions, int count, long[] starts) {
    if (namespaces.length < count) {
      namespaces = new long[count];
    }
    for (int i = 0; i < count; i++) {
      namespaces[i] = layout.namespace(starts[sessions[i]]);
    }
    return LongGroups.of(namespaces, count);
  }

  /** The keys of sessions, as rows and hashes. */
  private void locate(int[] sessions, int count) {
    if (rows.length < count) {
      rows = new int[count];
      hashes = new long[count];
      givenSlots = new int[count];
    }
    for (int i = 0; i < count; i++) {
      rows[i] = chains.group[sessions[i]];
      hashes[i] = chains.hash(rows[i]);
    }
  }

  private EventBatch image(
      SlotTable table, int[] sessions, int[] slots, int count, long[] starts, long[] lasts) {
    int[] groups = new int[count];
    long[] imageStarts = new long[count];
    long[] imageLasts = new long[count];
    for (int i = 0; i < count; i++) {
      groups[i] = chains.group[sessions[i]];
      imageStarts[i] = starts[sessions[i]];
      imageLasts[i] = lasts[sessions[i]];
    }
    Column[] keys = new Column[chains.keys().length];
    for (int k = 0; k < keys.length; k++) {
      keys[k] = chains.keys()[k].gather(groups, count);
    }
    return results.batch(keys, imageStarts, imageLasts, table, slots, count);
  }
}
