package io.fluxcore.domain.rank;

import io.fluxcore.domain.changelog.ChangeRows;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.ExpiringOperator;
import io.fluxcore.domain.keyed.ExpiringTable;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.keyed.StateClock;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.RowCodec;
import io.fluxcore.domain.row.RowEncoder;
import io.fluxcore.domain.row.SortKeys;
import io.fluxcore.domain.state.StateLayout;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ranks the rows of each key, and gives what changes among the ranks that are asked for: with ranks
 * the row of each rank as an update, without them rows that come in and go. The changes of a batch
 * are given at once, those that take back first.
 *
 * <p>Where rows are only added, no more of them are kept than ranks are asked for.
 */
final class TopNOperator extends ExpiringOperator {
  private static final String STATE = "ranked";

  private final TopN topN;
  private final boolean retracts;
  private final int from;
  private final int to;
  private final int[] keyOrdinals;
  private final int[] rowOrdinals;
  private final List<DataType> keyTypes;
  private final SortKeys places;
  private final RowCodec codec;
  private final RowEncoder encoder;
  private final ChangeRows changes;
  private final RankChanges ranks;

  /** Where the batch first has each key that it touches. */
  private int[] positions = new int[0];

  private ExpiringTable ranked;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  TopNOperator(TopN topN, Schema input, Schema rows, boolean retracts) {
    this.topN = topN;
    this.retracts = retracts;
    this.from = Math.toIntExact(topN.from()) - 1;
    this.to = Math.toIntExact(topN.to());
    this.keyOrdinals = topN.key().stream().mapToInt(input::ordinal).toArray();
    this.rowOrdinals = rows.fieldNames().stream().mapToInt(input::ordinal).toArray();
    this.keyTypes = Arrays.stream(keyOrdinals).mapToObj(input::type).toList();
    this.places = new SortKeys(topN.orderBy(), input);
    this.codec = new RowCodec(rows);
    this.encoder = new RowEncoder(codec);
    this.changes = new ChangeRows(codec, topN.outputSchema(rows));
    this.ranks = new RankChanges(changes, from, topN.rankField() != null);
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext newContext) {
    super.open(newContext);
    ranked =
        table(
            new StateLayout(
                STATE,
                keyTypes,
                new long[] {StateClock.NEVER},
                List.of(new RankedRowsSerializer(codec.schema()))),
            0,
            topN.life());
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    KeyChunk keys = KeyChunk.of(batch, keyOrdinals);
    Column[] columns = KeyChunk.columns(batch, rowOrdinals);
    int[] slots = ranked.resolve(keys);
    @Nullable Object[] objects = ranked.table().objects(0);
    int touched = 0;
    long latest = Long.MIN_VALUE;
    if (positions.length < keys.count()) {
      positions = new int[keys.count()];
    }
    for (int i = 0; i < keys.count(); i++) {
      int slot = slots[i];
      RankedRows rows = (RankedRows) objects[slot];
      if (rows == null || !rows.isTouched()) {
        if (rows == null || ranked.isOver(slot)) {
          rows = new RankedRows();
          objects[slot] = rows;
        }
        rows.touch(from, to);
        positions[touched++] = i;
      }
      int row = keys.rows()[i];
      apply(rows, batch, columns, row);
      latest = Math.max(latest, batch.timestamps()[row]);
    }
    settle(slots, objects, touched, latest);
    ranked.endBatch(keys);
    changes.flush(out);
  }

  /** Gives the changes of the slots that were touched, and lets go of those that hold nothing. */
  private void settle(int[] slots, @Nullable Object[] objects, int touched, long latest) {
    for (int i = 0; i < touched; i++) {
      RankedRows rows = at(objects, slots[positions[i]]);
      ranks.compare(rows.settle(), rows.view(from, to), latest);
    }
    ranks.giveAdded(latest);
    for (int i = 0; i < touched; i++) {
      int slot = slots[positions[i]];
      if (at(objects, slot).size() == 0) {
        ranked.table().remove(slot);
      } else {
        ranked.used(slot, positions[i], latest);
      }
    }
  }

  private static RankedRows at(@Nullable Object[] objects, int slot) {
    RankedRows rows = (RankedRows) objects[slot];
    if (rows == null) {
      throw new IllegalStateException("slot " + slot + " holds no rows");
    }
    return rows;
  }

  private void apply(RankedRows rows, EventBatch batch, Column[] columns, int row) {
    places.encode(batch.columns(), row);
    if (batch.rowKind(row).isRetraction()) {
      if (!rows.remove(places, encoder.encode(columns, row))) {
        context().ledger().filtered(1);
      }
      return;
    }
    int index = rows.indexFor(places);
    if (!retracts && index >= to) {
      context().ledger().filtered(1);
      return;
    }
    if (rows.size() >= TopN.MAX_ROWS) {
      context()
          .failures()
          .failed(
              batch,
              row,
              new RecordException(
                  "FLX-RANK-0001",
                  "there are "
                      + TopN.MAX_ROWS
                      + " rows of its key already, the most that is kept"));
      return;
    }
    encoder.encode(columns, row);
    rows.add(index, RankedRow.of(places, encoder, batch.timestamps()[row]));
    if (!retracts && rows.size() > to) {
      rows.removeLast();
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
    return topN + (retracts ? ", all rows" : "");
  }
}
