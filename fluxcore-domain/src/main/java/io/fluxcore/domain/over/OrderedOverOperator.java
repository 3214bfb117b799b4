package io.fluxcore.domain.over;

import io.fluxcore.domain.changelog.ChangeRows;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.ExpiringOperator;
import io.fluxcore.domain.keyed.ExpiringTable;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.keyed.StateClock;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.rank.RankedRow;
import io.fluxcore.domain.rank.RankedRows;
import io.fluxcore.domain.rank.RankedRowsSerializer;
import io.fluxcore.domain.row.RowCodec;
import io.fluxcore.domain.row.RowEncoder;
import io.fluxcore.domain.row.SortKeys;
import io.fluxcore.domain.state.StateLayout;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs an {@link OrderedOver}: keeps the rows of each key in their order, and after each batch
 * computes those of the keys that it touched as they were and as they are. The changes of a batch
 * are given at once, those that take back first; they take the time of as many rows as their key
 * has.
 */
final class OrderedOverOperator extends ExpiringOperator {
  private static final String STATE = "ordered";

  private final OrderedOver over;
  private final int[] keyOrdinals;
  private final int[] keptOrdinals;
  private final List<DataType> keyTypes;
  private final SortKeys places;
  private final RowCodec codec;
  private final RowEncoder encoder;
  private final OrderedResults results;
  private final ChangeRows rows;
  private final OrderedChanges changes;

  /** Where the batch first has each key that it touches. */
  private int[] positions = new int[0];

  private ExpiringTable ordered;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  OrderedOverOperator(OrderedOver over, Schema input, Schema passed) {
    this.over = over;
    this.keyOrdinals = over.key().stream().mapToInt(input::ordinal).toArray();
    this.keyTypes = Arrays.stream(keyOrdinals).mapToObj(input::type).toList();
    Schema kept = over.kept(passed, input);
    this.keptOrdinals = kept.fieldNames().stream().mapToInt(input::ordinal).toArray();
    this.places = new SortKeys(over.orderBy(), input);
    this.codec = new RowCodec(kept);
    this.encoder = new RowEncoder(codec);
    Schema output = over.outputSchema(passed, input);
    this.results = new OrderedResults(over, codec, passed.size(), output);
    this.rows = new ChangeRows(new RowCodec(output), output);
    this.changes = new OrderedChanges(rows);
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext newContext) {
    super.open(newContext);
    ordered =
        table(
            new StateLayout(
                STATE,
                keyTypes,
                new long[] {StateClock.NEVER},
                List.of(new RankedRowsSerializer(codec.schema()))),
            0,
            over.life());
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    KeyChunk keys = KeyChunk.of(batch, keyOrdinals);
    Column[] columns = KeyChunk.columns(batch, keptOrdinals);
    int[] slots = ordered.resolve(keys);
    @Nullable Object[] objects = ordered.table().objects(0);
    int touched = 0;
    long latest = Long.MIN_VALUE;
    if (positions.length < keys.count()) {
      positions = new int[keys.count()];
    }
    for (int i = 0; i < keys.count(); i++) {
      RankedRows ofKey = (RankedRows) objects[slots[i]];
      if (ofKey == null || !ofKey.isTouched()) {
        if (ofKey == null || ordered.isOver(slots[i])) {
          ofKey = new RankedRows();
          objects[slots[i]] = ofKey;
        }
        ofKey.touch(0, Integer.MAX_VALUE);
        positions[touched++] = i;
      }
      int row = keys.rows()[i];
      apply(ofKey, batch, columns, row);
      latest = Math.max(latest, batch.timestamps()[row]);
    }
    RowErrors errors =
        (row, error) ->
            context().failures().failed(batch, Math.min(row, batch.rowCount() - 1), error);
    settle(slots, objects, touched, latest, errors);
    ordered.endBatch(keys);
    rows.flush(out);
  }

  private void apply(RankedRows ofKey, EventBatch batch, Column[] columns, int row) {
    places.encode(batch.columns(), row);
    encoder.encode(columns, row);
    if (batch.rowKind(row).isRetraction()) {
      if (!ofKey.remove(places, encoder)) {
        context().ledger().filtered(1);
      }
      return;
    }
    if (ofKey.size() >= OrderedOver.MAX_ROWS) {
      context()
          .failures()
          .failed(
              batch,
              row,
              new RecordException(
                  "FLX-OVER-0001",
                  "there are "
                      + OrderedOver.MAX_ROWS
                      + " rows of its key already, the most that is kept in order"));
      return;
    }
    ofKey.add(ofKey.indexFor(places), RankedRow.of(places, encoder, batch.timestamps()[row]));
  }

  /** Gives the changes of the slots that were touched, and lets go of those that hold nothing. */
  private void settle(
      int[] slots, @Nullable Object[] objects, int touched, long latest, RowErrors errors) {
    for (int i = 0; i < touched; i++) {
      RankedRows ofKey = at(objects, slots[positions[i]]);
      byte[][] before = ofKey.settle();
      byte[][] after = ofKey.view(0, Integer.MAX_VALUE);
      changes.compare(
          before, results.of(before, (row, error) -> {}), after, results.of(after, errors), latest);
    }
    changes.giveAdded(latest);
    for (int i = 0; i < touched; i++) {
      int slot = slots[positions[i]];
      if (at(objects, slot).size() == 0) {
        ordered.table().remove(slot);
      } else {
        ordered.used(slot, positions[i], latest);
      }
    }
  }

  private static RankedRows at(@Nullable Object[] objects, int slot) {
    RankedRows ofKey = (RankedRows) objects[slot];
    if (ofKey == null) {
      throw new IllegalStateException("slot " + slot + " holds no rows");
    }
    return ofKey;
  }

  @Override
  public boolean hasMore() {
    return rows.hasMore();
  }

  @Override
  public void resume(Output out) {
    rows.flush(out);
  }

  @Override
  public String stateMeaning() {
    return over + ", all rows";
  }
}
