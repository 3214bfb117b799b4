package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.operator.KeyState;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.state.Horizon;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates rows, or partial results of {@link PreAggregateOperator}, per group and window.
 *
 * <p>State is one slot table per slice (or per window, where a firing must not touch others), whose
 * namespace is its start (of a window, its end). A window fires when the watermark reaches its end
 * − 1 ms: the tables of its slices are added up ({@link RunningWindow}), and the groups are emitted
 * in blocks, with pauses when downstream has no capacity. A row is late when the last window that
 * it belongs to has been closed, that is, when {@code end − 1 + allowed lateness ≤ watermark}
 * (Flink's rule); a row of a window that has fired but is not closed makes it fire again for the
 * row's group, once per batch ({@link LateFirings}).
 *
 * <p>The watermark is part of the snapshot, per key group, so that what was late stays late.
 */
final class WindowAggregateOperator implements Operator {
  private static final String STATE = "windows";

  private final WindowAggregation aggregation;
  private final TimeWindows window;
  private final AggregateProgram program;
  private final Schema input;
  private final boolean takesPartials;
  private final int[] keyOrdinals;
  private final int[] partialKeyOrdinals;
  private final WindowOutput results;
  private final SliceGroups slices;

  /** Whether rows that are insertions do nothing but add to what is there. */
  private final boolean addsOnly;

  private final SelectedRows selected = new SelectedRows();

  /** Ends of windows that have not fired. */
  private final TreeSet<Long> pending = new TreeSet<>();

  private OperatorContext context;
  private StateBackend state;
  private SlotTables tables;
  private @Nullable RunningWindow running;
  private WindowFiring firing;
  private @Nullable LateFirings lateFirings;
  private final TableMerge folding;
  private int[] slots = new int[EventBatch.TARGET_ROWS];
  private long[] hashes = new long[EventBatch.TARGET_ROWS];
  private long[] nowTimes = new long[0];
  private long watermark = Long.MIN_VALUE;
  private long now = Long.MIN_VALUE;
  private boolean firingUnderWay;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  WindowAggregateOperator(WindowAggregation aggregation, Schema input, boolean takesPartials) {
    this.aggregation = aggregation;
    this.window = aggregation.timeWindows();
    this.program = aggregation.program(input);
    this.input = input;
    this.takesPartials = takesPartials;
    this.keyOrdinals = aggregation.keyOrdinals(input);
    this.partialKeyOrdinals = new int[keyOrdinals.length];
    Arrays.setAll(partialKeyOrdinals, i -> i);
    this.results = new WindowOutput(aggregation, input, program);
    this.slices = new SliceGroups(window);
    this.folding = new TableMerge(program);
    this.addsOnly = program.isPartial();
  }

  @Override
  public List<DataType> stateKeyTypes() {
    return aggregation.keyTypes(input);
  }

  /** What each slice of time that is still held has of a group, with the names of the results. */
  @Override
  public List<KeyState> queryState(Column[] key) {
    int[] row = {0};
    long[] hash = new long[1];
    KeyHash.ofRows(key, row, 1, hash);
    Map<String, @Nullable Object> held = new LinkedHashMap<>();
    for (long slice : tables.namespaces()) {
      SlotTable table = tables.table(slice);
      int[] slot = new int[1];
      table.find(key, hash, row, 1, slot);
      if (slot[0] >= 0 && program.rows(table, slot[0]) != 0) {
        Column[] values = program.results(table, slot, 1);
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
          named.put(aggregation.aggregates().get(i).output(), values[i].get(0));
        }
        held.put(Instant.ofEpochMilli(slice).toString(), named);
      }
    }
    state.commit();
    return List.of(KeyState.of(STATE, "window", held));
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
    state = newContext.state();
    tables = state.tables(program.layout(STATE, aggregation.keyTypes(input)));
    running = aggregation.mergesSlices() ? new RunningWindow(program, window, tables) : null;
    firing = new WindowFiring(aggregation, program, tables, results, running);
  }

  private boolean isPartials(int inputNumber) {
    return takesPartials && inputNumber == WindowAggregation.PARTIALS_INPUT;
  }

  @Override
  public void process(int inputNumber, EventBatch arrived, Output out) {
    EventBatch batch = arrived;
    boolean partials = isPartials(inputNumber);
    long[] times = batch.timestamps();
    if (aggregation.time() == TimeCharacteristic.PROCESSING) {
      times = nowTimes(batch.rowCount());
    } else if (!partials) {
      batch = EventTimes.usable(batch, context.failures());
    }
    List<SliceGroups.Group> groups = slices.group(times, selected.of(batch), batch.size());
    collectLate(partials, batch, groups);
    for (SliceGroups.Group group : groups) {
      process(partials, batch, group, out);
    }
    fireAgain(out);
    state.commit();
  }

  /** Collects the rows that make windows fire again. */
  private void collectLate(boolean partials, EventBatch batch, List<SliceGroups.Group> groups) {
    if (aggregation.allowedLatenessMillis() == 0) {
      return;
    }
    for (SliceGroups.Group group : groups) {
      List<Long> fired = window.isGap(group.slice) ? List.of() : firedWindows(group.slice);
      if (!fired.isEmpty()) {
        hash(partials, batch, group);
        Column[] keys = keys(partials, batch);
        lateFirings().collect(fired, keys, hashes, group.rows, group.count);
      }
    }
    if (lateFirings != null && aggregation.accumulation() == Accumulation.RETRACTING) {
      lateFirings.keepResults();
    }
  }

  private LateFirings lateFirings() {
    LateFirings firings = lateFirings;
    if (firings == null) {
      firings = new LateFirings(aggregation, program, tables, results);
      lateFirings = firings;
    }
    return firings;
  }

  private void fireAgain(Output out) {
    LateFirings firings = lateFirings;
    if (firings != null && !firings.isEmpty()) {
      List<Long> fired = firings.windowEnds();
      firings.emit(out);
      if (aggregation.accumulation() == Accumulation.DISCARDING) {
        fired.forEach(end -> tables.drop(namespaceOf(end)));
      }
    }
  }

  private long[] nowTimes(int count) {
    if (nowTimes.length < count || nowTimes[0] != now) {
      nowTimes = new long[Math.max(count, EventBatch.TARGET_ROWS)];
      Arrays.fill(nowTimes, now);
    }
    return nowTimes;
  }

  private void process(boolean partials, EventBatch batch, SliceGroups.Group group, Output out) {
    if (window.isGap(group.slice)) {
      context.ledger().filtered(group.count);
    } else if (aggregation.isClosed(group.slice, watermark)) {
      context.ledger().late(group.count);
      if (!partials) {
        out.emit(
            WindowAggregation.LATE_PORT,
            batch.withSelection(Arrays.copyOf(group.rows, group.count), group.count));
      }
    } else {
      hash(partials, batch, group);
      if (aggregation.isSliced()) {
        accumulate(partials, batch, group, aggregation.tableOf(group.slice, watermark));
      } else {
        for (long end : openWindows(group.slice)) {
          accumulate(partials, batch, group, end);
        }
      }
    }
  }

  private void hash(boolean partials, EventBatch batch, SliceGroups.Group group) {
    if (slots.length < group.count) {
      slots = new int[group.count];
      hashes = new long[group.count];
    }
    KeyHash.ofRows(keys(partials, batch), group.rows, group.count, hashes);
  }

  private Column[] keys(boolean partials, EventBatch batch) {
    return EventTimes.columns(batch, partials ? partialKeyOrdinals : keyOrdinals);
  }

  /** Ends of the windows of a slice that are not closed. */
  private List<Long> openWindows(long slice) {
    List<Long> ends = new ArrayList<>();
    long last = window.lastEnd(slice);
    for (long end = window.firstEnd(slice); end <= last; end = window.nextEnd(end)) {
      if (!aggregation.isWindowClosed(end, watermark)) {
        ends.add(end);
      }
    }
    return ends;
  }

  /** The namespace of the one table of a window. */
  private long namespaceOf(long windowEnd) {
    return aggregation.isSliced() ? window.start(windowEnd) : windowEnd;
  }

  /** Adds rows of a slice to a table. */
  private void accumulate(
      boolean partials, EventBatch batch, SliceGroups.Group group, long namespace) {
    boolean isNew = !tables.has(namespace);
    SlotTable table = tables.table(namespace);
    Column[] keys = keys(partials, batch);
    if (addsOnly && batch.rowKinds() == null) {
      table.resolveToAdd(keys, hashes, group.rows, group.count, slots);
    } else {
      table.resolve(keys, hashes, group.rows, group.count, slots);
    }
    if (partials) {
      program.mergePartials(
          table, slots, batch, partialKeyOrdinals.length, group.rows, group.count);
    } else {
      RowErrors errors = context.failures().of(batch);
      program.accumulate(table, slots, batch, group.rows, group.count, errors);
    }
    if (isNew) {
      schedule(namespace);
    }
    if (running != null && running.holds(namespace)) {
      running.changed(keys, hashes, group.rows, group.count);
    }
  }

  /** Ends of the windows of a slice that have fired and are not closed. */
  private List<Long> firedWindows(long slice) {
    if (window.firstEnd(slice) - 1 > watermark) {
      return List.of();
    }
    return openWindows(slice).stream().filter(end -> end - 1 <= watermark).toList();
  }

  /** Has the windows of a new table fire when the watermark reaches their ends. */
  private void schedule(long namespace) {
    if (!aggregation.isSliced()) {
      scheduleWindow(namespace);
      return;
    }
    long last = window.lastEnd(namespace);
    for (long end = window.firstEnd(namespace); end <= last; end = window.nextEnd(end)) {
      scheduleWindow(end);
    }
  }

  private void scheduleWindow(long end) {
    if (end - 1 > watermark) {
      pending.add(end);
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
    if (aggregation.time() == TimeCharacteristic.PROCESSING && nowMillis > now) {
      now = nowMillis;
      advance(nowMillis - 1, out); // rows may still arrive in this millisecond
    }
  }

  @Override
  public void endOfInput(Output out) {
    advance(Long.MAX_VALUE, out);
  }

  private void advance(long newWatermark, Output out) {
    if (newWatermark > watermark) {
      watermark = newWatermark;
      fire(out);
    }
  }

  @Override
  public boolean hasMore() {
    return firingUnderWay;
  }

  @Override
  public void resume(Output out) {
    fire(out);
  }

  /** Fires what is due, until done or until downstream has no capacity. */
  private void fire(Output out) {
    firingUnderWay = true;
    while (firing.isUnderWay() || startNextFiring()) {
      if (!firing.emit(out)) {
        return;
      }
      if (aggregation.accumulation() == Accumulation.DISCARDING) {
        tables.drop(namespaceOf(firing.windowEnd()));
      } else {
        fold(firing.windowEnd());
      }
      if (!out.hasCapacity()) {
        return;
      }
    }
    firingUnderWay = false;
    dropClosed();
    state.commit();
  }

  /**
   * Adds slices that only windows of the same start hold any more to the first of them, so that a
   * firing of cumulative windows merges few tables.
   */
  private void fold(long windowEnd) {
    if (!(window instanceof CumulativeWindows)) {
      return;
    }
    long first = window.start(windowEnd);
    for (long slice = window.sliceEnd(first); slice < windowEnd; slice = window.sliceEnd(slice)) {
      if (tables.has(slice) && aggregation.tableOf(slice, watermark) == first) {
        if (running != null) {
          running.folds(slice, first);
        }
        folding.merge(tables.table(slice), tables.table(first));
        tables.drop(slice);
      }
    }
  }

  private boolean startNextFiring() {
    if (pending.isEmpty() || pending.first() - 1 > watermark) {
      return false;
    }
    firing.start(pending.pollFirst());
    return true;
  }

  private void dropClosed() {
    while (tables.firstNamespace() != Long.MAX_VALUE) {
      long first = tables.firstNamespace();
      boolean closed =
          aggregation.isSliced()
              ? aggregation.isClosed(first, watermark)
              : aggregation.isWindowClosed(first, watermark);
      if (!closed) {
        return;
      }
      tables.drop(first);
    }
  }

  @Override
  public WindowReading windows() {
    return new WindowReading(
        aggregation.time() == TimeCharacteristic.PROCESSING,
        watermark,
        pending.size(),
        pending.isEmpty() ? Long.MAX_VALUE : pending.first() - 1);
  }

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
    if (watermark != Long.MIN_VALUE && watermark != Long.MAX_VALUE) {
      now = watermark + 1; // a clock that is behind now makes no row late
    }
    for (long namespace : tables.namespaces()) {
      schedule(namespace);
    }
    state.commit();
  }
}
