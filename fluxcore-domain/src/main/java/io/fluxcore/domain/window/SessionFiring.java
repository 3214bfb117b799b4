package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.state.SlotTable;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Looks at the groups whose {@link SessionDeadlines} have come, block by block: sessions that are
 * over fire, those that are closed are forgotten, and for the others there is a new deadline.
 */
final class SessionFiring {
  private final WindowAggregation aggregation;
  private final SessionWindows windows;
  private final AggregateProgram program;
  private final SessionLayout layout;
  private final SessionDeadlines deadlines;
  private final SessionChains chains;
  private final SessionOutput results;
  private final Deque<SessionDeadlines.Keys> due = new ArrayDeque<>();

  private int[] actedOn = new int[EventBatch.TARGET_ROWS];
  private int[] waiting = new int[EventBatch.TARGET_ROWS];
  private long[] waitingUntil = new long[EventBatch.TARGET_ROWS];
  private int[] ripe = new int[EventBatch.TARGET_ROWS];
  private long[] starts = new long[EventBatch.TARGET_ROWS];
  private long[] lasts = new long[EventBatch.TARGET_ROWS];
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
      SessionOutput results) {
    this.aggregation = aggregation;
    this.windows = windows;
    this.program = program;
    this.layout = layout;
    this.deadlines = deadlines;
    this.chains = chains;
    this.results = results;
  }

  /** Fires while downstream has capacity; whether all that is due at the watermark is done. */
  boolean fire(long watermark, Output out) {
    over = windows.lastOver(watermark);
    closed = windows.lastClosed(watermark, aggregation.allowedLatenessMillis());
    while (!due.isEmpty() || deadlines.poll(watermark, due)) {
      SessionDeadlines.Keys keys = due.poll();
      if (keys != null) {
        look(keys, out);
        if (!out.hasCapacity()) {
          return false;
        }
      }
    }
    return true;
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
