package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates rows, or partial results of {@link SessionPreAggregateOperator}, per group and
 * session; what sessions are, {@link SessionWindows} says.
 *
 * <p>Nearly all rows extend the newest session of their group: a batch is resolved to the slots of
 * these, and a loop moves their ends. What the loop does not settle goes to {@link SessionMerging}.
 * A session that begins leaves a hint with {@link SessionDeadlines}; at a watermark {@link
 * SessionFiring} looks at the groups whose hints have come.
 *
 * <p>A {@link Trigger} beside the watermark needs to see rows one by one: all of them then go to
 * {@link SessionMerging}, and {@link SessionTriggers} says what fires.
 *
 * <p>Between two calls each session that is over at the watermark has fired, and each that is
 * closed is forgotten. Which rows are late depends on the order of the rows of one group alone, not
 * on how they were cut into batches. A row that an aggregate function refuses counts for nothing,
 * but has extended its session. The watermark is part of the snapshot, per key group, so that what
 * was late stays late.
 */
final class SessionAggregateOperator implements Operator {
  private static final String STATE = "sessions";
  private static final String HORIZON = "horizon";

  /** The gap of windows that have none. */
  private static final long NO_GAP = 0;

  private final WindowAggregation aggregation;
  private final SessionWindows windows;
  private final long gap;
  private final long reach;
  private final AggregateProgram program;
  private final Schema input;
  private final boolean takesPartials;
  private final int[] keyOrdinals;
  private final SessionLayout layout;
  private final HeapSlotTable suspects;

  private OperatorContext context;
  private StateBackend state;
  private SlotTables tables;
  private SessionDeadlines deadlines;
  private SessionMerging merging;
  private SessionFiring firing;
  private @Nullable SessionTriggers triggers;

  private int[] identity = new int[0];
  private int[] slots = new int[0];
  private long[] hashes = new long[0];
  private int[] settledRows = new int[0];
  private int[] settledSlots = new int[0];
  private int[] otherRows = new int[0];
  private long[] otherHashes = new long[0];
  private int otherCount;
  private int[] newRows = new int[0];
  private long[] newDeadlines = new long[0];
  private int newCount;
  private long[] nowTimes = new long[0];

  private long watermark = Long.MIN_VALUE;
  private long over = Long.MIN_VALUE;
  private long now = Long.MIN_VALUE;
  private boolean firingUnderWay;
  private boolean firingByClock;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  SessionAggregateOperator(
      WindowAggregation aggregation, SessionWindows windows, Schema input, boolean takesPartials) {
    this.aggregation = aggregation;
    this.windows = windows;
    this.gap = windows.gapMillis();
    this.reach = windows.reachMillis();
    this.program = aggregation.program(input);
    this.input = input;
    this.takesPartials = takesPartials;
    this.keyOrdinals = aggregation.keyOrdinals(input);
    List<DataType> keyTypes = aggregation.keyTypes(input);
    this.layout =
        new SessionLayout(STATE, program, keyTypes, gap, !aggregation.trigger().isUsual());
    this.suspects =
        HeapSlotTable.create(new StateLayout("suspects", keyTypes, new long[0], List.of()));
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
    state = newContext.state();
    tables = state.tables(layout.state());
    deadlines = new SessionDeadlines(state, layout.state().keyTypes(), gap);
    SessionChains chains = new SessionChains(tables, layout);
    SessionOutput results = new SessionOutput(aggregation.outputSchema(input), program, gap);
    triggers =
        layout.hasTriggers()
            ? new SessionTriggers(aggregation, windows, program, layout, chains, results, state)
            : null;
    merging =
        new SessionMerging(
            aggregation,
            windows,
            program,
            layout,
            deadlines,
            chains,
            results,
            newContext,
            triggers);
    firing =
        new SessionFiring(
            aggregation, windows, program, layout, deadlines, chains, results, triggers);
  }

  @Override
  public void process(int inputNumber, EventBatch batch, Output out) {
    if (takesPartials && inputNumber == WindowAggregation.PARTIALS_INPUT) {
      add(SessionRows.ofPartials(batch, keyOrdinals.length), out);
    } else if (aggregation.time() == TimeCharacteristic.PROCESSING) {
      add(SessionRows.of(batch, keyOrdinals, nowTimes(batch.rowCount())), out);
    } else {
      EventBatch usable = EventTimes.usable(batch, context.failures());
      add(SessionRows.of(usable, keyOrdinals, usable.timestamps()), out);
    }
    state.commit();
  }

  private long[] nowTimes(int count) {
    if (nowTimes.length < count || nowTimes[0] != now) {
      nowTimes = new long[Math.max(count, EventBatch.TARGET_ROWS)];
      Arrays.fill(nowTimes, now);
    }
    return nowTimes;
  }

