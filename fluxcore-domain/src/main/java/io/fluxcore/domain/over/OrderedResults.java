package io.fluxcore.domain.over;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.PlainValues;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.rank.RankedRow;
import io.fluxcore.domain.row.EncodedRow;
import io.fluxcore.domain.row.RowCodec;
import io.fluxcore.domain.row.RowEncoder;
import io.fluxcore.domain.state.HeapStateBackend;
import io.fluxcore.domain.state.SlotTable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes an {@link OrderedOver} of all rows of a key at once. Not thread-safe. */
final class OrderedResults {
  private final OrderedOver over;
  private final RowCodec rows;
  private final RowEncoder results;
  private final Schema output;
  private final int passed;
  private final int measured;
  private final boolean canRetract;
  private final AggregateProgram program;
  private final SlotTable frame;
  private final int[] slot = new int[1];

  /** What leads are where there is no later row. */
  private final Map<OverCall.Lead, Object> defaults = new HashMap<>();

  /**
   * Results of an over-window.
   *
   * @param rows the codec of the rows that are held
   * @param passed how many of their first fields they leave with
   * @param output the fields of what leaves
   */
  OrderedResults(OrderedOver over, RowCodec rows, int passed, Schema output) {
    this.over = over;
    this.rows = rows;
    this.passed = passed;
    this.output = output;
    this.results = new RowEncoder(new RowCodec(output));
    this.measured = over.measured() == null ? -1 : rows.schema().ordinal(over.measured());
    this.program = over.program(rows.schema());
    this.canRetract = program.canRetract();
    this.frame =
        HeapStateBackend.whole(1).tables(program.layout("frame", List.of(DataType.LONG))).table(0);
    for (OverCall call : over.calls()) {
      if (call instanceof OverCall.Lead lead && lead.otherwise() != null) {
        Field field = rows.schema().field(rows.schema().ordinal(lead.field()));
        defaults.put(lead, PlainValues.parse(field, lead.otherwise()));
      }
    }
    KeyChunk one = KeyChunk.of(new Column[] {KeyChunk.numbers(0, 1)}, 1);
    frame.resolve(one.columns(), one.hashes(), one.rows(), 1, slot);
  }

  /**
   * What each of the rows of a key leaves as.
   *
   * @param ranked in their order
   * @param errors told of rows that an aggregate refuses
   */
  EncodedRow[] of(byte[][] ranked, RowErrors errors) {
    EventBatch batch = decoded(ranked);
    OrderedFrames frames =
        new OrderedFrames(
            over.frame(),
            ranked,
            batch,
            measured,
            measured >= 0 && over.orderBy().get(0).descending());
    EventBatchBuilder builder = new EventBatchBuilder(output, Math.max(1, ranked.length));
    for (int field = 0; field < passed; field++) {
      for (int row = 0; row < ranked.length; row++) {
        builder.column(field).append(batch.column(field), row);
      }
    }
    int field = passed;
    for (OverCall call : over.calls()) {
      if (!(call instanceof OverCall.Aggregate)) {
        compute(call, batch, frames, builder.column(field), ranked.length);
      }
      field++;
    }
    aggregate(batch, frames, builder, ranked.length, errors);
    for (byte[] row : ranked) {
      builder.endRow(RankedRow.timestamp(row));
    }
    EventBatch computed = builder.build();
    Column[] columns = computed.columns();
    EncodedRow[] encoded = new EncodedRow[ranked.length];
    for (int row = 0; row < encoded.length; row++) {
      encoded[row] = results.encode(columns, row).toRow(computed.timestamps()[row]);
    }
    return encoded;
  }

  private EventBatch decoded(byte[][] ranked) {
    EventBatchBuilder builder = new EventBatchBuilder(rows.schema(), Math.max(1, ranked.length));
    @Nullable ColumnBuilder[] targets = new @Nullable ColumnBuilder[rows.schema().size()];
    for (int field = 0; field < targets.length; field++) {
      targets[field] = builder.column(field);
    }
    for (byte[] row : ranked) {
      rows.decode(row, RankedRow.row(row), targets);
      builder.endRow(RankedRow.timestamp(row));
    }
    return builder.build();
  }

