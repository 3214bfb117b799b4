package io.fluxcore.domain.sort;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.RowCollector;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.state.Horizon;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SlotWalk;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.window.EventTimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Holds rows until the watermark has passed them and emits them in the order of {@link
 * EventTimeSort}. What is emitted for a watermark is in order over all keys of the subtask.
 *
 * <p>The rows of a batch are cut into one sorted run per key group, columns and all; a run is one
 * slot of keyed state under a key that {@link RunKeys} makes, and is never written again. Its
 * namespace is the time of its first row, rounded down, so that a watermark looks only at runs that
 * may have something due. These are merged, in blocks and with pauses when downstream has no
 * capacity; a namespace is opened when the merge comes to its time. A cell of the slot tells how
 * many rows of the run have left. Where that is more than half of them the others are put into a
 * run of their own under the time of their first, so that a row that waits long does not keep its
 * neighbours' memory.
 */
final class SortOperator implements Operator {
  private static final String STATE = "runs";
  private static final long NAMESPACE_MILLIS = 1_000;
  private static final int[] FIRST_ROW = {0};

  private final EventTimeSort sort;
  private final Schema input;
  private final RowOrder order;
  private final int[] keyOrdinals;
  private final RowCollector collector;
  private final PriorityQueue<RunCursor> due;

  /** Runs that the watermark under way has come to. */
  private final List<RunCursor> opened = new ArrayList<>();

  /** Namespaces that the watermark has passed and the merge has not come to. */
  private final TreeSet<Long> unopened = new TreeSet<>();

  private OperatorContext context;
  private StateBackend state;
  private SlotTables tables;
  private RunKeys keys;
  private long watermark = Long.MIN_VALUE;
  private long heldRows;
  private boolean emitting;
  private int[] rows = new int[0];
  private int[] late = new int[0];
  private int[] ordered = new int[0];
  private int[] spare = new int[0];
  private int[] identity = new int[0];
  private long[] hashes = new long[0];
  private int[] groups = new int[0];
  private int[] groupEnds = new int[0];
  private int[] slots = new int[0];
  private final int[] block = new int[EventBatch.TARGET_ROWS];
  private final int[] slot = new int[1];
  private final long[] hash = new long[1];

  /** No row that is held is before this time; exact but for runs that were not opened. */
  private long earliest = Long.MAX_VALUE;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  SortOperator(EventTimeSort sort, Schema input) {
    this.sort = sort;
    this.input = input;
    this.order = new RowOrder(sort.thenBy(), input);
    this.keyOrdinals = sort.keyOrdinals(input);
    this.collector = new RowCollector(input, EventBatch.TARGET_ROWS);
    this.due = new PriorityQueue<>((a, b) -> RunCursor.compare(order, a, b));
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
    state = newContext.state();
    tables =
        state.tables(
            new StateLayout(
                STATE, List.of(DataType.LONG), new long[] {0}, List.of(new RunSerializer(input))));
    keys = new RunKeys(newContext.keyGroups(), newContext.maxParallelism());
    groupEnds = new int[newContext.keyGroups().last() - newContext.keyGroups().first() + 2];
  }

  @Override
  public boolean keepsBatches() {
    return false; // runs are copies
  }

  // Rows

  @Override
  public void process(int inputNumber, EventBatch arrived, Output out) {
    EventBatch batch = EventTimes.usable(arrived, context.failures());
    int count = withoutLate(batch, out);
    if (count == 0) {
      return;
    }
    if (heldRows + count > sort.maxRows()) {
      throw tooMany(count);
    }
    heldRows += count;
    group(batch, count);
    int first = context.keyGroups().first();
    for (int group = 0, from = 0; group < groupEnds.length - 1; group++) {
      int to = groupEnds[group];
      if (to > from) {
        order.sort(batch, ordered, from, to, spare);
        hold(first + group, batch, from, to);
      }
      from = to;
    }
    state.commit();
  }

  private FluxCoreException tooMany(int more) {
    return new FluxCoreException(
        ErrorCategory.RESOURCE,
        Diagnostic.error(
            "FLX-SORT-0001",
            Place.of("node '" + context.operatorId() + "'"),
            "subtask "
                + context.subtask()
                + " holds "
                + heldRows
                + " rows until the watermark passes them, and "
                + more
                + " more would be over maxRows, "
                + sort.maxRows(),
            "see what holds the watermark back, lower maxOutOfOrderness, or raise maxRows"));
  }