  private void add(SessionRows arrived, Output out) {
    EventBatch batch = arrived.batch();
    int count = batch.size();
    reserve(count);
    int[] selection = batch.selection();
    int[] rows = selection == null ? identity : selection;
    otherCount = 0;
    newCount = 0;
    KeyHash.ofRows(arrived.keys(), rows, count, hashes);
    if (triggers != null) {
      merging.add(arrived, rows, hashes, count, watermark, out);
      firing.fireLate(triggers, watermark, out);
      return;
    }
    long closed = windows.lastClosed(watermark, aggregation.allowedLatenessMillis());
    if (arrived.earliestLast(rows, count) <= closed) {
      int[] unsuspected = new int[count];
      count = setSuspectsAside(arrived, rows, count, closed, unsuspected);
      rows = unsuspected;
    }
    int suspected = otherCount;
    int settled = extend(arrived, rows, count);
    restoreOrder(suspected);
    accumulate(arrived, settled);
    deadlines.add(arrived.keys(), newRows, newDeadlines, newCount);
    if (otherCount > 0) {
      merging.add(arrived, otherRows, otherHashes, otherCount, watermark, out);
    }
  }

  private void reserve(int count) {
    if (identity.length < count) {
      int length = Math.max(count, EventBatch.TARGET_ROWS);
      identity = new int[length];
      Arrays.setAll(identity, i -> i);
      slots = new int[length];
      hashes = new long[length];
      settledRows = new int[length];
      settledSlots = new int[length];
      otherRows = new int[length];
      otherHashes = new long[length];
      newRows = new int[length];
      newDeadlines = new long[length];
    }
  }

  /**
   * Rows that would be late if they were alone may still touch a session, even one that a row
   * before them in this batch began. All rows of their groups are kept in their order.
   *
   * @return how many rows are left
   */
  private int setSuspectsAside(
      SessionRows arrived, int[] rows, int count, long closed, int[] unsuspected) {
    int suspected = 0;
    for (int i = 0; i < count; i++) {
      if (arrived.lasts()[rows[i]] <= closed) {
        otherRows[suspected] = rows[i];
        otherHashes[suspected++] = hashes[i];
      }
    }
    suspects.clear();
    suspects.resolve(arrived.keys(), otherHashes, otherRows, suspected, slots);
    suspects.find(arrived.keys(), hashes, rows, count, slots);
    int left = 0;
    for (int i = 0; i < count; i++) {
      if (slots[i] >= 0) {
        setAside(rows[i], hashes[i]);
      } else {
        unsuspected[left] = rows[i];
        hashes[left++] = hashes[i];
      }
    }
    return left;
  }

  private void setAside(int row, long hash) {
    otherRows[otherCount] = row;
    otherHashes[otherCount++] = hash;
  }

  /** Brings suspects and other rows that were set aside into the order of the batch. */
  private void restoreOrder(int suspected) {
    if (suspected == 0 || suspected == otherCount) {
      return;
    }
    int[] rows = Arrays.copyOf(otherRows, suspected);
    long[] rowHashes = Arrays.copyOf(otherHashes, suspected);
    int next = suspected;
    int at = 0;
    for (int i = 0; i < suspected; i++) {
      while (next < otherCount && otherRows[next] < rows[i]) {
        otherRows[at] = otherRows[next];
        otherHashes[at++] = otherHashes[next++];
      }
      otherRows[at] = rows[i];
      otherHashes[at++] = rowHashes[i];
    }
  }

