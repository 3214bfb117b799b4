package io.fluxcore.domain.window;

import static io.fluxcore.domain.window.SessionChains.NO_SESSION;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.StateLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds the rows that do more than extend the newest session of their group: that begin another one,
 * join two, fall into an older or a fired one, or are late. All sessions of their groups are
 * brought together, the rows are placed one after the other in the order of their arrival, and what
 * has changed is written back. Sessions that had fired fire again here, once a batch.
 *
 * <p>Where sessions have a trigger beside the watermark, all rows come here, and are taken in
 * rounds, in each of which a group fires once at most: the rows of a group end for a round with the
 * one at which a session fires. Sessions that late rows have changed and that fire once a batch are
 * left to {@link SessionTriggers#late}.
 */
final class SessionMerging {
  private final WindowAggregation aggregation;
  private final SessionWindows windows;
  private final long gap;
  private final long reach;
  private final AggregateProgram program;
  private final SessionLayout layout;
  private final SessionDeadlines deadlines;
  private final SessionChains chains;
  private final SessionOutput results;
  private final OperatorContext context;
  private final @Nullable SessionTriggers triggers;
  private final int[] partialOrdinals;

  private final HeapSlotTable groups;
  private final HeapSlotTable scratch;
  private int[] ids = new int[0];
  private long[] idValues = new long[0];
  private long[] idHashes = new long[0];
  private long[] groupHashes = new long[EventBatch.TARGET_ROWS];
  private int[] groupOf = new int[EventBatch.TARGET_ROWS];
  private int[] sessionOf = new int[EventBatch.TARGET_ROWS];
  private int[] accepted = new int[EventBatch.TARGET_ROWS];
  private int[] restRows = new int[EventBatch.TARGET_ROWS];
  private long[] restHashes = new long[EventBatch.TARGET_ROWS];
  private int restCount;

  // by session
  private int[] into = new int[0];
  private boolean[] touched = new boolean[0];
  private long[] target = new long[0];
  private long[] loadedStart = new long[0];
  private long[] loadedLast = new long[0];
  private long[] loadedDeadline = new long[0];
  private long[] loadedClockDeadline = new long[0];
  private boolean[] emits = new boolean[0];
  private boolean[] replaces = new boolean[0];

  private int[] list = new int[0];
  private int[] listOfRoots = new int[0];
  private long over;
  private long closed;

  SessionMerging(
      WindowAggregation aggregation,
      SessionWindows windows,
      AggregateProgram program,
      SessionLayout layout,
      SessionDeadlines deadlines,
      SessionChains chains,
      SessionOutput results,
      OperatorContext context,
      @Nullable SessionTriggers triggers) {
    this.aggregation = aggregation;
    this.windows = windows;
    this.gap = windows.gapMillis();
    this.reach = windows.reachMillis();
    this.program = program;
    this.layout = layout;
    this.deadlines = deadlines;
    this.chains = chains;
    this.results = results;
    this.context = context;
    this.triggers = triggers;
    List<DataType> keyTypes = layout.state().keyTypes();
    this.groups = HeapSlotTable.create(new StateLayout("groups", keyTypes, new long[0], List.of()));
    this.scratch = HeapSlotTable.create(program.layout("scratch", List.of(DataType.LONG)));
    this.partialOrdinals = new int[] {keyTypes.size()};
  }

  /**
   * Adds rows, or partial results.
   *
   * @param arrived the batch, and what stands for times and keys in it
   * @param rows physical rows in the order of their arrival
   * @param hashes of the key of {@code rows[i]} at {@code i}
   */
  void add(SessionRows arrived, int[] rows, long[] hashes, int count, long watermark, Output out) {
    over = windows.lastOver(watermark);
    closed = windows.lastClosed(watermark, aggregation.allowedLatenessMillis());
    if (restRows.length < count) {
      restRows = new int[count];
      restHashes = new long[count];
    }
    add(arrived, rows, hashes, count, out);
    while (restCount > 0) {
      add(arrived, restRows, restHashes, restCount, out);
    }
  }

  /** A round; what is not taken is left in {@link #restRows}. */
  private void add(SessionRows arrived, int[] rows, long[] hashes, int count, Output out) {
    load(arrived.keys(), rows, hashes, count);
    int acceptedCount = place(arrived, rows, hashes, count, out);
    int sessions = chains.size();
    if (acceptedCount == 0) {
      return;
    }
    for (int i = 0; i < acceptedCount; i++) {
      sessionOf[i] = root(sessionOf[i]);
    }
    chooseTables();
    read(sessions);
    if (triggers == null) {
      List<Image> before = imagesBefore(sessions);
      merge(sessions);
      accumulate(arrived, acceptedCount);
      emit(before, sessions, out);
    } else {
      merge(sessions);
      accumulateCounted(triggers, arrived, acceptedCount);
      emit(triggers, sessions, out);
    }
    write(sessions);
  }

  private void load(Column[] keys, int[] rows, long[] hashes, int count) {
    if (groupOf.length < count) {
      groupOf = new int[count];
      sessionOf = new int[count];
      accepted = new int[count];
      groupHashes = new long[count];
    }
    groups.clear();
    groups.resolve(keys, hashes, rows, count, groupOf);
    int groupCount = groups.size();
    int[] all = new int[groupCount];
    Arrays.setAll(all, i -> i);
    groups.hashes(all, groupCount, groupHashes);
    chains.load(groups.keys(all, groupCount), groupHashes, groupCount);
    int loaded = chains.size();
    reserve(loaded + count);
    Arrays.fill(into, 0, loaded + count, NO_SESSION);
    Arrays.fill(touched, 0, loaded + count, false);
    Arrays.fill(emits, 0, loaded + count, false);
    Arrays.fill(replaces, 0, loaded + count, false);
    System.arraycopy(chains.start, 0, loadedStart, 0, loaded);
    System.arraycopy(chains.last, 0, loadedLast, 0, loaded);
    for (int session = 0; triggers != null && session < loaded; session++) {
      loadedDeadline[session] = triggers.deadline(session);
      loadedClockDeadline[session] = chains.dueByClock[session];
    }
  }

  private void reserve(int sessions) {
    if (into.length < sessions) {
      int length = Math.max(sessions, 2 * into.length);
      into = new int[length];
      touched = new boolean[length];
      target = new long[length];
      loadedStart = new long[length];
      loadedLast = new long[length];
      loadedDeadline = new long[length];
      loadedClockDeadline = new long[length];
      emits = new boolean[length];
      replaces = new boolean[length];
      list = new int[length];
      listOfRoots = new int[length];
      ids = new int[length];
      idValues = new long[length];
      idHashes = new long[length];
      Arrays.setAll(ids, i -> i);
      Arrays.setAll(idValues, i -> i);
      Arrays.setAll(idHashes, i -> io.fluxcore.domain.key.KeyHash.mix(i));
    }
  }

  /** Places rows; how many were accepted. The others are late, or left for the next round. */
  private int place(SessionRows arrived, int[] rows, long[] hashes, int count, Output out) {
    BitSet full = new BitSet();
    int rest = 0;
    int acceptedCount = 0;
    int[] late = new int[count];
    int lateCount = 0;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      if (full.get(groupOf[i])) {
        restRows[rest] = row;
        restHashes[rest++] = hashes[i];
        continue;
      }
      int session = place(groupOf[i], arrived.firsts()[row], arrived.lasts()[row]);
      if (session == NO_SESSION) {
        late[lateCount++] = row;
      } else {
        sessionOf[acceptedCount] = session;
        accepted[acceptedCount++] = row;
        if (triggers != null) {
          triggers.arrived(session, arrived.firsts()[row], over);
          full.set(groupOf[i], triggers.isFull(session, over));
        }
      }
    }
    restCount = rest;
    if (lateCount > 0) {
      context.ledger().late(lateCount);
      if (!arrived.isPartials()) {
        out.emit(
            WindowAggregation.LATE_PORT,
            arrived.batch().withSelection(Arrays.copyOf(late, lateCount), lateCount));
      }
    }
    return acceptedCount;
  }

  /** The session of a row, which may begin or join some; none if the row is late. */
  private int place(int group, long first, long last) {
    int newer = NO_SESSION;
    int session = chains.newest[group];
    while (session != NO_SESSION && chains.start[session] - last > reach) {
      newer = session;
      session = chains.older[session];
    }
    if (session == NO_SESSION || first - chains.last[session] > reach) {
      return last <= closed ? NO_SESSION : begin(group, first, last, newer, session);
    }
    chains.start[session] = Math.min(chains.start[session], first);
    chains.last[session] = Math.max(chains.last[session], last);
    touched[session] = true;
    int older = chains.older[session];
    while (older != NO_SESSION && chains.start[session] - chains.last[older] <= reach) {
      chains.start[session] = Math.min(chains.start[session], chains.start[older]);
      into[older] = session;
      if (triggers != null) {
        triggers.joined(session, older);
      }
      older = chains.older[older];
    }
    chains.older[session] = older;
    return session;
  }

  private int begin(int group, long first, long last, int newer, int older) {
    int session = chains.add(group, first, last, SessionChains.NOWHERE);
    chains.older[session] = older;
    if (newer == NO_SESSION) {
      chains.newest[group] = session;
    } else {
      chains.older[newer] = session;
    }
    touched[session] = true;
    return session;
  }

  private int root(int session) {
    int root = session;
    while (into[root] != NO_SESSION) {
      root = into[root];
    }
    return root;
  }

  private boolean isLoaded(int session) {
    return chains.origin[session] != SessionChains.NOWHERE;
  }

  private boolean isMerged(int session) {
    return into[session] != NO_SESSION;
  }

  private boolean isMoved(int session) {
    return isLoaded(session) && chains.origin[session] != target[session];
  }

  private void chooseTables() {
    for (int group = 0; group < chains.groups(); group++) {
      int session = chains.newest[group];
      for (boolean first = true; session != NO_SESSION; first = false) {
        target[session] = first ? SessionLayout.CURRENT : layout.namespace(chains.start[session]);
        session = chains.older[session];
      }
    }
  }

  /** Copies what the sessions that change or move hold; a session's slot is its number. */
  private void read(int sessions) {
    scratch.clear();
    scratch.resolve(
        new Column[] {new LongColumn(sessions, idValues)},
        idHashes,
        ids,
        sessions,
        new int[sessions]);
    int count = 0;
    for (int session = 0; session < sessions; session++) {
      if (isLoaded(session) && (touched[session] || isMerged(session) || isMoved(session))) {
        list[count++] = session;
      }
    }
    chains.find(
        list,
        count,
        chains.origin,
        (table, numbers, slots, n) -> program.merge(scratch, numbers, table, slots, n));
  }

  private void merge(int sessions) {
    int count = 0;
    for (int session = 0; session < sessions; session++) {
      if (isMerged(session)) {
        list[count] = session;
        listOfRoots[count++] = root(session);
      }
    }
    program.merge(scratch, listOfRoots, scratch, list, count);
  }

  private void accumulate(SessionRows arrived, int count) {
    EventBatch batch = arrived.batch();
    if (arrived.isPartials()) {
      program.mergePartials(scratch, sessionOf, batch, partialOrdinals[0], accepted, count);
    } else {
      RowErrors errors = context.failures().of(batch);
      program.accumulate(scratch, sessionOf, batch, accepted, count, errors);
    }
  }

  // Results of sessions with a trigger

  /** Rows that were refused do not count. */
  private void accumulateCounted(SessionTriggers counting, SessionRows arrived, int count) {
    EventBatch batch = arrived.batch();
    RefusedRows refused = new RefusedRows(context.failures().of(batch));
    program.accumulate(scratch, sessionOf, batch, accepted, count, refused);
    for (int i = 0; !refused.isEmpty() && i < count; i++) {
      if (refused.contains(accepted[i])) {
        counting.refused(sessionOf[i]);
      }
    }
  }

  private void emit(SessionTriggers giving, int sessions, Output out) {
    int joined = 0;
    for (int session = 0; session < sessions; session++) {
      if (isMerged(session)) {
        list[joined++] = session;
        int root = root(session);
        if (!emits[root]) {
          emits[root] = true; // listed once
          list[joined++] = root;
        }
      }
    }
    giving.delete(list, joined, out);
    int count = 0;
    for (int group = 0; group < chains.groups(); group++) {
      for (int session = chains.newest[group];
          session != NO_SESSION;
          session = chains.older[session]) {
        if (touched[session] && fires(giving, session)) {
          list[count++] = session;
        }
      }
    }
    giving.fire(scratch, list, list, count, out);
  }

  /** Whether a changed session fires now; has it fire at the end of the batch otherwise. */
  private boolean fires(SessionTriggers giving, int session) {
    boolean isPast = giving.isPast(session, over);
    chains.fired[session] = isPast && giving.firesEachLateRow();
    if (isPast) {
      giving.past(session);
      if (!giving.firesEachLateRow()) {
        giving.late(chains.group[session]);
      }
    }
    return giving.isFull(session, over);
  }

  // Results

  /** Results of sessions, at most a batch. */
  private record Image(EventBatch batch, int[] sessions) {}

  private List<Image> images(int[] sessions, int count, long[] starts, long[] lasts) {
    List<Image> images = new ArrayList<>();
    for (int from = 0; from < count; from += EventBatch.TARGET_ROWS) {
      int[] numbers =
          Arrays.copyOfRange(sessions, from, Math.min(count, from + EventBatch.TARGET_ROWS));
      int n = numbers.length;
      int[] rows = new int[n];
      long[] imageStarts = new long[n];
      long[] imageLasts = new long[n];
      for (int i = 0; i < n; i++) {
        rows[i] = chains.group[numbers[i]];
        imageStarts[i] = starts[numbers[i]];
        imageLasts[i] = lasts[numbers[i]];
      }
      Column[] keys = new Column[chains.keys().length];
      for (int k = 0; k < keys.length; k++) {
        keys[k] = chains.keys()[k].gather(rows, n);
      }
      images.add(
          new Image(results.batch(keys, imageStarts, imageLasts, scratch, numbers, n), numbers));
    }
    return images;
  }

  /** The results that are taken back, the oldest of a group first. */
  private List<Image> imagesBefore(int sessions) {
    if (aggregation.accumulation() != Accumulation.RETRACTING) {
      return List.of();
    }
    int count = 0;
    for (int session = sessions - 1; session >= 0; session--) {
      if (isLoaded(session)
          && chains.fired[session]
          && (touched[session] || isMerged(session))
          && program.rows(scratch, session) != 0) {
        list[count++] = session;
      }
    }
    return images(list, count, loadedStart, loadedLast);
  }

  /** Has changed sessions that are over fire, the oldest of a group first. */
  private void emit(List<Image> before, int sessions, Output out) {
    int count = fire(sessions);
    for (Image image : before) {
      byte[] kinds = new byte[image.sessions().length];
      for (int i = 0; i < kinds.length; i++) {
        kinds[i] = takeBack(image.sessions()[i]).code();
      }
      out.emit(image.batch().withRowKinds(kinds));
    }
    for (Image image : images(list, count, chains.start, chains.last)) {
      out.emit(image.batch().withRowKinds(kinds(image)));
    }
    if (aggregation.accumulation() == Accumulation.DISCARDING) {
      program.clear(scratch, list, count);
    }
  }

  /** Lists the changed sessions that are over, from the back; how many there are. */
  private int fire(int sessions) {
    int at = sessions;
    for (int group = 0; group < chains.groups(); group++) {
      for (int session = chains.newest[group];
          session != NO_SESSION;
          session = chains.older[session]) {
        if (touched[session]) {
          chains.fired[session] = chains.last[session] <= over;
          if (chains.fired[session] && program.rows(scratch, session) != 0) {
            emits[session] = true;
            list[--at] = session;
          }
        }
      }
    }
    System.arraycopy(list, at, list, 0, sessions - at);
    return sessions - at;
  }

  private byte @Nullable [] kinds(Image after) {
    if (aggregation.accumulation() != Accumulation.RETRACTING) {
      return null;
    }
    byte[] kinds = new byte[after.sessions().length];
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = (replaces[after.sessions()[i]] ? RowKind.UPDATE_AFTER : RowKind.INSERT).code();
    }
    return kinds;
  }

  /** A result is updated by one of the same bounds, or deleted. */
  private RowKind takeBack(int session) {
    int root = root(session);
    boolean same =
        emits[root]
            && chains.start[root] == loadedStart[session]
            && chains.last[root] == loadedLast[session];
    replaces[root] |= same;
    return same ? RowKind.UPDATE_BEFORE : RowKind.DELETE;
  }

  // Tables

  private void write(int sessions) {
    int removed = 0;
    for (int session = 0; session < sessions; session++) {
      if (isLoaded(session) && (isMerged(session) || isMoved(session))) {
        list[removed++] = session;
      }
    }
    chains.find(list, removed, chains.origin, SessionMerging::remove);
    int written = 0;
    for (int session = 0; session < sessions; session++) {
      if (!isMerged(session) && (touched[session] || isMoved(session))) {
        list[written++] = session;
      }
    }
    chains.resolve(list, written, target, this::store);
    int linked = 0;
    for (int session = 0; session < sessions; session++) {
      if (!isMerged(session)
          && !touched[session]
          && !isMoved(session)
          && chains.previous[session] != link(session)) {
        list[linked++] = session;
      }
    }
    chains.find(list, linked, chains.origin, this::relink);
    if (triggers == null) {
      schedule(sessions);
    } else {
      schedule(triggers, sessions);
    }
  }

  private static void remove(SlotTable table, int[] sessions, int[] slots, int count) {
    for (int i = 0; i < count; i++) {
      table.remove(slots[i]);
    }
  }

  /** The start of the next older session. */
  private long link(int session) {
    int older = chains.older[session];
    return older == NO_SESSION ? SessionLayout.NONE : chains.start[older];
  }

  private void store(SlotTable table, int[] sessions, int[] slots, int count) {
    program.clear(table, slots, count);
    long[] cells = table.cells();
    for (int i = 0; i < count; i++) {
      int base = slots[i] * table.stride();
      cells[base + layout.start(table)] = chains.start[sessions[i]];
      cells[base + layout.last(table)] = chains.last[sessions[i]];
      cells[base + layout.fired(table)] = chains.fired[sessions[i]] ? 1 : 0;
      if (triggers != null) {
        chains.storeTrigger(table, slots[i], sessions[i]);
      }
    }
    relink(table, sessions, slots, count);
    program.merge(table, slots, scratch, sessions, count);
  }

  private void relink(SlotTable table, int[] sessions, int[] slots, int count) {
    for (int i = 0; i < count; i++) {
      table.cells()[slots[i] * table.stride() + layout.previous(table)] = link(sessions[i]);
    }
  }

  private void schedule(int sessions) {
    int count = 0;
    long[] until = new long[sessions];
    for (int session = 0; session < sessions; session++) {
      if (touched[session] && !isMerged(session)) {
        long end = chains.last[session] + gap;
        until[count] = end - 1 + (chains.fired[session] ? aggregation.allowedLatenessMillis() : 0);
        list[count++] = chains.group[session];
      }
    }
    deadlines.add(chains.keys(), list, until, count);
  }

  /** Only where nothing that was there before leads to the session in time. */
  private void schedule(SessionTriggers times, int sessions) {
    long[] until = new long[sessions];
    int count = 0;
    for (int session = 0; session < sessions; session++) {
      if (touched[session] && !isMerged(session)) {
        until[count] = times.deadline(session);
        if (!isLoaded(session) || until[count] < loadedDeadline[session]) {
          list[count++] = chains.group[session];
        }
      }
    }
    deadlines.add(chains.keys(), list, until, count);
    SessionDeadlines clock = times.clockDeadlines();
    if (clock == null) {
      return;
    }
    count = 0;
    for (int session = 0; session < sessions; session++) {
      if (touched[session] && !isMerged(session)) {
        until[count] = chains.dueByClock[session];
        if (until[count] != SessionTriggers.NEVER
            && (!isLoaded(session) || until[count] < loadedClockDeadline[session])) {
          list[count++] = chains.group[session];
        }
      }
    }
    clock.add(chains.keys(), list, until, count);
  }
}
