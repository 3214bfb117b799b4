package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.OperatorSnapshot;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The first phase of a session aggregation, before the exchange: rows of a group that are of one
 * session become one partial result with the times of the first and the last of them. It holds no
 * state at a barrier, since it is flushed before.
 *
 * <p>Partial results are held back while the watermark is before all of their rows: no session that
 * they belong to can be over then. A row that is not after the watermark passes as it is: it may be
 * late, or make a row that follows it not late. Rows of a group that are too far apart cannot be
 * held together, so that the held ones are sent first. Where groups are nearly unique, aggregating
 * is work for nothing, so all rows pass for a while.
 *
 * <p>The watermark is part of the snapshot; while none is known all rows pass: the receiver may
 * have been restored at a later time from a run without this phase (at parallelism 1).
 */
final class SessionPreAggregateOperator implements Operator {
  private static final String HORIZON = "horizon";

  /** Groups at which the table is flushed: its cells then fit the L2 cache. */
  private static final int MAX_GROUPS = 8192;

  /** Above this share of groups among rows, rows pass. */
  private static final double NEARLY_UNIQUE = 0.5;

  /** Rows that pass before aggregating is tried again. */
  private static final int PASSING_ROWS = 256 * EventBatch.TARGET_ROWS;

  private final long gap;
  private final long reach;
  private final AggregateProgram program;
  private final int[] keyOrdinals;
  private final Schema partialSchema;
  private final SessionLayout layout;
  private final HeapSlotTable table;

  private OperatorContext context;
  private int[] heldRowsOf = new int[0];
  private int[] passing = new int[0];
  private int[] apart = new int[0];
  private int[] slots = new int[0];
  private long[] hashes = new long[0];
  private long watermark = Long.MIN_VALUE;
  private long earliest = Long.MAX_VALUE;
  private long heldRows;
  private long rowsToPass;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  SessionPreAggregateOperator(WindowAggregation aggregation, SessionWindows windows, Schema input) {
    this.gap = windows.gapMillis();
    this.reach = windows.reachMillis();
    this.program = aggregation.program(input);
    this.keyOrdinals = aggregation.keyOrdinals(input);
    this.partialSchema = aggregation.partialSchema(input);
    this.layout = new SessionLayout("partials", program, aggregation.keyTypes(input), gap, false);
    this.table = HeapSlotTable.create(layout.state());
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
    reserve(batch.size());
    int count = split(batch, out);
    int left = aggregate(batch, heldRowsOf, count);
    if (left > 0) {
      flush(out);
      left = aggregate(batch, Arrays.copyOf(apart, left), left);
    }
    if (left > 0) {
      pass(batch, apart, left, out);
    }
    if (table.size() > MAX_GROUPS) {
      flush(out);
    }
  }

  private void reserve(int count) {
    if (slots.length < count) {
      int length = Math.max(count, EventBatch.TARGET_ROWS);
      heldRowsOf = new int[length];
      passing = new int[length];
      apart = new int[length];
      slots = new int[length];
      hashes = new long[length];
    }
  }

  /** Passes the rows that are not after the watermark; how many are. */
  private int split(EventBatch batch, Output out) {
    long[] times = batch.timestamps();
    int held = 0;
    int passed = 0;
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      if (times[row] - 1 > watermark) {
        heldRowsOf[held++] = row;
      } else {
        passing[passed++] = row;
      }
    }
    if (passed > 0) {
      pass(batch, passing, passed, out);
    }
    return held;
  }

  private static void pass(EventBatch batch, int[] rows, int count, Output out) {
    out.emit(WindowAggregation.ROWS_PORT, batch.withSelection(Arrays.copyOf(rows, count), count));
  }

  /** Adds rows to those held; how many are too far apart from the held ones of their group. */
  private int aggregate(EventBatch batch, int[] rows, int count) {
    if (count == 0) {
      return 0;
    }
    Column[] keys = EventTimes.columns(batch, keyOrdinals);
    KeyHash.ofRows(keys, rows, count, hashes);
    table.resolve(keys, hashes, rows, count, slots);
    long[] times = batch.timestamps();
    long[] cells = table.cells();
    int stride = table.stride();
    int start = layout.start(table);
    int last = layout.last(table);
    long least = earliest;
    int near = 0;
    int far = 0;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      long time = times[row];
      int base = slots[i] * stride;
      long first = cells[base + start];
      long latest = cells[base + last];
      if (first <= latest && (time - latest > reach || first - time > reach)) {
        apart[far++] = row;
        continue;
      }
      cells[base + start] = Math.min(first, time);
      cells[base + last] = Math.max(latest, time);
      least = Math.min(least, time);
      rows[near] = row;
      slots[near++] = slots[i];
    }
    earliest = least;
    heldRows += near;
    program.accumulate(table, slots, batch, rows, near, context.failures().of(batch));
    return far;
  }

  @Override
  public void watermark(long newWatermark, Output out) {
    watermark = Math.max(watermark, newWatermark);
    if (earliest - 1 <= watermark) {
      flush(out);
    }
  }

  @Override
  public void flush(Output out) {
    int groups = table.size();
    if (groups == 0) {
      return;
    }
    for (int from = 0; from < groups; from += EventBatch.TARGET_ROWS) {
      emit(from, Math.min(EventBatch.TARGET_ROWS, groups - from), out);
    }
    table.clear();
    if (groups > heldRows * NEARLY_UNIQUE && heldRows >= EventBatch.TARGET_ROWS) {
      rowsToPass = PASSING_ROWS;
    }
    heldRows = 0;
    earliest = Long.MAX_VALUE;
  }

  private void emit(int from, int count, Output out) {
    int[] block = new int[count];
    long[] firsts = new long[count];
    long[] lasts = new long[count];
    long[] cells = table.cells();
    for (int i = 0; i < count; i++) {
      int slot = from + i;
      block[i] = slot;
      firsts[i] = cells[slot * table.stride() + layout.start(table)];
      lasts[i] = cells[slot * table.stride() + layout.last(table)];
    }
    Column[] columns =
        EventTimes.concat(
            EventTimes.concat(table.keys(block, count), program.partials(table, block, count)),
            new Column[] {new LongColumn(count, lasts)});
    out.emit(EventBatch.of(partialSchema, columns, firsts, count));
  }

  @Override
  public void endOfInput(Output out) {
    flush(out);
  }

  /** Of sessions of which rows are held here. */
  @Override
  public WindowReading windows() {
    return new WindowReading(
        false, watermark, table.size(), table.size() == 0 ? Long.MAX_VALUE : earliest + gap - 1);
  }

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    if (table.size() > 0) {
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
