package io.fluxcore.domain.join;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.operator.RecordFailures;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.row.RowBufferSerializer;
import io.fluxcore.domain.row.RowCodec;
import io.fluxcore.domain.row.RowEncoder;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.window.EventTimes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One input of a join, and the rows that are kept of it: a slot for each key, which holds a {@link
 * RowBuffer}. Not thread-safe.
 */
final class JoinInput {
  /** The tag of a row that has not matched. */
  static final long UNMATCHED = Long.MIN_VALUE;

  /** The tag of a row that has matched, or been emitted as one that has not. */
  static final long MATCHED = 0;

  private static final int ROWS = 0;

  private final int number;
  private final StateLayout layout;
  private final int[] keyOrdinals;
  private final int[] kept;
  private final boolean keepsRows;
  private final RowCodec codec;
  private final RowEncoder encoder;
  private SlotTables tables;
  private int[] slots = new int[0];

  /**
   * An input.
   *
   * @param keepsRows whether its rows are kept, or only which keys there are
   * @param cells initial values of a key's cells
   */
  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  JoinInput(EquiJoin join, int number, boolean keepsRows, long... cells) {
    this.number = number;
    this.keyOrdinals = join.keyOrdinals(number);
    this.kept = join.fields().kept(number);
    this.keepsRows = keepsRows;
    this.codec = new RowCodec(join.fields().keptSchema(number));
    this.encoder = new RowEncoder(codec);
    this.layout =
        new StateLayout(
            number == JoinType.LEFT_INPUT ? "left" : "right",
            join.keyTypes(),
            cells,
            keepsRows ? List.of(new RowBufferSerializer(codec.schema())) : List.of());
  }

  void open(StateBackend state) {
    tables = state.tables(layout);
  }

  int number() {
    return number;
  }

  SlotTables tables() {
    return tables;
  }

  RowCodec codec() {
    return codec;
  }

  Column[] keys(EventBatch batch) {
    return EventTimes.columns(batch, keyOrdinals);
  }

  void hash(EventBatch batch, int[] rows, int count, long[] hashes) {
    KeyHash.ofRows(keys(batch), rows, count, hashes);
  }

  /** Whether a key has a field without value, so that it equals no other. */
  static boolean isNull(Column[] keys, int row) {
    for (Column key : keys) {
      if (key.isNull(row)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Keeps rows in the table of a namespace.
   *
   * @param hashes of their keys, by position
   * @param tags by physical row; null: {@link #UNMATCHED}
   */
  void keep(
      EventBatch batch,
      int[] rows,
      long[] hashes,
      int count,
      long @Nullable [] tags,
      long namespace) {
    SlotTable table = tables.table(namespace);
    if (slots.length < count) {
      slots = new int[Math.max(count, EventBatch.TARGET_ROWS)];
    }
    table.resolve(keys(batch), hashes, rows, count, slots);
    if (!keepsRows) {
      return;
    }
    Column[] values = values(batch);
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      keep(table, slots[i], batch, values, row, tags == null ? UNMATCHED : tags[row]);
    }
  }

  /** The columns of the fields that are kept. */
  Column[] values(EventBatch batch) {
    return EventTimes.columns(batch, kept);
  }

  /** Keeps a row in a slot. */
  void keep(SlotTable table, int slot, EventBatch batch, Column[] values, int row, long tag) {
    @Nullable Object[] buffers = table.objects(ROWS);
    RowBuffer buffer = (RowBuffer) buffers[slot];
    if (buffer == null) {
      buffer = new RowBuffer();
      buffers[slot] = buffer;
    }
    buffer.append(encoder.encode(values, row), batch.timestamps()[row], tag);
  }

  /** The rows of a slot, or null if it has none. */
  static @Nullable RowBuffer rows(SlotTable table, int slot) {
    return slot < 0 ? null : (RowBuffer) table.objects(ROWS)[slot];
  }

  /** The rows of a batch that are insertions; others have failed. */
  static EventBatch insertions(EventBatch batch, RecordFailures failures) {
    byte[] kinds = batch.rowKinds();
    if (kinds == null) {
      return batch;
    }
    int[] rows = new int[batch.size()];
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      RowKind kind = RowKind.of(kinds[row]);
      if (kind == RowKind.INSERT) {
        rows[count++] = row;
      } else {
        failures.failed(
            batch,
            row,
            new RecordException(
                "FLX-JOIN-0001",
                "a join that is bounded by time takes insertions, and the row is of the kind "
                    + kind.sign()));
      }
    }
    return batch.withSelection(rows, count);
  }
}