  private void compute(
      OverCall call, EventBatch batch, OrderedFrames frames, ColumnBuilder column, int size) {
    Object otherwise = call instanceof OverCall.Lead lead ? defaults.get(lead) : null;
    for (int row = 0; row < size; row++) {
      if (call instanceof OverCall.Numbering number) {
        number(number.kind(), row, size, frames, column);
      } else if (call instanceof OverCall.Tile tile) {
        column.appendLong(tile(row, size, tile.groups()));
      } else if (call instanceof OverCall.Lag lag) {
        field(batch, lag.field(), (long) row - lag.rows(), null, column);
      } else if (call instanceof OverCall.Lead lead) {
        field(batch, lead.field(), (long) row + lead.rows(), otherwise, column);
      } else if (call instanceof OverCall.Value value) {
        field(batch, value.field(), at(value, batch, frames, row), null, column);
      }
    }
  }

  private static void number(
      OverCall.Numbering.Kind kind, int row, int size, OrderedFrames frames, ColumnBuilder column) {
    switch (kind) {
      case ROW_NUMBER -> column.appendLong(row + 1L);
      case RANK -> column.appendLong(frames.firstPeer(row) + 1L);
      case DENSE_RANK -> column.appendLong(frames.places(row));
      case PERCENT_RANK ->
          column.appendDouble(size == 1 ? 0 : frames.firstPeer(row) / (double) (size - 1));
      case CUME_DIST -> column.appendDouble((frames.lastPeer(row) + 1) / (double) size);
    }
  }

  /** The first groups have one row more than the others where they cannot be of the same size. */
  private static long tile(long row, long size, long groups) {
    long least = size / groups;
    long larger = size % groups;
    long inLarger = larger * (least + 1);
    return row < inLarger ? row / (least + 1) + 1 : larger + (row - inLarger) / least + 1;
  }

  /** A field of a row, or what it is where there is no such row. */
  private static void field(
      EventBatch batch, String field, long row, @Nullable Object otherwise, ColumnBuilder column) {
    if (row >= 0 && row < batch.rowCount()) {
      column.append(batch.column(batch.schema().ordinal(field)), (int) row);
    } else {
      column.append(otherwise);
    }
  }

  /** The row of the frame that is meant, or −1. */
  private static long at(OverCall.Value value, EventBatch batch, OrderedFrames frames, int row) {
    Column column = batch.column(batch.schema().ordinal(value.field()));
    int begin = frames.begin(row);
    int end = frames.end(row);
    boolean isFirst = value.end() == OverCall.Value.End.FIRST;
    if (!value.skipsNulls()) {
      long at = isFirst ? begin + value.position() - 1 : end - value.position();
      return at >= begin && at < end ? at : -1;
    }
    long left = value.position();
    for (int at = isFirst ? begin : end - 1; at >= begin && at < end; at += isFirst ? 1 : -1) {
      if (!column.isNull(at) && --left == 0) {
        return at;
      }
    }
    return -1;
  }

  /** Moves the frame from row to row: what comes in is added, and what leaves is taken back. */
  private void aggregate(
      EventBatch batch,
      OrderedFrames frames,
      EventBatchBuilder builder,
      int size,
      RowErrors errors) {
    if (program.resultFields().isEmpty()) {
      return;
    }
    EventBatch gone = gone(batch);
    int begin = 0;
    int end = 0;
    program.clear(frame, slot, 1);
    for (int row = 0; row < size; row++) {
      int from = frames.begin(row);
      int to = Math.max(from, frames.end(row));
      if (from > begin && (from >= end || !canRetract)) {
        program.clear(frame, slot, 1);
        begin = from;
        end = from;
      }
      accumulate(batch, end, to, errors);
      accumulate(gone, begin, from, (at, error) -> {}); // told when it came
      begin = from;
      end = Math.max(end, to);
      Column[] columns = program.results(frame, slot, 1);
      int field = passed;
      int aggregate = 0;
      for (OverCall call : over.calls()) {
        if (call instanceof OverCall.Aggregate) {
          builder.column(field).append(columns[aggregate++], 0);
        }
        field++;
      }
    }
  }

  /** The same rows, taken back. */
  private static EventBatch gone(EventBatch batch) {
    byte[] kinds = new byte[batch.rowCount()];
    Arrays.fill(kinds, RowKind.DELETE.code());
    return batch.withRowKinds(kinds);
  }

  private void accumulate(EventBatch batch, int from, int to, RowErrors errors) {
    if (from >= to) {
      return;
    }
    int[] chosen = new int[to - from];
    int[] slots = new int[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = from + i;
      slots[i] = slot[0];
    }
    program.accumulate(frame, slots, batch, chosen, chosen.length, errors);
  }
}
