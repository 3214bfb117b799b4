package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.row.RowBufferSerializer;
import io.fluxcore.domain.row.RowCodec;
import io.fluxcore.domain.row.RowEncoder;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SlotWalk;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.window.EventTimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows that wait, as keyed state: written for a snapshot alone, so that they find the subtask
 * that has their key group whatever the parallelism, and read once after a restore. Not
 * thread-safe.
 */
final class WaitingRows {
  private static final long ALL = 0;
  private static final int BLOCK = 256;

  private final Schema schema;
  private final int[] keyOrdinals;
  private final RowCodec codec;
  private final RowEncoder encoder;
  private final StateLayout layout;
  private SlotTables tables;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  WaitingRows(Schema schema, int[] keyOrdinals) {
    this.schema = schema;
    this.keyOrdinals = keyOrdinals.clone();
    this.codec = new RowCodec(schema);
    this.encoder = new RowEncoder(codec);
    List<DataType> types = Arrays.stream(keyOrdinals).mapToObj(schema::type).toList();
    this.layout =
        new StateLayout(
            "waiting", types, new long[0], List.of(new RowBufferSerializer(codec.schema())));
  }

  void open(StateBackend state) {
    tables = state.tables(layout);
  }

  /** Takes these for what was written before, by their numbers. */
  void write(Collection<WaitingRow> rows, StateBackend state) {
    if (tables.has(ALL)) {
      tables.drop(ALL);
    }
    int[] physical = new int[1];
    int[] slots = new int[1];
    long[] hashes = new long[1];
    for (WaitingRow waiting : rows) {
      SlotTable table = tables.table(ALL);
      Column[] keys = EventTimes.columns(waiting.batch, keyOrdinals);
      physical[0] = waiting.row;
      KeyHash.ofRows(keys, physical, 1, hashes);
      table.resolve(keys, hashes, physical, 1, slots);
      @Nullable Object[] buffers = table.objects(0);
      RowBuffer buffer = (RowBuffer) buffers[slots[0]];
      if (buffer == null) {
        buffer = new RowBuffer();
        buffers[slots[0]] = buffer;
      }
      buffer.append(
          encoder.encode(waiting.batch.columns(), waiting.row),
          waiting.batch.timestamps()[waiting.row],
          waiting.number);
    }
    state.commit();
  }

  /** A row of a buffer. */
  private record Written(RowBuffer buffer, int at, long number) {}

  /** Gives back what was written, in the order of its numbers, or null if there is nothing. */
  @Nullable EventBatch read(StateBackend state) {
    if (!tables.has(ALL)) {
      return null;
    }
    List<Written> written = new ArrayList<>();
    SlotTable table = tables.table(ALL);
    SlotWalk walk = new SlotWalk(table);
    int[] block = new int[BLOCK];
    for (int count = walk.next(block); count > 0; count = walk.next(block)) {
      for (int i = 0; i < count; i++) {
        RowBuffer buffer = JoinInput.rows(table, block[i]);
        for (int at = buffer == null ? RowBuffer.NONE : buffer.first();
            buffer != null && at >= 0;
            at = buffer.next(at)) {
          written.add(new Written(buffer, at, buffer.tag(at)));
        }
      }
    }
    written.sort(Comparator.comparingLong(Written::number));
    EventBatchBuilder builder = new EventBatchBuilder(schema, Math.max(1, written.size()));
    @Nullable ColumnBuilder[] targets = new @Nullable ColumnBuilder[schema.size()];
    Arrays.setAll(targets, builder::column);
    for (Written row : written) {
      row.buffer().decode(codec, row.at(), targets);
      builder.endRow(row.buffer().timestamp(row.at()));
    }
    tables.drop(ALL);
    state.commit();
    return written.isEmpty() ? null : builder.build();
  }
}
