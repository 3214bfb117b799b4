package io.fluxcore.domain.changelog;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.ExpiringTable;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.keyed.StateClock;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.EncodedRow;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.row.RowBufferSerializer;
import io.fluxcore.domain.row.RowCodec;
import io.fluxcore.domain.row.RowEncoder;
import io.fluxcore.domain.state.StateLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes upserts by a key of retractions that nothing of the kind names, or whose order between
 * former and new rows was lost on the way: it keeps the rows of each key in the order in which they
 * came, and gives the last one standing, or a deletion when none is left. What happens to a key
 * within a batch is given as one change, and none where the last row is as it was.
 *
 * <p>Of equal rows the one that came last is taken back; a row that is taken back and is not there
 * counts as filtered. A deletion is the whole last row, with the time of the row that was taken
 * back at last.
 */
public final class MaterializeOperator implements Operator {
  private static final String STATE = "rows";

  private final List<String> key;
  private final int[] keyOrdinals;
  private final int[] rowOrdinals;
  private final List<DataType> keyTypes;
  private final RowCodec codec;
  private final RowEncoder encoder;
  private final ChangeRows changes;
  private OperatorContext context;
  private ExpiringTable rows;

  /** What has happened to a key in a batch. */
  private static final class Change {
    final @Nullable EncodedRow before;
    final RowBuffer rows;
    long time;

    Change(RowBuffer rows) {
      this.rows = rows;
      this.before = rows.isEmpty() ? null : rows.row(rows.last());
    }
  }

  /**
   * An operator over rows of a schema.
   *
   * @param key names of the fields of which at most one row is to be given
   */
  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  public MaterializeOperator(List<String> key, Schema schema) {
    this.key = List.copyOf(key);
    this.keyOrdinals = key.stream().mapToInt(schema::ordinal).toArray();
    this.rowOrdinals = schema.fieldNames().stream().mapToInt(schema::ordinal).toArray();
    this.keyTypes = Arrays.stream(keyOrdinals).mapToObj(schema::type).toList();
    this.codec = new RowCodec(schema);
    this.encoder = new RowEncoder(codec);
    this.changes = new ChangeRows(codec, schema);
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
    rows =
        new ExpiringTable(
            newContext.state(),
            new StateLayout(
                STATE,
                keyTypes,
                new long[] {StateClock.NEVER},
                List.of(new RowBufferSerializer(codec.schema()))),
            0,
            null,
            new StateClock());
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    KeyChunk keys = KeyChunk.of(batch, keyOrdinals);
    Column[] columns = KeyChunk.columns(batch, rowOrdinals);
    int[] slots = rows.resolve(keys);
    Map<Integer, Change> changed = new LinkedHashMap<>();
    for (int i = 0; i < keys.count(); i++) {
      Change change = changed.computeIfAbsent(slots[i], slot -> new Change(rowsOf(slot)));
      apply(change, batch, columns, keys.rows()[i]);
    }
    changed.values().forEach(this::emitDeletion);
    changed.values().forEach(this::emitLast);
    changed.forEach(this::forgetIfEmpty);
    rows.endBatch(keys);
    changes.flush(out);
  }

  private RowBuffer rowsOf(int slot) {
    Object[] buffers = rows.table().objects(0);
    if (buffers[slot] == null) {
      buffers[slot] = new RowBuffer();
    }
    return (RowBuffer) buffers[slot];
  }

  private void apply(Change change, EventBatch batch, Column[] columns, int row) {
    encoder.encode(columns, row);
    change.time = batch.timestamps()[row];
    if (!batch.rowKind(row).isRetraction()) {
      change.rows.append(encoder, change.time, 0);
      return;
    }
    int at = change.rows.find(encoder);
    if (at == RowBuffer.NONE) {
      context.ledger().filtered(1);
    } else {
      change.rows.remove(at);
    }
  }

  private void emitDeletion(Change change) {
    if (change.before != null && change.rows.isEmpty()) {
      changes.add(RowKind.DELETE, change.before, change.time);
    }
  }

  private void emitLast(Change change) {
    if (change.rows.isEmpty()) {
      return;
    }
    EncodedRow last = change.rows.row(change.rows.last());
    if (!last.equals(change.before)) {
      RowKind kind = change.before == null ? RowKind.INSERT : RowKind.UPDATE_AFTER;
      changes.add(kind, last, last.timestamp());
    }
  }

  private void forgetIfEmpty(int slot, Change change) {
    if (change.rows.isEmpty()) {
      rows.table().remove(slot);
    }
  }

  @Override
  public boolean hasMore() {
    return changes.hasMore();
  }

  @Override
  public void resume(Output out) {
    changes.flush(out);
  }

  @Override
  public String stateMeaning() {
    return "rows by " + String.join(", ", key);
  }
}
