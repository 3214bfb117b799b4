package io.fluxcore.domain.rank;

import io.fluxcore.domain.changelog.ChangeRows;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
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
import io.fluxcore.domain.row.SortKeys;
import io.fluxcore.domain.state.Horizon;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SlotWalk;
import io.fluxcore.domain.state.StateLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link WholeOrder}: keeps all rows that are not taken back, and gives them when the
 * watermark is at its end, in batches, for as long as downstream has capacity.
 *
 * <p>State is a slot for each place in the order, which is the slot's subkey, with the rows of that
 * place in the order in which they came. So a row that comes or is taken back touches no others
 * than those of its place, and nothing is put in order before the end. The key is the empty one:
 * all slots are in one key group.
 *
 * <p>Rows leave with their own times, which may lie far back: no watermark is handed on before the
 * last. Rows that come after the end are late.
 */
final class WholeOrderOperator implements Operator {
  private static final String STATE = "places";
  private static final long NAMESPACE = 0;

  /** Rows of one place are in one array, which cannot be longer than two gigabytes. */
  private static final long MAX_PLACE_BYTES = 1L << 30;

  private static final RowBuffer NO_ROWS = new RowBuffer();

  private final WholeOrder order;
  private final int[] rowOrdinals;
  private final SortKeys places;
  private final RowCodec codec;
  private final RowEncoder encoder;
  private final ChangeRows results;
  private final int[] block = new int[EventBatch.TARGET_ROWS];
  private OperatorContext context;
  private SlotTables tables;
  private long heldRows;
  private boolean isEnded;

  // While rows are given, which no snapshot interrupts:

  private boolean isGiving;
  private byte[][] sorted = {};

  /** How many places have been fetched. */
  private int fetched;

  /** The rows of places that were fetched at last, and which of them is the next. */
  private final List<RowBuffer> buffers = new ArrayList<>();

  private int nextBuffer;
  private RowBuffer current = NO_ROWS;
  private int at = RowBuffer.NONE;
  private long toSkip;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  WholeOrderOperator(WholeOrder order, Schema input, Schema rows) {
    this.order = order;
    this.rowOrdinals = rows.fieldNames().stream().mapToInt(input::ordinal).toArray();
    this.places = new SortKeys(order.orderBy(), input);
    this.codec = new RowCodec(rows);
    this.encoder = new RowEncoder(codec);
    this.results = new ChangeRows(codec, rows);
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
    tables =
        newContext
            .state()
            .tables(
                new StateLayout(
                    STATE,
                    List.of(DataType.BYTES),
                    1,
                    new long[0],
                    List.of(new RowBufferSerializer(codec.schema()))));
  }

  // Rows

