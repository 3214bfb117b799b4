package io.fluxcore.domain.changelog;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.ExpiringOperator;
import io.fluxcore.domain.keyed.ExpiringTable;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.keyed.StateClock;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.EncodedRow;
import io.fluxcore.domain.row.EncodedRowSerializer;
import io.fluxcore.domain.row.RowCodec;
import io.fluxcore.domain.row.RowEncoder;
import io.fluxcore.domain.state.StateLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last row of each key, and gives what changes as rows that retract: an upsert stream is
 * normalised by it, and rows that only add are de-duplicated. Changes of a key within a batch are
 * given as one, and none where the row is as it was.
 */
public final class LatestRowOperator extends ExpiringOperator {
  private static final String STATE = "latest";

  private final List<String> key;
  private final int[] keyOrdinals;
  private final int[] rowOrdinals;
  private final List<DataType> keyTypes;
  private final boolean isByTime;
  private final @Nullable TimeToLive life;
  private final RowCodec codec;
  private final RowEncoder encoder;
  private final ChangeRows changes;
  private ExpiringTable latest;

  /**
   * An operator over rows of a schema.
   *
   * @param key names of the fields that name a row
   * @param output the fields of the input that rows leave with
   * @param isByTime whether a row that is older than the one of its key leaves that in its place
   * @param life how long a row is remembered after it came; null: until it is deleted
   */
  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  public LatestRowOperator(
      List<String> key, Schema input, Schema output, boolean isByTime, @Nullable TimeToLive life) {
    this.key = List.copyOf(key);
    this.keyOrdinals = key.stream().mapToInt(input::ordinal).toArray();
    this.rowOrdinals = output.fieldNames().stream().mapToInt(input::ordinal).toArray();
    this.keyTypes = Arrays.stream(keyOrdinals).mapToObj(input::type).toList();
    this.isByTime = isByTime;
    this.life = life;
    this.codec = new RowCodec(output);
    this.encoder = new RowEncoder(codec);
    this.changes = new ChangeRows(codec, output);
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext newContext) {
    super.open(newContext);
    latest =
        table(
            new StateLayout(
                STATE,
                keyTypes,
                new long[] {StateClock.NEVER},
                List.of(new EncodedRowSerializer(codec.schema()))),
            0,
            life);
  }

  /** The row of a key as it was before the batch, and as it is now. */
  private static final class Change {
    final int position;
    final @Nullable EncodedRow before;
    @Nullable EncodedRow now;

    Change(int position, @Nullable EncodedRow before) {
      this.position = position;
      this.before = before;
      this.now = before;
    }
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    KeyChunk keys = KeyChunk.of(batch, keyOrdinals);
    Column[] columns = KeyChunk.columns(batch, rowOrdinals);
    int[] slots = latest.resolve(keys);
    Map<Integer, Change> changed = new LinkedHashMap<>();
    for (int i = 0; i < keys.count(); i++) {
      int position = i;
      Change change =
          changed.computeIfAbsent(slots[i], slot -> new Change(position, current(slot)));
      apply(change, batch, columns, keys.rows()[i]);
    }
    changed.forEach(this::settle);
    latest.endBatch(keys);
    emit(changed, out);
  }

  private @Nullable EncodedRow current(int slot) {
    return latest.isOver(slot) ? null : (EncodedRow) latest.table().objects(0)[slot];
  }

  private void apply(Change change, EventBatch batch, Column[] columns, int row) {
    long time = batch.timestamps()[row];
    switch (batch.rowKind(row)) {
      case INSERT, UPDATE_AFTER -> {
        if (isByTime && change.now != null && time < change.now.timestamp()) {
          context().ledger().filtered(1);
        } else {
          change.now = encoder.encode(columns, row).toRow(time);
        }
      }
      case DELETE -> change.now = null;
      case UPDATE_BEFORE -> {} // the row after it says the same
    }
  }

  private void settle(int slot, Change change) {
    EncodedRow now = change.now;
    if (now == null) {
      latest.table().remove(slot);
    } else {
      latest.table().objects(0)[slot] = now;
      latest.used(slot, change.position, now.timestamp());
    }
  }

  /** What is gone or replaced first: two keys may have changed places in another key. */
  private void emit(Map<Integer, Change> changed, Output out) {
    for (Change change : changed.values()) {
      EncodedRow now = change.now;
      if (change.before != null && !change.before.equals(now)) {
        long time = now == null ? change.before.timestamp() : now.timestamp();
        changes.add(now == null ? RowKind.DELETE : RowKind.UPDATE_BEFORE, change.before, time);
      }
    }
    for (Change change : changed.values()) {
      EncodedRow now = change.now;
      if (now != null && !now.equals(change.before)) {
        changes.add(
            change.before == null ? RowKind.INSERT : RowKind.UPDATE_AFTER, now, now.timestamp());
      }
    }
    changes.flush(out);
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
    return "latest row by " + String.join(", ", key);
  }
}
