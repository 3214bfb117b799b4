package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.Horizon;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SlotWalk;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates rows per group and window where a {@link Trigger} fires beside the watermark, and over
 * the global window. Each window has a table of its own, whose namespace is its end (0 for the
 * global window), since groups fire each at its own time; {@link WindowAggregateOperator} is for
 * all windows that fire at once.
 *
 * <p>A slot holds, behind the aggregates: the rows since the group fired, and when it fires next in
 * event time and in processing time. A firing after a number of rows happens at that very row: rows
 * of a batch are taken in rounds, in each of which no group fires more than once. Firings by time
 * go over the tables of the windows in which something is due, in blocks, with pauses when
 * downstream has no capacity.
 */
final class TriggeredWindowOperator implements Operator {
  private static final String STATE = "windows";
  private static final String GIVEN = "given";
  private static final long NEVER = Long.MAX_VALUE;

  private final WindowAggregation aggregation;
  private final Trigger trigger;
  private final @Nullable TimeWindows windows;
  private final AggregateProgram program;
  private final Schema input;
  private final int[] keyOrdinals;
  private final WindowOutput results;
  private final @Nullable SliceGroups slices;
  private final SelectedRows selected = new SelectedRows();
  private final StateLayout groupLayout;
  private final long everyMillis;
  private final long everyProcessingMillis;
  private final int newRowsCell;
  private final int dueCell;
  private final int dueProcessingCell;
  private final boolean forgetsGroups;

  /** Ends of windows that have not fired on the watermark. */
  private final TreeSet<Long> pending = new TreeSet<>();

  /** Window end → the next early firing of any of its groups. */
  private final TreeMap<Long, Due> dues = new TreeMap<>();

  /** Window end → the slices of the batch that are in it. */
  private final TreeMap<Long, List<SliceGroups.Group>> windowRows = new TreeMap<>();

  /** Window end → the groups of the batch's late rows. */
  private final TreeMap<Long, HeapSlotTable> late = new TreeMap<>();

  private OperatorContext context;
  private StateBackend state;
  private SlotTables tables;
  private @Nullable SlotTables given;
  private GroupFirings firings;
  private @Nullable Scan scan;
  private int[] slots = new int[EventBatch.TARGET_ROWS];
  private int[] restRows = new int[EventBatch.TARGET_ROWS];
  private int[] takenRows = new int[EventBatch.TARGET_ROWS];
  private int[] takenSlots = new int[EventBatch.TARGET_ROWS];
  private int[] dueSlots = new int[EventBatch.TARGET_ROWS];
  private long[] hashes = new long[EventBatch.TARGET_ROWS];
  private final int[] block = new int[EventBatch.TARGET_ROWS];
  private final int[] identity = new int[EventBatch.TARGET_ROWS];
  private long[] nowTimes = new long[0];
  private long watermark = Long.MIN_VALUE;
  private long now = Long.MIN_VALUE;
  private DueTime dueTime = DueTime.EVENT;
  private boolean firingUnderWay;

  /** The time that has moved on. */
  private enum DueTime {
    EVENT,
    PROCESSING
  }

  /** The least times at which groups of a window are due. */
  private static final class Due {
    long time = NEVER;
    long processingTime = NEVER;
  }

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  TriggeredWindowOperator(WindowAggregation aggregation, Schema input) {
    this.aggregation = aggregation;
    this.trigger = aggregation.trigger();
    this.windows = aggregation.window() instanceof TimeWindows timed ? timed : null;
    this.program = aggregation.program(input);
    this.input = input;
    this.keyOrdinals = aggregation.keyOrdinals(input);
    this.results = new WindowOutput(aggregation, input, program);
    this.slices = windows == null ? null : new SliceGroups(windows);
    this.groupLayout =
        new StateLayout("groups", aggregation.keyTypes(input), new long[0], List.of());
    this.everyMillis = millis(trigger.earlyEvery());
    this.everyProcessingMillis = millis(trigger.earlyEveryProcessingTime());
    this.newRowsCell = program.cellCount();
    this.dueCell = newRowsCell + 1;
    this.dueProcessingCell = newRowsCell + 2;
    this.forgetsGroups =
        windows == null
            && aggregation.accumulation() == Accumulation.DISCARDING
            && everyMillis == 0
            && everyProcessingMillis == 0;
    for (int i = 0; i < identity.length; i++) {
      identity[i] = i;
    }
  }

