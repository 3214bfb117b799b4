package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.SlotTable;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the groups whose {@link SessionDeadlines} have come, block by block: sessions that are
 * over fire, those that are closed are forgotten, and for the others there is a new deadline. Where
 * sessions have a trigger beside the watermark, those that are due fire too.
 */
final class SessionFiring {
  private final WindowAggregation aggregation;
  private final SessionWindows windows;
  private final AggregateProgram program;
  private final SessionLayout layout;
  private final SessionDeadlines deadlines;
  private final SessionChains chains;
  private final SessionOutput results;
  private final @Nullable SessionTriggers triggers;
  private final Deque<SessionDeadlines.Keys> due = new ArrayDeque<>();

  private int[] actedOn = new int[EventBatch.TARGET_ROWS];
  private int[] waiting = new int[EventBatch.TARGET_ROWS];
  private long[] waitingUntil = new long[EventBatch.TARGET_ROWS];
  private int[] ripe = new int[EventBatch.TARGET_ROWS];
  private long[] starts = new long[EventBatch.TARGET_ROWS];
  private long[] lasts = new long[EventBatch.TARGET_ROWS];
  private boolean[] firesNow = new boolean[EventBatch.TARGET_ROWS];
  private int waitingCount;
  private long over;
  private long closed;

  SessionFiring(
      WindowAggregation aggregation,
      SessionWindows windows,
      AggregateProgram program,
      SessionLayout layout,
      SessionDeadlines deadlines,
      SessionChains chains,
      SessionOutput results,
      @Nullable SessionTriggers triggers) {
    this.aggregation = aggregation;
    this.windows = windows;
    this.program = program;
    this.layout = layout;
    this.deadlines = deadlines;
    this.chains = chains;
    this.results = results;
    this.triggers = triggers;
  }

  /** Fires while downstream has capacity; whether all that is due at the watermark is done. */
  boolean fire(long watermark, Output out) {
    at(watermark);
    while (!due.isEmpty() || deadlines.poll(watermark, due)) {
      SessionDeadlines.Keys keys = due.poll();
      if (keys != null) {
        if (triggers == null) {
          look(keys, out);
        } else {
          look(keys, triggers, Reason.WATERMARK, watermark, out);
        }
        if (!out.hasCapacity()) {
          return false;
        }
      }
    }
    return true;
  }

  private void at(long watermark) {
    over = windows.lastOver(watermark);
    closed = windows.lastClosed(watermark, aggregation.allowedLatenessMillis());
  }

  /** As {@link #fire}, for what is due by the clock in windows of event time. */
  boolean fireByClock(SessionTriggers early, long now, long watermark, Output out) {
    at(watermark);
    SessionDeadlines clock = early.clockDeadlines();
    while (clock != null && (!due.isEmpty() || clock.poll(now, due))) {
      SessionDeadlines.Keys keys = due.poll();
      if (keys != null) {
        look(keys, early, Reason.CLOCK, watermark, out);
        if (!out.hasCapacity()) {
          return false;
        }
      }
    }
    return true;
  }

  /** Fires once for all late rows that a session has had in a batch. */
  void fireLate(SessionTriggers lately, long watermark, Output out) {
    HeapSlotTable groups = lately.late();
    int total = groups.end();
    if (total == 0) {
      return;
    }
    at(watermark);
    for (int from = 0; from < total; from += EventBatch.TARGET_ROWS) {
      int[] block = new int[Math.min(EventBatch.TARGET_ROWS, total - from)];
      for (int i = 0; i < block.length; i++) {
        block[i] = from + i;
      }
      long[] hashes = new long[block.length];
      groups.hashes(block, block.length, hashes);
      Column[] keys = groups.keys(block, block.length);
      look(
          new SessionDeadlines.Keys(keys, hashes, block.length),
          lately,
          Reason.LATE_ROWS,
          watermark,
          out);
    }
    groups.clear();
  }

  /** Why groups are looked at, which says what of them is due. */
  private enum Reason {
    WATERMARK,
    CLOCK,
    LATE_ROWS
  }

  private void look(
      SessionDeadlines.Keys keys,
      SessionTriggers early,
      Reason reason,
      long watermark,
      Output out) {
    chains.load(keys.columns(), keys.hashes(), keys.count());
    int sessions = chains.size();
    reserve(sessions);
    int acted = 0;
    for (int session = 0; session < sessions; session++) {
      boolean isPast = early.isPast(session, over);
      boolean fires =
          isPast
              ? !chains.fired[session]
              : switch (reason) {
                case WATERMARK -> early.isDue(session, watermark);
                case CLOCK -> early.isDueByClock(session);
                case LATE_ROWS -> false;
              };
      if (isPast) {
        early.past(session);
        chains.fired[session] = true;
      }
      firesNow[session] = fires;
      if (fires || chains.last[session] <= closed) {
        actedOn[acted++] = session;
      }
    }
    chains.find(
        actedOn,
        acted,
        chains.origin,
        (table, on, slots, n) -> act(early, table, on, slots, n, out));
    awaitNext(keys, early, reason, sessions);
  }

