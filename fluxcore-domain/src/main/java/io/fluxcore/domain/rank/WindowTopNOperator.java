package io.fluxcore.domain.rank;

import io.fluxcore.domain.changelog.ChangeRows;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.row.RowCodec;
import io.fluxcore.domain.row.RowEncoder;
import io.fluxcore.domain.row.SortKeys;
import io.fluxcore.domain.state.Horizon;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SlotWalk;
import io.fluxcore.domain.state.StateLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Ranks the rows of each window and key until the watermark has passed the window's end, and gives
 * the ranks that are asked for then, once and for all. Rows that come later are late.
 *
 * <p>State is one table per window end, of the rows of each key that may still be given.
 */
final class WindowTopNOperator implements Operator {
  static final int LATE_PORT = 1;

  private static final String STATE = "ranked";
  private static final long MICROS = 1000;

  private final TopN topN;
  private final int from;
  private final int to;
  private final int windowEnd;
  private final int[] keyOrdinals;
  private final int[] rowOrdinals;
  private final List<DataType> keyTypes;
  private final SortKeys places;
  private final RowCodec codec;
  private final RowEncoder encoder;
  private final ChangeRows results;
  private final RankChanges ranks;
  private final int[] block = new int[EventBatch.TARGET_ROWS];
  private OperatorContext context;
  private SlotTables tables;
  private long watermark = Long.MIN_VALUE;
  private @Nullable SlotWalk walk;
  private long firing;
  private boolean isFiring;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  WindowTopNOperator(TopN topN, Schema input, Schema rows, String windowEnd) {
    this.topN = topN;
    this.from = topN.fromIndex();
    this.to = topN.toIndex();
    this.windowEnd = input.ordinal(windowEnd);
    this.keyOrdinals = topN.key().stream().mapToInt(input::ordinal).toArray();
    this.rowOrdinals = rows.fieldNames().stream().mapToInt(input::ordinal).toArray();
    this.keyTypes = Arrays.stream(keyOrdinals).mapToObj(input::type).toList();
    this.places = new SortKeys(topN.orderBy(), input);
    this.codec = new RowCodec(rows);
    this.encoder = new RowEncoder(codec);
    this.results = new ChangeRows(codec, topN.outputSchema(rows));
    this.ranks = new RankChanges(results, from, topN.rankField() != null);
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
                    keyTypes,
                    new long[0],
                    List.of(new RankedRowsSerializer(codec.schema()))));
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    TreeMap<Long, int[]> byEnd = new TreeMap<>();
    TreeMap<Long, Integer> counts = new TreeMap<>();
    int[] late = new int[batch.size()];
    int lateCount = 0;
    LongColumn ends = (LongColumn) batch.column(windowEnd);
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      if (ends.isNull(row)) {
        context
            .failures()
            .failed(
                batch,
                row,
                new RecordException("FLX-RANK-0002", "the end of the row's window is null"));
        continue;
      }
      long end = Math.floorDiv(ends.value(row), MICROS);
      if (end - 1 <= watermark) {
        late[lateCount++] = row;
      } else {
        int count = counts.merge(end, 1, Integer::sum);
        byEnd.computeIfAbsent(end, e -> new int[batch.size()])[count - 1] = row;
      }
    }
    byEnd.forEach((end, rows) -> add(end, batch, rows, Objects.requireNonNull(counts.get(end))));
    context.state().commit();
    if (lateCount > 0) {
      context.ledger().late(lateCount);
      out.emit(LATE_PORT, batch.withSelection(Arrays.copyOf(late, lateCount), lateCount));
    }
  }

  private void add(long end, EventBatch batch, int[] rows, int count) {
    Column[] keys = KeyChunk.columns(batch, keyOrdinals);
    Column[] columns = KeyChunk.columns(batch, rowOrdinals);
    int[] slots = new int[count];
    SlotTable table = tables.table(end);
    table.resolve(keys, KeyChunk.hashes(keys, rows, count), rows, count, slots);
    @Nullable Object[] objects = table.objects(0);
    for (int i = 0; i < count; i++) {
      RankedRows ranked = (RankedRows) objects[slots[i]];
      if (ranked == null) {
        ranked = new RankedRows();
        objects[slots[i]] = ranked;
      }
      places.encode(batch.columns(), rows[i]);
      int index = ranked.indexFor(places);
      if (index >= to) {
        context.ledger().filtered(1);
        continue;
      }
      ranked.add(index, RankedRow.of(places, encoder.encode(columns, rows[i]), end - 1));
      if (ranked.size() > to) {
        ranked.removeLast();
      }
    }
  }

  @Override
  public void watermark(long newWatermark, Output out) {
    if (newWatermark <= watermark) {
      return; // after a restore the stage begins below what was reached
    }
    watermark = newWatermark;
    isFiring = true;
    resume(out);
  }

  @Override
  public boolean hasMore() {
    return isFiring || results.hasMore();
  }

  @Override
  public void resume(Output out) {
    while (isFiring) {
      SlotWalk slots = walk;
      if (slots == null) {
        firing = tables.firstNamespace();
        if (firing == Long.MAX_VALUE || firing - 1 > watermark) {
          isFiring = false;
          context.state().commit();
          break;
        }
        slots = new SlotWalk(tables.table(firing));
        walk = slots;
      }
      fire(tables.table(firing), slots.next(block));
      if (slots.isDone()) {
        tables.drop(firing);
        walk = null;
      }
      if (results.isLarge() && !results.flush(out)) {
        return;
      }
    }
    results.flush(out);
  }

  private void fire(SlotTable table, int count) {
    @Nullable Object[] objects = table.objects(0);
    for (int i = 0; i < count; i++) {
      if (objects[block[i]] instanceof RankedRows ranked) {
        ranks.appear(ranked.view(from, to), firing - 1);
      }
    }
  }

  @Override
  public WindowReading windows() {
    long first = tables.firstNamespace();
    return new WindowReading(
        false,
        watermark,
        tables.namespaces().length,
        first == Long.MAX_VALUE ? Long.MAX_VALUE : first - 1);
  }

  @Override
  public String stateMeaning() {
    return topN + " per window";
  }

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    Horizon.write(snapshot, context.keyGroups(), watermark);
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    watermark = Horizon.read(snapshot, context.keyGroups());
  }
}