  @Override
  public void process(int input, EventBatch batch, Output out) {
    if (isEnded) {
      context.ledger().late(batch.size());
      return;
    }
    int count = batch.size();
    byte[][] encoded = new byte[count][];
    Column[] all = batch.columns();
    for (int i = 0; i < count; i++) {
      places.encode(all, batch.row(i));
      encoded[i] = Arrays.copyOf(places.bytes(), places.length());
    }
    SlotTable table = tables.table(NAMESPACE);
    int[] slots = resolve(table, encoded, count);
    @Nullable Object[] objects = table.objects(0);
    Column[] columns = KeyChunk.columns(batch, rowOrdinals);
    Set<Integer> emptied = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      RowBuffer ofPlace = (RowBuffer) objects[slots[i]];
      if (ofPlace == null) {
        ofPlace = new RowBuffer();
        objects[slots[i]] = ofPlace;
      }
      apply(ofPlace, batch, columns, batch.row(i));
      if (ofPlace.isEmpty()) {
        emptied.add(slots[i]);
      } else {
        emptied.remove(slots[i]);
      }
    }
    emptied.forEach(table::remove);
    context.state().commit();
  }

  private static int[] resolve(SlotTable table, byte[][] encoded, int count) {
    KeyChunk keys =
        KeyChunk.withSubkey(new Column[] {new BytesColumn(count, encoded, null)}, count);
    int[] slots = new int[count];
    table.resolve(keys.columns(), keys.hashes(), keys.rows(), count, slots);
    return slots;
  }

  private void apply(RowBuffer ofPlace, EventBatch batch, Column[] columns, int row) {
    encoder.encode(columns, row);
    if (batch.rowKind(row).isRetraction()) {
      int found = ofPlace.find(encoder);
      if (found == RowBuffer.NONE) {
        context.ledger().filtered(1);
      } else {
        ofPlace.remove(found);
        heldRows--;
      }
    } else if (heldRows >= order.maxRows()) {
      fail(batch, row, "there are " + order.maxRows() + " rows already, the most that is kept");
    } else if (ofPlace.estimatedBytes() + encoder.length() > MAX_PLACE_BYTES) {
      fail(batch, row, "there are " + ofPlace.size() + " rows of its place already, a gigabyte");
    } else {
      ofPlace.append(encoder, batch.timestamps()[row], 0);
      heldRows++;
    }
  }

  private void fail(EventBatch batch, int row, String problem) {
    context.failures().failed(batch, row, new RecordException("FLX-SORT-0002", problem));
  }

  // The end

  @Override
  public void watermark(long watermark, Output out) {
    if (watermark < Long.MAX_VALUE || isEnded) {
      return; // after a restore the end may come again
    }
    isEnded = true;
    isGiving = true;
    sorted = places();
    Arrays.sort(sorted, Arrays::compareUnsigned);
    toSkip = order.from() - 1;
    resume(out);
  }

  private byte[][] places() {
    List<byte[]> found = new ArrayList<>();
    SlotTable table = tables.table(NAMESPACE);
    SlotWalk walk = new SlotWalk(table);
    for (int count = walk.next(block); count > 0; count = walk.next(block)) {
      BytesColumn keys = (BytesColumn) table.keys(block, count)[0];
      for (int i = 0; i < count; i++) {
        found.add(keys.value(i));
      }
    }
    return found.toArray(byte[][]::new);
  }

  @Override
  public boolean hasMore() {
    return isGiving;
  }

  @Override
  public void resume(Output out) {
    while (isGiving) {
      if (at >= 0) {
        give();
      } else if (nextBuffer < buffers.size()) {
        current = buffers.get(nextBuffer++);
        at = current.first();
      } else if (fetched < sorted.length) {
        fetch();
      } else {
        results.flush(out);
        forget();
      }
      if (results.isLarge()) {
        results.flush(out);
        if (!out.hasCapacity()) {
          return;
        }
      }
    }
  }

  /** Adds rows of the current place to the results, until there are enough for a batch. */
  private void give() {
    while (at >= 0 && !results.isLarge()) {
      if (toSkip > 0) {
        toSkip--;
      } else {
        results.add(RowKind.INSERT, current, at, current.timestamp(at));
      }
      at = current.next(at);
    }
  }

  /** Takes the rows of the next places out of the state. */
  private void fetch() {
    int count = Math.min(sorted.length - fetched, EventBatch.TARGET_ROWS);
    byte[][] next = Arrays.copyOfRange(sorted, fetched, fetched + count);
    SlotTable table = tables.table(NAMESPACE);
    int[] slots = resolve(table, next, count);
    @Nullable Object[] objects = table.objects(0);
    buffers.clear();
    nextBuffer = 0;
    for (int i = 0; i < count; i++) {
      if (objects[slots[i]] instanceof RowBuffer ofPlace) {
        buffers.add(ofPlace);
      }
      table.remove(slots[i]);
    }
    context.state().commit();
    fetched += count;
  }

  private void forget() {
    tables.drop(NAMESPACE);
    context.state().commit();
    sorted = new byte[0][];
    buffers.clear();
    current = NO_ROWS;
    heldRows = 0;
    isGiving = false;
  }

  @Override
  public long heldWatermark() {
    return isEnded ? Long.MAX_VALUE : Long.MIN_VALUE;
  }

  // Snapshots

  @Override
  public String stateMeaning() {
    return order.meaning();
  }

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    Horizon.write(snapshot, context.keyGroups(), isEnded ? Long.MAX_VALUE : Long.MIN_VALUE);
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    isEnded = Horizon.read(snapshot, context.keyGroups()) == Long.MAX_VALUE;
    SlotTable table = tables.table(NAMESPACE);
    SlotWalk walk = new SlotWalk(table);
    for (int count = walk.next(block); count > 0; count = walk.next(block)) {
      @Nullable Object[] objects = table.objects(0);
      for (int i = 0; i < count; i++) {
        if (objects[block[i]] instanceof RowBuffer ofPlace) {
          heldRows += ofPlace.size();
        }
      }
    }
    context.state().commit();
  }
}
