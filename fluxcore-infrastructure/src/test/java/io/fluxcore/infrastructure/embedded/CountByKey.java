package io.fluxcore.infrastructure.embedded;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.StateLayout;
import java.util.List;

/** Counts and sums ids by key in keyed state; emits (key, count, sum) at the last watermark. */
final class CountByKey implements Operator {
  static final Schema RESULT =
      Schema.builder()
          .field("key", DataType.LONG)
          .field("count", DataType.LONG)
          .field("sum", DataType.LONG)
          .build();

  private final int keyOrdinal;
  private SlotTables tables;
  private OperatorContext context;

  CountByKey(int keyOrdinal) {
    this.keyOrdinal = keyOrdinal;
  }

  @Override
  public void open(OperatorContext operatorContext) {
    context = operatorContext;
    StateLayout layout =
        new StateLayout("count", List.of(DataType.LONG), new long[] {0, 0}, List.of());
    tables = context.state().tables(layout);
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    int count = batch.size();
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = batch.row(i);
    }
    Column[] keys = {batch.column(keyOrdinal)};
    long[] ids = ((LongColumn) batch.column(0)).values();
    long[] hashes = new long[count];
    int[] slots = new int[count];
    KeyHash.ofRows(keys, rows, count, hashes);
    SlotTable table = tables.table(0);
    table.resolve(keys, hashes, rows, count, slots);
    long[] cells = table.cells();
    int stride = table.stride();
    int first = table.offset(0);
    int second = table.offset(1);
    for (int i = 0; i < count; i++) {
      cells[slots[i] * stride + first]++;
      cells[slots[i] * stride + second] += ids[rows[i]];
    }
    context.state().commit();
  }

  @Override
  public void watermark(long watermark, Output out) {
    if (watermark != Long.MAX_VALUE || !tables.has(0)) {
      return;
    }
    SlotTable table = tables.table(0);
    int limit = table.load(0, 1);
    int[] slots = new int[limit];
    int live = 0;
    for (int slot = 0; slot < limit; slot++) {
      if (table.isLive(slot)) {
        slots[live++] = slot;
      }
    }
    long[] counts = new long[live];
    long[] sums = new long[live];
    for (int i = 0; i < live; i++) {
      counts[i] = table.cells()[slots[i] * table.stride() + table.offset(0)];
      sums[i] = table.cells()[slots[i] * table.stride() + table.offset(1)];
    }
    Column key = table.keys(slots, live)[0];
    Column[] columns = {key, new LongColumn(live, counts), new LongColumn(live, sums)};
    out.emit(EventBatch.of(RESULT, columns, new long[live], live));
    tables.drop(0);
  }
}