  private static long millis(@Nullable Duration interval) {
    return interval == null ? 0 : interval.toMillis();
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
    state = newContext.state();
    List<io.fluxcore.domain.event.DataType> keyTypes = aggregation.keyTypes(input);
    tables = state.tables(program.layout(STATE, keyTypes).withCells(0, NEVER, NEVER));
    given =
        aggregation.accumulation() == Accumulation.RETRACTING
            ? state.tables(program.layout(GIVEN, keyTypes))
            : null;
    firings = new GroupFirings(program, aggregation.accumulation(), results, given, newRowsCell);
  }

  // Rows

  @Override
  public void process(int inputNumber, EventBatch arrived, Output out) {
    EventBatch batch = arrived;
    long[] times = batch.timestamps();
    if (aggregation.time() == TimeCharacteristic.PROCESSING) {
      times = nowTimes(batch.rowCount());
    } else if (slices != null || everyMillis > 0) {
      batch = EventTimes.usable(batch, context.failures());
    }
    int[] rows = selected.of(batch);
    if (slices == null) {
      hash(batch, rows, batch.size());
      add(GlobalWindow.END, batch, times, rows, batch.size(), out);
    } else {
      List<SliceGroups.Group> groups = slices.group(times, rows, batch.size());
      windowRows.clear();
      for (SliceGroups.Group group : groups) {
        process(batch, group, out);
      }
      for (Map.Entry<Long, List<SliceGroups.Group>> entry : windowRows.entrySet()) {
        addOrdered(entry.getKey(), batch, times, rows, entry.getValue(), out);
      }
    }
    fireLate(out);
    state.commit();
  }

  private long[] nowTimes(int count) {
    if (nowTimes.length < count || nowTimes[0] != now) {
      nowTimes = new long[Math.max(count, EventBatch.TARGET_ROWS)];
      Arrays.fill(nowTimes, now);
    }
    return nowTimes;
  }

  /** Takes out the rows of a slice that are in no open window, and notes the windows of others. */
  private void process(EventBatch batch, SliceGroups.Group group, Output out) {
    TimeWindows timed = aggregation.timeWindows();
    if (timed.isGap(group.slice)) {
      context.ledger().filtered(group.count);
    } else if (aggregation.isClosed(group.slice, watermark)) {
      context.ledger().late(group.count);
      out.emit(
          WindowAggregation.LATE_PORT,
          batch.withSelection(Arrays.copyOf(group.rows, group.count), group.count));
    } else {
      long last = timed.lastEnd(group.slice);
      for (long end = timed.firstEnd(group.slice); end <= last; end = timed.nextEnd(end)) {
        if (!aggregation.isWindowClosed(end, watermark)) {
          windowRows.computeIfAbsent(end, e -> new ArrayList<>()).add(group);
        }
      }
    }
  }