  /** Emits the late rows, and leaves the others in {@code rows}. */
  private int withoutLate(EventBatch batch, Output out) {
    reserve(batch.size());
    long[] times = batch.timestamps();
    int[] selection = batch.selection();
    int count = 0;
    int lateCount = 0;
    for (int i = 0; i < batch.size(); i++) {
      int row = selection == null ? i : selection[i];
      if (times[row] > watermark) {
        rows[count++] = row;
      } else {
        late[lateCount++] = row;
      }
    }
    if (lateCount > 0) {
      context.ledger().late(lateCount);
      out.emit(
          EventTimeSort.LATE_PORT, batch.withSelection(Arrays.copyOf(late, lateCount), lateCount));
    }
    return count;
  }

  private void reserve(int count) {
    if (rows.length < count) {
      int length = Math.max(count, EventBatch.TARGET_ROWS);
      rows = new int[length];
      late = new int[length];
      ordered = new int[length];
      spare = new int[length];
      groups = new int[length];
      slots = new int[length];
      hashes = new long[length];
    }
  }

  /** Puts the rows into {@code ordered}, those of a key group together; {@code groupEnds} parts. */
  private void group(EventBatch batch, int count) {
    KeyHash.ofRows(EventTimes.columns(batch, keyOrdinals), rows, count, hashes);
    int first = context.keyGroups().first();
    Arrays.fill(groupEnds, 0);
    for (int i = 0; i < count; i++) {
      groups[i] = keys.group(hashes[i]) - first;
      groupEnds[groups[i] + 1]++;
    }
    for (int group = 1; group < groupEnds.length; group++) {
      groupEnds[group] += groupEnds[group - 1];
    }
    for (int i = 0; i < count; i++) {
      ordered[groupEnds[groups[i]]++] = rows[i];
    }
  }

  private void hold(int group, EventBatch batch, int from, int to) {
    int[] sorted = from == 0 ? ordered : Arrays.copyOfRange(ordered, from, to);
    put(keys.next(group), batch.gather(sorted, to - from).withRawRecords(null));
  }

  private void put(long runHash, EventBatch run) {
    long first = run.timestamps()[0];
    SlotTable table = tables.table(Math.floorDiv(first, NAMESPACE_MILLIS));
    hash[0] = runHash;
    table.resolve(
        new Column[] {new LongColumn(1, new long[] {RunKeys.key(runHash)})},
        hash,
        FIRST_ROW,
        1,
        slot);
    table.objects(0)[slot[0]] = run;
    earliest = Math.min(earliest, first);
  }

  // Time

  @Override
  public void watermark(long newWatermark, Output out) {
    if (newWatermark <= watermark) {
      return;
    }
    watermark = newWatermark;
    if (earliest > watermark) {
      return;
    }
    for (long namespace : tables.namespaces()) {
      if (firstTime(namespace) <= watermark) {
        unopened.add(namespace);
      }
    }
    emitting = true;
    resume(out);
  }

  private static long firstTime(long namespace) {
    return namespace * NAMESPACE_MILLIS;
  }

  @Override
  public boolean hasMore() {
    return emitting;
  }

  @Override
  public void resume(Output out) {
    while (emitting) {
      RunCursor first = next();
      if (first == null || first.time() > watermark) {
        flushRows(out);
        settle();
        emitting = false;
      } else {
        boolean full = emit(first, out);
        if (full && !out.hasCapacity()) {
          return;
        }
      }
    }
  }

  /** The run with the next row; opens the namespaces that may have an earlier one. */
  private @Nullable RunCursor next() {
    while (!unopened.isEmpty()) {
      RunCursor first = due.peek();
      if (first != null && first.time() < firstTime(unopened.first())) {
        return first;
      }
      openRuns(unopened.pollFirst());
    }
    return due.peek();
  }

  private void openRuns(long namespace) {
    SlotTable table = tables.table(namespace);
    SlotWalk walk = new SlotWalk(table);
    for (int count = walk.next(block); count > 0; count = walk.next(block)) {
      reserve(count);
      table.hashes(block, count, hashes);
      long[] cells = table.cells();
      @Nullable Object[] runs = table.objects(0);
      for (int i = 0; i < count; i++) {
        if (runs[block[i]] instanceof EventBatch run) {
          int next = (int) cells[block[i] * table.stride() + table.offset(0)];
          RunCursor cursor = new RunCursor(namespace, hashes[i], run, next);
          opened.add(cursor);
          due.add(cursor);
        }
      }
    }
  }

