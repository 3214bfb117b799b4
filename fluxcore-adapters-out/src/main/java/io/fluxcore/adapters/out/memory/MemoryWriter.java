package io.fluxcore.adapters.out.memory;

import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.function.Supplier;

/** Copies each row at once: nothing is held back. */
final class MemoryWriter implements SinkWriter {
  private final Supplier<CollectedRows> target;
  private final int maxRows;
  private final boolean dropOldest;
  private final EventCursor cursor = new EventCursor();

  MemoryWriter(Supplier<CollectedRows> target, int maxRows, boolean dropOldest) {
    this.target = target;
    this.maxRows = maxRows;
    this.dropOldest = dropOldest;
  }

  @Override
  public void write(EventBatch batch, RecordFailures failures) {
    CollectedRows rows = target.get();
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      if (!rows.add(cursor.moveTo(batch, row).copy(), maxRows, dropOldest)) {
        failures.failed(
            batch,
            row,
            new RecordException(
                "FLX-MEMORY-0001",
                "the memory sink holds its maximum of "
                    + maxRows
                    + " rows; raise maxRows, set overflow: dropOldest, or write to a file"));
      }
    }
    cursor.close();
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