  private void awaitNext(
      SessionDeadlines.Keys keys, SessionTriggers early, Reason reason, int sessions) {
    waitingCount = 0;
    boolean byClock = reason == Reason.CLOCK;
    for (int session = 0; session < sessions; session++) {
      long next = byClock ? chains.dueByClock[session] : early.deadline(session);
      if (chains.last[session] > closed && next != SessionTriggers.NEVER) {
        waiting[waitingCount] = chains.group[session];
        waitingUntil[waitingCount++] = next;
      }
    }
    SessionDeadlines clock = early.clockDeadlines();
    (byClock && clock != null ? clock : deadlines)
        .add(keys.columns(), waiting, waitingUntil, waitingCount);
  }

  private void act(
      SessionTriggers early, SlotTable table, int[] sessions, int[] slots, int count, Output out) {
    int[] firing = new int[count];
    int[] firingSlots = new int[count];
    int fires = 0;
    for (int i = 0; i < count; i++) {
      if (firesNow[sessions[i]]) {
        firing[fires] = sessions[i];
        firingSlots[fires++] = slots[i];
      }
    }
    early.fire(table, firing, firingSlots, fires, out);
    int[] gone = new int[count];
    int goneCount = 0;
    for (int i = 0; i < count; i++) {
      if (chains.last[sessions[i]] <= closed) {
        gone[goneCount++] = sessions[i];
        table.remove(slots[i]);
      } else {
        table.cells()[slots[i] * table.stride() + layout.fired(table)] =
            chains.fired[sessions[i]] ? 1 : 0;
        chains.storeTrigger(table, slots[i], sessions[i]);
      }
    }
    early.closed(gone, goneCount);
  }

  private void look(SessionDeadlines.Keys keys, Output out) {
    chains.load(keys.columns(), keys.hashes(), keys.count());
    int sessions = chains.size();
    reserve(sessions);
    int acted = 0;
    waitingCount = 0;
    for (int session = 0; session < sessions; session++) {
      boolean fires = !chains.fired[session] && chains.last[session] <= over;
      boolean closes = chains.last[session] <= closed;
      if (fires || closes) {
        actedOn[acted++] = session;
      }
      if (!closes) {
        await(session, fires || chains.fired[session]);
      }
    }
    chains.find(
        actedOn, acted, chains.origin, (table, on, slots, n) -> act(table, on, slots, n, out));
    deadlines.add(keys.columns(), waiting, waitingUntil, waitingCount);
  }

  private void await(int session, boolean hasFired) {
    long end = chains.last[session] + windows.gapMillis();
    waiting[waitingCount] = chains.group[session];
    waitingUntil[waitingCount++] = end - 1 + (hasFired ? aggregation.allowedLatenessMillis() : 0);
  }

  private void reserve(int sessions) {
    if (actedOn.length < sessions) {
      actedOn = new int[sessions];
      waiting = new int[sessions];
      waitingUntil = new long[sessions];
      firesNow = new boolean[sessions];
    }
    if (ripe.length < chains.groups()) {
      ripe = new int[chains.groups()];
      starts = new long[ripe.length];
      lasts = new long[ripe.length];
    }
  }

  /** Emits and forgets sessions of one table. */
  private void act(SlotTable table, int[] sessions, int[] slots, int count, Output out) {
    int fires = 0;
    for (int i = 0; i < count; i++) {
      if (!chains.fired[sessions[i]] && program.rows(table, slots[i]) != 0) {
        starts[fires] = chains.start[sessions[i]];
        lasts[fires] = chains.last[sessions[i]];
        ripe[fires++] = slots[i];
      }
    }
    if (fires > 0) {
      out.emit(results.batch(table.keys(ripe, fires), starts, lasts, table, ripe, fires));
    }
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (chains.last[sessions[i]] <= closed) {
        table.remove(slots[i]);
      } else {
        table.cells()[slots[i] * table.stride() + layout.fired(table)] = 1;
        slots[kept++] = slots[i];
      }
    }
    if (aggregation.accumulation() == Accumulation.DISCARDING) {
      program.clear(table, slots, kept);
    }
  }
}
