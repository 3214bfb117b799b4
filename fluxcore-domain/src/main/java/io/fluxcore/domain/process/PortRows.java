package io.fluxcore.domain.process;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.transform.Collector;
import io.fluxcore.domain.transform.DerivedRows;
import io.fluxcore.domain.transform.RowWriter;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows that user code emits at one port: those of events keep the time, kind and envelope of their
 * event, those of timers have the timer's time.
 */
final class PortRows implements Collector {
  private final Schema schema;

  // Of events: rows derived from those of a batch. Of timers: rows and their times.
  private @Nullable EventBatch input;
  private @Nullable DerivedRows derived;
  private @Nullable RowWriter ofTimers;
  private long[] times = new long[64];

  private int origin = -1;
  private long timerTime;
  private boolean isOpen;

  PortRows(Schema schema) {
    this.schema = schema;
  }

  /** A call for a row of a batch begins. */
  void begin(EventBatch batch, int row) {
    input = batch;
    origin = row;
    isOpen = true;
  }

  /** A call for a timer begins. */
  void begin(long time) {
    input = null;
    timerTime = time;
    isOpen = true;
  }

  void end() {
    isOpen = false;
  }

  int size() {
    return derived != null ? derived.writer().size() : ofTimers != null ? ofTimers.size() : 0;
  }

  void truncate(int rows) {
    if (derived != null) {
      derived.writer().truncate(rows);
    } else if (ofTimers != null) {
      ofTimers.truncate(rows);
    }
  }

  private RowWriter writer() {
    if (!isOpen) {
      throw new IllegalStateException("this collector belongs to a call that has returned");
    }
    EventBatch batch = input;
    if (batch == null) {
      if (ofTimers == null) {
        ofTimers = new RowWriter(schema, 64);
      }
      return ofTimers;
    }
    if (derived == null) {
      derived = new DerivedRows(batch, schema);
    }
    return derived.writer();
  }

  @Override
  public void emit(Map<String, ? extends @Nullable Object> values) {
    writer().add(values);
    written();
  }

  @Override
  public void emit(@Nullable Object... values) {
    writer().add(values);
    written();
  }

  private void written() {
    if (derived != null) {
      derived.endRow(origin);
    } else {
      time(timerTime);
    }
  }

  @Override
  public void emitAt(long timestampMillis, @Nullable Object... values) {
    writer().add(values);
    if (derived != null) {
      derived.endRow(origin, timestampMillis);
    } else {
      time(timestampMillis);
    }
  }

  private void time(long millis) {
    int row = size() - 1;
    if (row == times.length) {
      times = Arrays.copyOf(times, 2 * row);
    }
    times[row] = millis;
  }

  /** Hands on what there is, in batches of the usual size. */
  void flush(int port, Output out) {
    int count = size();
    if (count == 0) {
      derived = null;
      return;
    }
    EventBatch batch;
    if (derived != null) {
      batch = derived.build(schema);
    } else if (ofTimers != null) {
      batch = EventBatch.of(schema, ofTimers.build(), Arrays.copyOf(times, count), count);
    } else {
      return;
    }
    derived = null;
    ofTimers = null;
    if (count <= EventBatch.TARGET_ROWS) {
      out.emit(port, batch);
      return;
    }
    for (int from = 0; from < count; from += EventBatch.TARGET_ROWS) {
      int length = Math.min(EventBatch.TARGET_ROWS, count - from);
      int[] rows = new int[length];
      for (int i = 0; i < length; i++) {
        rows[i] = from + i;
      }
      out.emit(port, batch.gather(rows, length));
    }
  }
}