  /**
   * Extends or begins the newest sessions of groups where that is all there is to do; the other
   * rows are set aside.
   *
   * @return how many rows are settled
   */
  private int extend(SessionRows arrived, int[] rows, int count) {
    if (count == 0) {
      return 0;
    }
    SlotTable table = tables.table(SessionLayout.CURRENT);
    table.resolve(arrived.keys(), hashes, rows, count, slots);
    long[] cells = table.cells();
    int stride = table.stride();
    int start = layout.start(table);
    int last = layout.last(table);
    int previous = layout.previous(table);
    long[] firsts = arrived.firsts();
    long[] lasts = arrived.lasts();
    int settled = 0;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      int base = slots[i] * stride;
      long sessionStart = cells[base + start];
      long sessionLast = cells[base + last];
      if (sessionStart > sessionLast) {
        if (!begin(row, lasts[row])) {
          setAside(row, hashes[i]);
          continue;
        }
        cells[base + start] = firsts[row];
        cells[base + last] = lasts[row];
      } else if (sessionLast <= over || firsts[row] - sessionLast > reach) {
        setAside(row, hashes[i]);
        continue;
      } else if (firsts[row] >= sessionStart) {
        cells[base + last] = Math.max(sessionLast, lasts[row]);
      } else if (cells[base + previous] == SessionLayout.NONE
          && sessionStart - lasts[row] <= reach) {
        cells[base + start] = firsts[row];
        cells[base + last] = Math.max(sessionLast, lasts[row]);
      } else {
        setAside(row, hashes[i]);
        continue;
      }
      settledRows[settled] = row;
      settledSlots[settled++] = slots[i];
    }
    return settled;
  }

  /** Begins the first session of a group, unless it is over already. */
  private boolean begin(int row, long sessionLast) {
    if (sessionLast <= over) {
      return false;
    }
    newRows[newCount] = row;
    newDeadlines[newCount++] = sessionLast + gap - 1;
    return true;
  }

  private void accumulate(SessionRows arrived, int count) {
    if (count == 0) {
      return;
    }
    SlotTable table = tables.table(SessionLayout.CURRENT);
    EventBatch batch = arrived.batch();
    if (arrived.isPartials()) {
      program.mergePartials(table, settledSlots, batch, keyOrdinals.length, settledRows, count);
    } else {
      RowErrors errors = context.failures().of(batch);
      program.accumulate(table, settledSlots, batch, settledRows, count, errors);
    }
  }

  @Override
  public void watermark(long newWatermark, Output out) {
    if (aggregation.time() != TimeCharacteristic.PROCESSING) {
      advance(newWatermark, out);
    }
  }

  @Override
  public void processingTime(long nowMillis, Output out) {
    if (nowMillis <= now) {
      return;
    }
    now = nowMillis;
    if (triggers != null) {
      triggers.now(now);
    }
    if (aggregation.time() == TimeCharacteristic.PROCESSING) {
      advance(nowMillis - 1, out); // rows may still arrive in this millisecond
    } else if (triggers != null && triggers.clockDeadlines() != null) {
      firingByClock = true;
      fire(out);
    }
  }

  @Override
  public void endOfInput(Output out) {
    advance(Long.MAX_VALUE, out);
  }

  private void advance(long newWatermark, Output out) {
    if (newWatermark > watermark) {
      watermark = newWatermark;
      over = windows.lastOver(newWatermark);
      firingByClock = false;
      fire(out);
    }
  }

  private void fire(Output out) {
    SessionTriggers early = triggers;
    boolean done =
        (early != null && firingByClock)
            ? firing.fireByClock(early, now, watermark, out)
            : firing.fire(watermark, out);
    firingUnderWay = !done;
    state.commit();
  }

  @Override
  public boolean hasMore() {
    return firingUnderWay;
  }

  @Override
  public void resume(Output out) {
    fire(out);
  }

  /**
   * Of each group the newest session, also one that has fired and still takes late rows. They fire
   * at the next deadline or, where rows have extended them, later.
   */
  @Override
  public WindowReading windows() {
    return new WindowReading(
        aggregation.time() == TimeCharacteristic.PROCESSING,
        watermark,
        tables.has(SessionLayout.CURRENT) ? tables.table(SessionLayout.CURRENT).size() : 0,
        deadlines.earliest());
  }

  @Override
  public String stateMeaning() {
    return aggregation.stateMeaning();
  }

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    KeyGroupRange range = context.keyGroups();
    byte[] horizon = ByteBuffer.allocate(2 * Long.BYTES).putLong(watermark).putLong(gap).array();
    for (int group = range.first(); group <= range.last(); group++) {
      snapshot.keyed(HORIZON, group, horizon);
    }
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    KeyGroupRange range = context.keyGroups();
    long horizon = Long.MAX_VALUE;
    boolean found = false;
    for (int group = range.first(); group <= range.last(); group++) {
      byte[] payload = snapshot.keyedBytes(HORIZON, group);
      if (payload != null) {
        ByteBuffer values = ByteBuffer.wrap(payload);
        // barriers are aligned, so the groups of one checkpoint have seen the same watermark
        horizon = Math.min(horizon, values.getLong());
        checkGap(values.hasRemaining() ? values.getLong() : NO_GAP);
        found = true;
      }
    }
    watermark = found ? horizon : Long.MIN_VALUE;
    over = windows.lastOver(watermark);
    if (watermark != Long.MIN_VALUE
        && watermark != Long.MAX_VALUE
        && aggregation.time() == TimeCharacteristic.PROCESSING) {
      now = watermark + 1; // a clock that is behind now makes no row late
    }
    deadlines.restored();
    if (triggers != null) {
      triggers.restored(now);
    }
    state.commit();
  }

  private void checkGap(long snapshotGap) {
    if (snapshotGap != gap) {
      throw new FluxCoreException(
          ErrorCategory.STATE_CONFLICT,
          Diagnostic.error(
              "FLX-WINDOW-0002",
              Place.of("operator '" + context.operatorId() + "'"),
              (snapshotGap == NO_GAP
                      ? "the snapshot holds windows that are not sessions"
                      : "the snapshot holds sessions with a gap of " + snapshotGap + " ms")
                  + ", the operator now has sessions with a gap of "
                  + gap
                  + " ms",
              "keep the gap, or give the changed operator a new name, so that it starts empty"));
    }
  }
}
