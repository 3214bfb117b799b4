package io.fluxcore.benchmarks.peer;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.StringColumn;
import java.math.BigDecimal;
import java.util.function.Consumer;
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
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      hashes[row] =
          RowHash.with(hashes[row], column.isNull(row) ? RowHash.NULL : value(column, row));
    }
  }

  private static long value(Column column, int row) {
    return switch (column.type().kind()) {
      case LONG -> ((LongColumn) column).value(row);
      case TIMESTAMP, TIMESTAMP_TZ -> Math.floorDiv(((LongColumn) column).value(row), 1000L);
      case DECIMAL -> {
        DecimalColumn decimals = (DecimalColumn) column;
        BigDecimal value = decimals.value(row);
        yield value.unscaledValue().longValue();
      }
      case STRING -> RowHash.READS_TEXTS ? ((StringColumn) column).hash(row) : RowHash.NULL;
      default -> throw new IllegalArgumentException("no sum of " + column.type());
    };
  }
}