  /** Emits rows of a run for as long as they are the next; whether a batch has left. */
  private boolean emit(RunCursor run, Output out) {
    due.remove();
    RunCursor second = due.peek();
    long bound = unopened.isEmpty() ? Long.MAX_VALUE : firstTime(unopened.first()) - 1;
    long last = Math.min(watermark, bound);
    int from = run.next;
    int limit = Math.min(run.run.size(), from + EventBatch.TARGET_ROWS);
    do {
      run.next++;
    } while (run.next < limit
        && run.time() <= last
        && (second == null || RunCursor.compare(order, run, second) <= 0));
    int count = run.next - from;
    heldRows -= count;
    boolean left = collect(run.run, from, count, out);
    if (!run.isDone()) {
      due.add(run);
    }
    return left;
  }

  /** Adds rows to those that leave together. */
  private boolean collect(EventBatch run, int from, int count, Output out) {
    boolean left = false;
    if (!collector.accepts(run)) {
      left = flushRows(out);
    }
    if (identity.length < run.size()) {
      identity = new int[Math.max(run.size(), EventBatch.TARGET_ROWS)];
      Arrays.setAll(identity, i -> i);
    }
    if (!collector.accepts(run)) { // it carries an envelope
      out.emit(run.gather(Arrays.copyOfRange(identity, from, from + count), count));
      return true;
    }
    int done = 0;
    while (done < count) {
      int some = Math.min(count - done, collector.room());
      collector.add(run, identity, from + done, some);
      done += some;
      if (collector.isFull()) {
        left = flushRows(out);
      }
    }
    return left;
  }

  private boolean flushRows(Output out) {
    if (collector.isEmpty()) {
      return false;
    }
    out.emit(collector.build());
    return true;
  }

  /** Has the state say what has left. */
  private void settle() {
    List<RunCursor> moved = new ArrayList<>();
    Map<Long, List<RunCursor>> byNamespace = new TreeMap<>();
    for (RunCursor run : opened) {
      byNamespace.computeIfAbsent(run.namespace, n -> new ArrayList<>()).add(run);
    }
    byNamespace.forEach((namespace, runs) -> settle(namespace, runs, moved));
    RunCursor head = due.peek();
    long first = head == null ? Long.MAX_VALUE : head.time();
    for (RunCursor run : moved) {
      int[] left = Arrays.copyOfRange(identity, run.next, run.run.size());
      put(run.hash, run.run.gather(left, left.length));
    }
    for (long namespace : tables.namespaces()) {
      if (firstTime(namespace) > watermark) {
        first = Math.min(first, firstTime(namespace));
        break;
      }
    }
    earliest = first;
    due.clear();
    opened.clear();
    state.commit();
  }

  private void settle(long namespace, List<RunCursor> runs, List<RunCursor> moved) {
    SlotTable table = tables.table(namespace);
    int count = runs.size();
    reserve(count);
    long[] runKeys = new long[count];
    for (int i = 0; i < count; i++) {
      hashes[i] = runs.get(i).hash;
      runKeys[i] = RunKeys.key(hashes[i]);
      groups[i] = i;
    }
    table.resolve(new Column[] {new LongColumn(count, runKeys)}, hashes, groups, count, slots);
    for (int i = 0; i < count; i++) {
      RunCursor run = runs.get(i);
      if (run.isDone()) {
        table.remove(slots[i]);
      } else if (run.next > run.run.size() / 2) {
        table.remove(slots[i]);
        moved.add(run);
      } else {
        table.cells()[slots[i] * table.stride() + table.offset(0)] = run.next;
      }
    }
    if (table.size() == 0) {
      tables.drop(namespace);
    }
  }

  /** Rows that are held stand in for windows that have not fired. */
  @Override
  public WindowReading windows() {
    return new WindowReading(false, watermark, heldRows, heldRows == 0 ? Long.MAX_VALUE : earliest);
  }

  // Snapshots

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    Horizon.write(snapshot, context.keyGroups(), watermark);
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    watermark = Horizon.read(snapshot, context.keyGroups());
    for (long namespace : tables.namespaces()) {
      openRuns(namespace);
    }
    for (RunCursor run : opened) {
      keys.seen(run.hash);
      heldRows += run.left();
      earliest = Math.min(earliest, run.time());
    }
    opened.clear();
    due.clear();
    state.commit();
  }
}