  /** Adds the rows of several slices to a window in the order in which they came. */
  private void addOrdered(
      long windowEnd,
      EventBatch batch,
      long[] times,
      int[] rows,
      List<SliceGroups.Group> groups,
      Output out) {
    SliceGroups.Group first = groups.get(0);
    if (groups.size() == 1) {
      hash(batch, first.rows, first.count);
      add(windowEnd, batch, times, first.rows, first.count, out);
      return;
    }
    BitSet inWindow = new BitSet();
    for (SliceGroups.Group group : groups) {
      for (int i = 0; i < group.count; i++) {
        inWindow.set(group.rows[i]);
      }
    }
    int[] ordered = new int[inWindow.cardinality()];
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      if (inWindow.get(rows[i])) {
        ordered[count++] = rows[i];
      }
    }
    hash(batch, ordered, count);
    add(windowEnd, batch, times, ordered, count, out);
  }

  private void hash(EventBatch batch, int[] rows, int count) {
    if (slots.length < count) {
      slots = new int[count];
      hashes = new long[count];
      restRows = new int[count];
      takenRows = new int[count];
      takenSlots = new int[count];
      dueSlots = new int[count];
    }
    KeyHash.ofRows(EventTimes.columns(batch, keyOrdinals), rows, count, hashes);
  }

  private long namespace(long windowEnd) {
    return windows == null ? 0 : windowEnd;
  }

  private long windowEnd(long namespace) {
    return windows == null ? GlobalWindow.END : namespace;
  }

  /** Whether a window has fired on the watermark, so that its rows are late ones. */
  private boolean hasFired(long windowEnd) {
    return trigger.firesOnWatermark() && windowEnd - 1 <= watermark;
  }

  /** Adds rows to a window, and fires for groups that have enough of them. */
  private void add(
      long windowEnd, EventBatch batch, long[] times, int[] rows, int count, Output out) {
    if (count == 0) {
      return;
    }
    long namespace = namespace(windowEnd);
    boolean isNew = !tables.has(namespace);
    SlotTable table = tables.table(namespace);
    Column[] keys = EventTimes.columns(batch, keyOrdinals);
    table.resolve(keys, hashes, rows, count, slots);
    if (isNew) {
      schedule(windowEnd);
    }
    boolean hasFired = hasFired(windowEnd);
    if (!hasFired) {
      setDue(table, windowEnd, times, rows, count);
    }
    boolean eachRow = trigger.late() == LateFiring.EACH_ROW;
    long enough = hasFired ? (eachRow ? 1 : 0) : trigger.earlyAfter();
    accumulate(table, windowEnd, batch, rows, count, enough == 0 ? NEVER : enough, out);
    if (hasFired && !eachRow) {
      late.computeIfAbsent(windowEnd, end -> HeapSlotTable.create(groupLayout))
          .resolve(keys, hashes, rows, count, slots);
    }
  }

  /** Has a window fire when the watermark reaches its end. */
  private void schedule(long windowEnd) {
    if (trigger.firesOnWatermark() && windowEnd - 1 > watermark) {
      pending.add(windowEnd);
    }
  }

  /** Has groups that are new to a window fire after the intervals. */
  private void setDue(SlotTable table, long windowEnd, long[] times, int[] rows, int count) {
    if (everyMillis == 0 && everyProcessingMillis == 0) {
      return;
    }
    Due due = dues.computeIfAbsent(windowEnd, end -> new Due());
    long[] cells = table.cells();
    for (int i = 0; i < count; i++) {
      int at = slots[i] * table.stride();
      if (everyMillis > 0 && cells[at + table.offset(dueCell)] == NEVER) {
        long next = multipleAfter(times[rows[i]], everyMillis);
        cells[at + table.offset(dueCell)] = next;
        due.time = Math.min(due.time, next);
      }
      if (everyProcessingMillis > 0 && cells[at + table.offset(dueProcessingCell)] == NEVER) {
        long next = multipleAfter(now, everyProcessingMillis);
        cells[at + table.offset(dueProcessingCell)] = next;
        due.processingTime = Math.min(due.processingTime, next);
      }
    }
  }

  private static long multipleAfter(long time, long interval) {
    return time >= NEVER - interval ? NEVER : time - Math.floorMod(time, interval) + interval;
  }

  /**
   * Adds rows in rounds, each of which ends for a group when it has enough rows and fires.
   *
   * @param enough rows of a group since it has fired last
   */
  private void accumulate(
      SlotTable table,
      long windowEnd,
      EventBatch batch,
      int[] rows,
      int count,
      long enough,
      Output out) {
    int[] rest = rows;
    int left = count;
    BitSet fired = new BitSet();
    while (left > 0) {
      BitSet full = new BitSet();
      long[] cells = table.cells();
      int offset = table.offset(newRowsCell);
      int taken = 0;
      int kept = 0;
      int dueCount = 0;
      for (int i = 0; i < left; i++) {
        int slot = slots[i];
        if (full.get(slot)) {
          restRows[kept] = rest[i];
          slots[kept++] = slot;
          continue;
        }
        takenRows[taken] = rest[i];
        takenSlots[taken++] = slot;
        if (++cells[slot * table.stride() + offset] >= enough) {
          full.set(slot);
          dueSlots[dueCount++] = slot;
        }
      }
      RefusedRows refused = new RefusedRows(context.failures().of(batch));
      program.accumulate(table, takenSlots, batch, takenRows, taken, refused);
      dueCount = withoutRefused(table, refused, taken, dueCount, enough);
      fire(table, windowEnd, dueCount, out);
      for (int i = 0; forgetsGroups && i < dueCount; i++) {
        fired.set(dueSlots[i]);
      }
      rest = restRows;
      left = kept;
    }
    forget(table, fired);
  }

  /** Rows that were refused do not count. */
  private int withoutRefused(
      SlotTable table, RefusedRows refused, int taken, int dueCount, long enough) {
    if (refused.isEmpty()) {
      return dueCount;
    }
    long[] cells = table.cells();
    int offset = table.offset(newRowsCell);
    for (int i = 0; i < taken; i++) {
      if (refused.contains(takenRows[i])) {
        cells[takenSlots[i] * table.stride() + offset]--;
      }
    }
    int due = 0;
    for (int i = 0; i < dueCount; i++) {
      if (cells[dueSlots[i] * table.stride() + offset] >= enough) {
        dueSlots[due++] = dueSlots[i];
      }
    }
    return due;
  }

  private void fire(SlotTable table, long windowEnd, int dueCount, Output out) {
    for (int from = 0; from < dueCount; from += block.length) {
      int count = Math.min(block.length, dueCount - from);
      System.arraycopy(dueSlots, from, block, 0, count);
      firings.fire(table, namespace(windowEnd), windowEnd, block, count, out);
    }
  }

  /** Groups of which nothing is left are like new ones. */
  private void forget(SlotTable table, BitSet fired) {
    for (int slot = fired.nextSetBit(0); slot >= 0; slot = fired.nextSetBit(slot + 1)) {
      int at = slot * table.stride() + table.offset(newRowsCell);
      if (table.cells()[at] == 0 && program.rows(table, slot) == 0) {
        table.remove(slot);
      }
    }
  }

  /** Fires once for all late rows of a group in the batch. */
  private void fireLate(Output out) {
    for (Map.Entry<Long, HeapSlotTable> entry : late.entrySet()) {
      long windowEnd = entry.getKey();
      HeapSlotTable groups = entry.getValue();
      SlotTable table = tables.table(namespace(windowEnd));
      int total = groups.end();
      for (int from = 0; from < total; from += block.length) {
        int count = Math.min(block.length, total - from);
        for (int i = 0; i < count; i++) {
          block[i] = from + i;
        }
        groups.hashes(block, count, hashes);
        table.find(groups.keys(block, count), hashes, identity, count, dueSlots);
        firings.fire(table, namespace(windowEnd), windowEnd, dueSlots, count, out);
      }
    }
    late.clear();
  }

  // Time

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
    if (aggregation.time() == TimeCharacteristic.PROCESSING) {
      advance(nowMillis - 1, out); // rows may still arrive in this millisecond
    } else if (everyProcessingMillis > 0) {
      dueTime = DueTime.PROCESSING;
      fireDue(out);
    }
  }

  @Override
  public void endOfInput(Output out) {
    advance(Long.MAX_VALUE, out);
  }

  private void advance(long newWatermark, Output out) {
    if (newWatermark > watermark) {
      watermark = newWatermark;
      dueTime =
          aggregation.time() == TimeCharacteristic.PROCESSING ? DueTime.PROCESSING : DueTime.EVENT;
      fireDue(out);
    }
  }

  @Override
  public boolean hasMore() {
    return firingUnderWay;
  }

  @Override
  public void resume(Output out) {
    fireDue(out);
  }

  /** A walk over the groups of a window. */
  private static final class Scan {
    final long windowEnd;
    final SlotTable table;
    final SlotWalk slots;
    final @Nullable Due due;

    /**
     * A walk.
     *
     * @param due receives the times at which groups are due next; null to fire for all groups
     */
    Scan(long windowEnd, SlotTable table, @Nullable Due due) {
      this.windowEnd = windowEnd;
      this.table = table;
      this.due = due;
      this.slots = new SlotWalk(table);
    }
  }

  /** Fires what is due, until done or until downstream has no capacity. */
  private void fireDue(Output out) {
    firingUnderWay = true;
    while (true) {
      Scan current = scan;
      if (current == null) {
        current = nextScan();
        scan = current;
      }
      if (current == null) {
        break;
      }
      if (!fire(current, out)) {
        return;
      }
      scan = null;
      if (!out.hasCapacity()) {
        return;
      }
    }
    firingUnderWay = false;
    dropClosed();
    state.commit();
  }

  private @Nullable Scan nextScan() {
    if (!pending.isEmpty() && pending.first() - 1 <= watermark) {
      long windowEnd = pending.first();
      pending.remove(windowEnd);
      dues.remove(windowEnd);
      return new Scan(windowEnd, tables.table(namespace(windowEnd)), null);
    }
    for (Map.Entry<Long, Due> entry : dues.entrySet()) {
      Due due = entry.getValue();
      long least = dueTime == DueTime.EVENT ? due.time : due.processingTime;
      if (least <= (dueTime == DueTime.EVENT ? watermark : now) && least != NEVER) {
        Due next = new Due();
        entry.setValue(next);
        return new Scan(entry.getKey(), tables.table(namespace(entry.getKey())), next);
      }
    }
    return null;
  }

  /** Fires in blocks while downstream has capacity; whether the walk is done. */
  private boolean fire(Scan walk, Output out) {
    SlotTable table = walk.table;
    while (!walk.slots.isDone()) {
      int found = walk.slots.next(block);
      int count = 0;
      for (int i = 0; i < found; i++) {
        if (walk.due == null || isDue(table, block[i], walk.due)) {
          block[count++] = block[i];
        }
      }
      if (count > 0) {
        firings.fire(table, namespace(walk.windowEnd), walk.windowEnd, block, count, out);
        table.changed(block, count);
      }
      if (!walk.slots.isDone() && !out.hasCapacity()) {
        return false;
      }
    }
    return true;
  }

  /** Whether a group is due; sets when it is due next. */
  private boolean isDue(SlotTable table, int slot, Due next) {
    long[] cells = table.cells();
    int at = slot * table.stride() + table.offset(dueCell);
    int atProcessing = slot * table.stride() + table.offset(dueProcessingCell);
    boolean isDue = false;
    if (dueTime == DueTime.EVENT && cells[at] <= watermark && cells[at] != NEVER) {
      isDue = true;
      cells[at] = multipleAfter(watermark, everyMillis);
    } else if (dueTime == DueTime.PROCESSING
        && cells[atProcessing] <= now
        && cells[atProcessing] != NEVER) {
      isDue = true;
      cells[atProcessing] = multipleAfter(now, everyProcessingMillis);
    }
    next.time = Math.min(next.time, cells[at]);
    next.processingTime = Math.min(next.processingTime, cells[atProcessing]);
    return isDue;
  }

  private void dropClosed() {
    for (long first = tables.firstNamespace();
        first != Long.MAX_VALUE && isClosed(windowEnd(first));
        first = tables.firstNamespace()) {
      tables.drop(first);
      if (given != null) {
        given.drop(first);
      }
    }
    Iterator<Long> withDues = dues.keySet().iterator();
    while (withDues.hasNext() && isClosed(withDues.next())) {
      withDues.remove();
    }
  }

  /** What fires by processing time in windows of event time is left out. */
  @Override
  public @Nullable WindowReading windows() {
    if (windows == null && everyMillis == 0 && everyProcessingMillis == 0) {
      return null; // waits for rows, or for the end of the input
    }
    boolean byClock =
        aggregation.time() == TimeCharacteristic.PROCESSING
            || (windows == null && everyMillis == 0);
    boolean onWatermark = windows != null && trigger.firesOnWatermark();
    long next = onWatermark && !pending.isEmpty() ? pending.first() - 1 : NEVER;
    for (Due due : dues.values()) {
      if (byClock && due.processingTime != NEVER) {
        next = Math.min(next, due.processingTime - 1);
      } else if (!byClock) {
        next = Math.min(next, due.time);
      }
    }
    return new WindowReading(
        byClock,
        byClock && now != Long.MIN_VALUE ? now - 1 : watermark,
        onWatermark ? pending.size() : dues.size(),
        next);
  }

  private boolean isClosed(long windowEnd) {
    return windowEnd == GlobalWindow.END
        ? watermark == Long.MAX_VALUE
        : aggregation.isWindowClosed(windowEnd, watermark);
  }

  // Snapshots

  @Override
  public String stateMeaning() {
    return aggregation.stateMeaning();
  }

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    Horizon.write(snapshot, context.keyGroups(), watermark);
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    watermark = Horizon.read(snapshot, context.keyGroups());
    if (watermark != Long.MIN_VALUE
        && watermark != Long.MAX_VALUE
        && aggregation.time() == TimeCharacteristic.PROCESSING) {
      now = watermark + 1; // a clock that is behind now makes no row late
    }
    for (long namespace : tables.namespaces()) {
      long windowEnd = windowEnd(namespace);
      schedule(windowEnd);
      if (!hasFired(windowEnd)) {
        restoreDue(windowEnd, tables.table(namespace));
      }
    }
    state.commit();
  }

  private void restoreDue(long windowEnd, SlotTable table) {
    if (everyMillis == 0 && everyProcessingMillis == 0) {
      return;
    }
    Due due = dues.computeIfAbsent(windowEnd, end -> new Due());
    SlotWalk walk = new SlotWalk(table);
    for (int count = walk.next(block); count > 0; count = walk.next(block)) {
      long[] cells = table.cells();
      for (int i = 0; i < count; i++) {
        int at = block[i] * table.stride();
        due.time = Math.min(due.time, cells[at + table.offset(dueCell)]);
        due.processingTime =
            Math.min(due.processingTime, cells[at + table.offset(dueProcessingCell)]);
      }
    }
  }
}
