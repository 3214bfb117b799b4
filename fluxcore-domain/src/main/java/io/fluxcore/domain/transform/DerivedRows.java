package io.fluxcore.domain.transform;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RawRecords;
import io.fluxcore.domain.event.Schema;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows that user code made out of rows of a batch: each keeps the time, kind, envelope and raw
 * record of the row that it comes from.
 */
public final class DerivedRows {
  private final EventBatch input;
  private final RowWriter writer;
  private int[] origins;
  private long @Nullable [] times;

  public DerivedRows(EventBatch input, Schema output) {
    this.input = input;
    int capacity = Math.max(1, Math.min(input.size(), EventBatch.TARGET_ROWS));
    this.writer = new RowWriter(output, capacity);
    this.origins = new int[capacity];
  }

  public RowWriter writer() {
    return writer;
  }

  /** Says where the row that was just written comes from. */
  public void endRow(int origin) {
    int row = writer.size() - 1;
    if (row == origins.length) {
      origins = Arrays.copyOf(origins, 2 * row);
      if (times != null) {
        times = Arrays.copyOf(times, 2 * row);
      }
    }
    origins[row] = origin;
    if (times != null) {
      times[row] = input.timestamps()[origin];
    }
  }

  /** The same, with another time, epoch milliseconds. */
  public void endRow(int origin, long timestampMillis) {
    endRow(origin);
    if (times == null) {
      times = new long[origins.length];
      for (int i = 0; i < writer.size(); i++) {
        times[i] = input.timestamps()[origins[i]];
      }
    }
    times[writer.size() - 1] = timestampMillis;
  }

  /** The rows so far as a batch. */
  public EventBatch build(Schema output) {
    int count = writer.size();
    Column[] columns = writer.build();
    EventBatch batch =
        isOneForOne(count) ? input.withColumns(output, columns) : gather(output, columns, count);
    return times == null ? batch : batch.withTimestamps(times);
  }

  private boolean isOneForOne(int count) {
    if (count != input.rowCount()) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (origins[i] != i) {
        return false;
      }
    }
    return true;
  }

  private EventBatch gather(Schema output, Column[] columns, int count) {
    long[] inputTimes = input.timestamps();
    byte[] inputKinds = input.rowKinds();
    RawRecords raw = input.rawRecords();
    long[] newTimes = new long[count];
    for (int i = 0; i < count; i++) {
      newTimes[i] = inputTimes[origins[i]];
    }
    byte[] kinds = null;
    if (inputKinds != null) {
      kinds = new byte[count];
      for (int i = 0; i < count; i++) {
        kinds[i] = inputKinds[origins[i]];
      }
    }
    return EventBatch.of(output, columns, newTimes, count)
        .withRowKinds(kinds)
        .withEnvelope(input.envelope().gather(origins, count))
        .withRawRecords(raw == null ? null : raw.gather(origins, count))
        .withKeyGroups(input.minKeyGroup(), input.maxKeyGroup());
  }
}
