package io.fluxcore.domain.over;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.row.RowBufferSerializer;
import io.fluxcore.domain.row.RowCodec;
import io.fluxcore.domain.row.RowEncoder;
import io.fluxcore.domain.state.Horizon;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.state.StateSerializer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs an {@link OverWindow}. Of each key there are the numbers of its rows and the aggregates of
 * its last frame, and as rows those that are in the frame, those that others look back to, and
 * those of the last time, which wait for the others of that time where the frame is one of time;
 * and, where rows look ahead, the last ones as they left ({@link LeadRows}).
 *
 * <p>A row's time has passed when a row of its key with a later one comes, or the watermark.
 */
final class OverOperator implements Operator {
  // cells of a key, behind those of the aggregates
  private static final int ROWS = 0;
  private static final int TIMES = 1;
  private static final int LAST_TIME = 2;
  private static final int RANK = 3;

  // objects of a key's rows
  private static final int FRAME = 0;
  private static final int EARLIER = 1;
  private static final int WAITING = 2;
  private static final int LED = 3;

  private final OverWindow over;
  private final boolean isRange;
  private final long preceding;
  private final int longestLag;
  private final int[] keyOrdinals;
  private final List<DataType> keyTypes;
  private final int[] keptOrdinals;
  private final RowCodec codec;
  private final RowEncoder encoder;
  private final AggregateProgram program;
  private final int firstCell;
  private final OverRows output;
  private final EventBatchBuilder some;
  private final @Nullable ColumnBuilder[] targets;
  private final Deque<KeyChunk> waiting = new ArrayDeque<>();
  private OperatorContext context;
  private SlotTables numbers;
  private SlotTables rows;
  private long watermark = Long.MIN_VALUE;
  private boolean isSettling;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  OverOperator(OverWindow over, Schema input, Schema rows) {
    this.over = over;
    this.isRange = over.frame().unit() == Frame.Unit.RANGE;
    this.preceding = over.frame().preceding();
    this.longestLag = over.longestLag();
    this.keyOrdinals = over.key().stream().mapToInt(input::ordinal).toArray();
    this.keyTypes = Arrays.stream(keyOrdinals).mapToObj(input::type).toList();
    Schema kept = over.kept(rows, input);
    this.keptOrdinals = kept.fieldNames().stream().mapToInt(input::ordinal).toArray();
    this.codec = new RowCodec(kept);
    this.encoder = new RowEncoder(codec);
    this.program = over.program(kept);
    this.firstCell = program.cellCount();
    this.some = new EventBatchBuilder(kept, 16);
    this.targets = new @Nullable ColumnBuilder[kept.size()];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = some.column(i);
    }
    this.output = new OverRows(over, codec, rows, over.outputSchema(rows, input));
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
    StateBackend state = newContext.state();
    numbers = state.tables(program.layout("numbers", keyTypes).withCells(0, 0, Long.MIN_VALUE, 0));
    StateSerializer<Object> buffer = new RowBufferSerializer(codec.schema());
    List<StateSerializer<Object>> buffers = new ArrayList<>(List.of(buffer, buffer, buffer));
    if (over.looksAhead()) {
      buffers.add(new RowBufferSerializer(output.schema()));
    }
    rows = state.tables(new StateLayout("rows", keyTypes, new long[0], buffers));
  }

  /** The state of a key. */
  private final class Key {
    final SlotTable table = numbers.table(0);
    final SlotTable buffers = rows.table(0);
    int slot;
    int rowsSlot;

    long cell(int cell) {
      return table.cells()[slot * table.stride() + table.offset(firstCell + cell)];
    }

    void cell(int cell, long value) {
      table.cells()[slot * table.stride() + table.offset(firstCell + cell)] = value;
    }

    RowBuffer buffer(int object) {
      @Nullable Object[] objects = buffers.objects(object);
      RowBuffer buffer = (RowBuffer) objects[rowsSlot];
      if (buffer == null) {
        buffer = new RowBuffer();
        objects[rowsSlot] = buffer;
      }
      return buffer;
    }
  }

  private int[] resolve(SlotTables tables, KeyChunk keys) {
    int[] slots = new int[keys.count()];
    tables.table(0).resolve(keys.columns(), keys.hashes(), keys.rows(), keys.count(), slots);
    return slots;
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    KeyChunk keys = KeyChunk.of(batch, keyOrdinals);
    Column[] columns = KeyChunk.columns(batch, keptOrdinals);
    int[] slots = resolve(numbers, keys);
    int[] rowsSlots = resolve(rows, keys);
    Key key = new Key();
    for (int i = 0; i < keys.count(); i++) {
      key.slot = slots[i];
      key.rowsSlot = rowsSlots[i];
      int row = keys.rows()[i];
      long time = batch.timestamps()[row];
      RowBuffer current = key.buffer(WAITING);
      if (!current.isEmpty() && current.timestamp(current.first()) != time) {
        settle(key, current);
      }
      current.append(encoder.encode(columns, row), time, batch.rowKind(row).code());
      if (!isRange) {
        settle(key, current);
      }
    }
    if (isRange) {
      waiting.add(copyOf(keys));
    }
    context.state().commit();
    output.flush(out);
  }

  /** Keys that outlive their batch. */
  private static KeyChunk copyOf(KeyChunk keys) {
    return KeyChunk.of(KeyChunk.gather(keys.columns(), keys.rows(), keys.count()), keys.count());
  }

  /** Gives the rows of a time, which has passed. */
  private void settle(Key key, RowBuffer current) {
    int first = current.first();
    long time = current.timestamp(first);
    RowBuffer frame = key.buffer(FRAME);
    leave(key, frame, time);
    for (int at = first; at >= 0; at = current.next(at)) {
      current.decode(codec, at, targets);
      some.endRow(time);
    }
    accumulate(key);
    Column[] results = program.results(key.table, new int[] {key.slot}, 1);
    number(key, time);
    RowBuffer earlier = key.buffer(EARLIER);
    for (int at = first; at >= 0; at = current.next(at)) {
      key.cell(ROWS, key.cell(ROWS) + 1);
      output.compute(
          current, at, earlier, results, key.cell(ROWS), key.cell(RANK), key.cell(TIMES));
      output.add(time, over.looksAhead() ? key.buffer(LED) : null);
      if (!over.frame().isUnbounded()) {
        frame.append(current, at, 0);
      }
      if (longestLag > 0) {
        earlier.append(current, at, 0);
        if (earlier.size() > longestLag) {
          earlier.remove(earlier.first());
        }
      }
    }
    current.clear();
  }

  /** Takes back what is in the frame of these rows no more. */
  private void leave(Key key, RowBuffer frame, long time) {
    if (over.frame().isUnbounded()) {
      return;
    }
    for (int at = frame.first(); at >= 0 && isGone(frame, at, time); at = frame.next(at)) {
      frame.decode(codec, at, targets);
      some.endRow(frame.timestamp(at), RowKind.DELETE);
      frame.remove(at);
    }
    accumulate(key);
  }

  private boolean isGone(RowBuffer frame, int at, long time) {
    return isRange ? time - frame.timestamp(at) > preceding : frame.size() > preceding;
  }

  private void accumulate(Key key) {
    if (some.size() == 0) {
      return;
    }
    EventBatch batch = some.build();
    int[] slots = new int[batch.size()];
    Arrays.fill(slots, key.slot);
    program.accumulate(
        key.table,
        slots,
        batch,
        KeyChunk.identity(batch.size()),
        batch.size(),
        (row, error) -> {
          if (!batch.rowKind(row).isRetraction()) {
            context.failures().failed(batch, row, error);
          }
        });
  }

  private static void number(Key key, long time) {
    if (key.cell(LAST_TIME) != time) {
      key.cell(LAST_TIME, time);
      key.cell(TIMES, key.cell(TIMES) + 1);
      key.cell(RANK, key.cell(ROWS) + 1);
    }
  }

  @Override
  public void watermark(long newWatermark, Output out) {
    if (newWatermark > watermark) {
      watermark = newWatermark;
      isSettling = true;
      resume(out);
    }
  }

  @Override
  public boolean hasMore() {
    return isSettling || output.hasMore();
  }

  @Override
  public void resume(Output out) {
    while (isSettling && output.flush(out)) {
      if (waiting.isEmpty()) {
        isSettling = false;
      } else {
        settle(waiting.remove());
        context.state().commit();
      }
    }
    output.flush(out);
  }

  /** The times of these rows have passed: what is before them came before the watermark. */
  private void settle(KeyChunk keys) {
    int[] slots = resolve(numbers, keys);
    int[] rowsSlots = resolve(rows, keys);
    Key key = new Key();
    for (int i = 0; i < keys.count(); i++) {
      key.slot = slots[i];
      key.rowsSlot = rowsSlots[i];
      RowBuffer current = key.buffer(WAITING);
      if (!current.isEmpty() && current.timestamp(current.first()) <= watermark) {
        settle(key, current);
      }
    }
  }

  @Override
  public String stateMeaning() {
    return over.toString();
  }

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    Horizon.write(snapshot, context.keyGroups(), watermark);
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    watermark = Horizon.read(snapshot, context.keyGroups());
    Column[] all = KeyChunk.all(rows.table(0), keyTypes);
    if (isRange && rows.table(0).size() > 0) {
      waiting.add(KeyChunk.of(all, rows.table(0).size()));
    }
    context.state().commit();
  }
}
