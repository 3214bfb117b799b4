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
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.RowCodec;
import io.fluxcore.domain.row.RowEncoder;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.row.SortKeys;
import io.fluxcore.domain.state.StateLayout;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What operators have in common that keep the rows of each key in their order, and give after each
 * batch what has changed for the keys that it touched. The changes of a batch are given at once;
 * they take the time of as many rows as their key has.
 */
public abstract class RankedRowsOperator extends ExpiringOperator {
  private final Kept kept;
  private final int from;
  private final int to;
  private final boolean all;
  private final int[] keyOrdinals;
  private final int[] rowOrdinals;
  private final List<DataType> keyTypes;
  private final SortKeys places;
  private final RowCodec codec;
  private final RowEncoder encoder;
  private final ChangeRows changes;

  /** Where the batch first has each key that it touches. */
  private int[] positions = new int[0];

  private ExpiringTable table;

  /**
   * Which rows are kept of each key.
   *
   * @param state the name of the table
   * @param key fields of the input
   * @param order of the rows of a key, fields of the input
   * @param rows the fields of the input that are kept
   * @param from the index of the first row of a key that changes are about
   * @param to the index behind the last one
   * @param all whether the rows behind those are kept, too, since rows may be taken back
   * @param life null: for ever
   */
  public record Kept(
      String state,
      List<String> key,
      List<SortField> order,
      Schema rows,
      int from,
      int to,
      boolean all,
      @Nullable TimeToLive life) {}

  /**
   * The keys that a batch has touched.
   *
   * @param positions where the batch first has each of them
   */
  protected record Touched(int[] slots, @Nullable Object[] objects, int[] positions, int count) {
    int slot(int i) {
      return slots[positions[i]];
    }

    /** The rows of one of them. */
    public RankedRows rows(int i) {
      RankedRows rows = (RankedRows) objects[slot(i)];
      if (rows == null) {
        throw new IllegalStateException("slot " + slot(i) + " holds no rows");
      }
      return rows;
    }
  }

  /**
   * An operator whose changes leave by these rows.
   *
   * @param input the fields of its input
   */
  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  protected RankedRowsOperator(Kept kept, Schema input, ChangeRows changes) {
    this.kept = kept;
    this.from = kept.from();
    this.to = kept.to();
    this.all = kept.all();
    this.keyOrdinals = kept.key().stream().mapToInt(input::ordinal).toArray();
    this.rowOrdinals = kept.rows().fieldNames().stream().mapToInt(input::ordinal).toArray();
    this.keyTypes = Arrays.stream(keyOrdinals).mapToObj(input::type).toList();
    this.places = new SortKeys(kept.order(), input);
    this.codec = new RowCodec(kept.rows());
    this.encoder = new RowEncoder(codec);
    this.changes = changes;
  }

  /** The rows that are kept. */
  protected final RowCodec codec() {
    return codec;
  }

  protected final ChangeRows changes() {
    return changes;
  }

  /**
   * Gives the changes of the keys that a batch has touched, and settles their rows. Called once a
   * batch and not once a key, so that its loop over keys calls nothing that only the running
   * program knows.
   *
   * @param latest the latest time of the batch's rows
   */
  protected abstract void giveChanges(Touched touched, EventBatch batch, long latest);

  /** What is wrong with a row whose key has {@link RankedRows#MAX_ROWS}. */
  protected abstract RecordException tooManyRows();

  @Override
  public final boolean keepsBatches() {
    return false;
  }

  @Override
  public final void open(OperatorContext newContext) {
    super.open(newContext);
    table =
        table(
            new StateLayout(
                kept.state(),
                keyTypes,
                new long[] {StateClock.NEVER},
                List.of(new RankedRowsSerializer(codec.schema()))),
            0,
            kept.life());
  }

  @Override
  public final void process(int input, EventBatch batch, Output out) {
    KeyChunk keys = KeyChunk.of(batch, keyOrdinals);
    Column[] columns = KeyChunk.columns(batch, rowOrdinals);
    int[] slots = table.resolve(keys);
    @Nullable Object[] objects = table.table().objects(0);
    int count = 0;
    long latest = Long.MIN_VALUE;
    if (positions.length < keys.count()) {
      positions = new int[keys.count()];
    }
    for (int i = 0; i < keys.count(); i++) {
      int slot = slots[i];
      RankedRows rows = (RankedRows) objects[slot];
      if (rows == null || !rows.isTouched()) {
        if (rows == null || table.isOver(slot)) {
          rows = new RankedRows();
          objects[slot] = rows;
        }
        rows.touch(from, to);
        positions[count++] = i;
      }
      int row = keys.rows()[i];
      apply(rows, batch, columns, row);
      latest = Math.max(latest, batch.timestamps()[row]);
    }
    Touched touched = new Touched(slots, objects, positions, count);
    giveChanges(touched, batch, latest);
    release(touched, latest);
    table.endBatch(keys);
    changes.flush(out);
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
    if (!all && index >= to) {
      context().ledger().filtered(1);
      return;
    }
    if (rows.size() >= RankedRows.MAX_ROWS) {
      context().failures().failed(batch, row, tooManyRows());
      return;
    }
    encoder.encode(columns, row);
    rows.add(index, RankedRow.of(places, encoder, batch.timestamps()[row]));
    if (!all && rows.size() > to) {
      rows.removeLast();
    }
  }

  /** Lets go of the keys that hold nothing any more. */
  private void release(Touched touched, long latest) {
    for (int i = 0; i < touched.count(); i++) {
      int slot = touched.slot(i);
      if (touched.rows(i).size() == 0) {
        table.table().remove(slot);
      } else {
        table.used(slot, touched.positions()[i], latest);
      }
    }
  }

  @Override
  public final boolean hasMore() {
    return changes.hasMore();
  }

  @Override
  public final void resume(Output out) {
    changes.flush(out);
  }
}
