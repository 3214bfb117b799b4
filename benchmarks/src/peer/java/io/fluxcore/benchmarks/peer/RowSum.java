package io.fluxcore.benchmarks.peer;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.StringColumn;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import peers.core.Sum;

/** Sums whole rows, whatever their columns are, as {@code peers.flink.RowsConnector} does. */
final class RowSum implements Consumer<EventBatch> {
  private final ChangeSum sum = new ChangeSum(new Sum());

  @Override
  public void accept(EventBatch batch) {
    long[] hashes = new long[batch.rowCount()];
    for (Column column : batch.columns()) {
      add(column, batch, hashes);
    }
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      sum.add(batch.rowKind(row).isRetraction(), hashes[row]);
    }
  }

  private static void add(Column column, EventBatch batch, long[] hashes) {
    IntToLongFunction value = value(column);
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      hashes[row] =
          RowHash.with(hashes[row], column.isNull(row) ? RowHash.NULL : value.applyAsLong(row));
    }
  }

  private static IntToLongFunction value(Column column) {
    return switch (column.type().kind()) {
      case LONG -> {
        long[] values = ((LongColumn) column).values();
        yield row -> values[row];
      }
      case TIMESTAMP, TIMESTAMP_TZ -> {
        long[] values = ((LongColumn) column).values();
        yield row -> Math.floorDiv(values[row], 1000L);
      }
      case DECIMAL -> {
        DecimalColumn decimals = (DecimalColumn) column;
        long[] values = decimals.longs();
        yield values != null
            ? row -> values[row]
            : row -> decimals.value(row).unscaledValue().longValue();
      }
      case STRING ->
          RowHash.READS_TEXTS ? ((StringColumn) column)::hash : row -> RowHash.NULL;
      default -> throw new IllegalArgumentException("no sum of " + column.type());
    };
  }
}
