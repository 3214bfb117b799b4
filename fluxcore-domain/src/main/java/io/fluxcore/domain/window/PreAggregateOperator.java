package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.StateLayout;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/**
 * The first phase of a window aggregation, before the exchange: rows of a group and slice become
 * one partial result. It holds no state at a barrier, since it is flushed before.
 *
 * <p>Partial results are held back as long as no window that they belong to can fire: until the
 * watermark reaches the end of the first of them, or the tables outgrow the cache. Rows of slices
 * of which a window has already fired pass as they are, and the receiver judges them. Where groups
 * are nearly unique, aggregating is work for nothing, so all rows pass for a while.
 *
 * <p>The watermark is part of the snapshot, so that after a restore late rows still pass as rows.
 * While no watermark is known all rows pass: the receiver may have been restored at a later time
 * from a run without this phase (at parallelism 1), and cannot send a partial result that is too
 * late to its late output.
 */
final class PreAggregateOperator implements Operator {
  private static final String HORIZON = "horizon";

  /** Groups at which the tables are flushed: their cells then fit the L2 cache. */
  private static final int MAX_GROUPS = 8192;

  /** Above this share of groups among rows, rows pass. */
  private static final double NEARLY_UNIQUE = 0.5;

  /** Rows that pass before aggregating is tried again. */
  private static final int PASSING_ROWS = 256 * EventBatch.TARGET_ROWS;

  private final AggregateProgram program;
  private final int[] keyOrdinals;
  private final Schema partialSchema;
  private final StateLayout layout;
  private final TimeWindows windows;
  private final SliceGroups slices;
  private final SelectedRows selected = new SelectedRows();
  private final TreeMap<Long, HeapSlotTable> tables = new TreeMap<>();
  private final Deque<HeapSlotTable> pool = new ArrayDeque<>();

  private OperatorContext context;
  private long[] hashes = new long[EventBatch.TARGET_ROWS];
  private int[] slots = new int[EventBatch.TARGET_ROWS];
  private long watermark = Long.MIN_VALUE;
  private long heldRows;
  private long heldGroups;
  private long rowsToPass;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  PreAggregateOperator(WindowAggregation aggregation, Schema input) {
    this.program = aggregation.program(input);
    this.keyOrdinals = aggregation.keyOrdinals(input);
    this.partialSchema = aggregation.partialSchema(input);
    this.layout = program.layout("partials", aggregation.keyTypes(input));
    this.windows = aggregation.timeWindows();
    this.slices = new SliceGroups(windows);
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    if (rowsToPass > 0) {
      rowsToPass -= batch.size();
      out.emit(WindowAggregation.ROWS_PORT, batch);
      return;
    }
    if (watermark == Long.MIN_VALUE || !EventTimes.areUsable(batch)) {
      out.emit(WindowAggregation.ROWS_PORT, batch);
      return;
    }
    for (SliceGroups.Group group :
        slices.group(batch.timestamps(), selected.of(batch), batch.size())) {
      if (mayFire(group.slice, watermark)) {
        out.emit(WindowAggregation.ROWS_PORT, batch.withSelection(group.rows.clone(), group.count));
      } else {
        aggregate(batch, group);
      }
    }
    if (heldGroups > MAX_GROUPS) {
      flush(out);
    }
  }

  /** Whether a window of the slice has ended at the watermark, or the slice is in none. */
  private boolean mayFire(long slice, long atWatermark) {
    return windows.isGap(slice) || windows.firstEnd(slice) - 1 <= atWatermark;
  }

  private void aggregate(EventBatch batch, SliceGroups.Group group) {
    if (hashes.length < group.count) {
      hashes = new long[group.count];
      slots = new int[group.count];
    }
    HeapSlotTable table = tables.get(group.slice);
    if (table == null) {
      HeapSlotTable pooled = pool.poll();
      table = pooled != null ? pooled : HeapSlotTable.create(layout);
      tables.put(group.slice, table);
    }
    int before = table.size();
    Column[] keys = EventTimes.columns(batch, keyOrdinals);
    KeyHash.ofRows(keys, group.rows, group.count, hashes);
    table.resolve(keys, hashes, group.rows, group.count, slots);
    RowErrors errors = context.failures().of(batch);
    program.accumulate(table, slots, batch, group.rows, group.count, errors);
    heldRows += group.count;
    heldGroups += table.size() - before;
  }

  @Override
  public void watermark(long newWatermark, Output out) {
    watermark = Math.max(watermark, newWatermark);
    if (!tables.isEmpty() && mayFire(tables.firstKey(), watermark)) {
      flush(out);
    }
  }

  @Override
  public void flush(Output out) {
    for (Map.Entry<Long, HeapSlotTable> entry : tables.entrySet()) {
      emit(entry.getKey(), entry.getValue(), out);
      entry.getValue().clear();
      pool.add(entry.getValue());
    }
    tables.clear();
    if (heldGroups > heldRows * NEARLY_UNIQUE && heldRows >= EventBatch.TARGET_ROWS) {
      rowsToPass = PASSING_ROWS;
    }
    heldRows = 0;
    heldGroups = 0;
  }

  private void emit(long slice, HeapSlotTable table, Output out) {
    int end = table.end();
    for (int from = 0; from < end; from += EventBatch.TARGET_ROWS) {
      int count = Math.min(EventBatch.TARGET_ROWS, end - from);
      int[] block = new int[count];
      for (int i = 0; i < count; i++) {
        block[i] = from + i;
      }
      Column[] columns =
          EventTimes.concat(table.keys(block, count), program.partials(table, block, count));
      long[] times = new long[count];
      java.util.Arrays.fill(times, slice);
      out.emit(EventBatch.of(partialSchema, columns, times, count));
    }
  }

  @Override
  public void endOfInput(Output out) {
    flush(out);
  }

  /** Of slices whose partial results are held here. */
  @Override
  public WindowReading windows() {
    return new WindowReading(
        false,
        watermark,
        tables.size(),
        tables.isEmpty() ? Long.MAX_VALUE : windows.firstEnd(tables.firstKey()) - 1);
  }

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    if (!tables.isEmpty()) {
      throw new IllegalStateException("flush() first: partial results are held");
    }
    snapshot.entry(HORIZON, ByteBuffer.allocate(Long.BYTES).putLong(watermark).array());
  }

  /** The receiver's horizon is at most the largest of the senders', whoever sends its rows now. */
  @Override
  public void restore(OperatorSnapshot snapshot) {
    for (byte[] horizon : snapshot.entries(HORIZON)) {
      watermark = Math.max(watermark, ByteBuffer.wrap(horizon).getLong());
    }
  }
}
