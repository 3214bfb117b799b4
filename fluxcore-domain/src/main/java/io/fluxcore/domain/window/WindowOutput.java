package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.state.SlotTable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes result batches of slots. The timestamp of a result is its window's end − 1 ms. The columns
 * of the window's bounds are made once per window and shared by its batches. Windows without bounds
 * have results at {@link GlobalWindow#END}.
 */
final class WindowOutput {
  private final Schema schema;
  private final AggregateProgram program;
  private final @Nullable TimeWindows windows;
  private long end = Long.MIN_VALUE;
  private long[] starts = new long[0];
  private long[] ends = new long[0];
  private long[] times = new long[0];

  WindowOutput(WindowAggregation aggregation, Schema input, AggregateProgram program) {
    this.schema = aggregation.outputSchema(input);
    this.program = program;
    this.windows = aggregation.window() instanceof TimeWindows timed ? timed : null;
  }

  private void bounds(TimeWindows timed, long windowEnd, int count) {
    if (windowEnd == end && count <= starts.length) {
      return;
    }
    int length = Math.max(count, Math.min(EventBatch.TARGET_ROWS, 2 * count));
    end = windowEnd;
    starts = new long[length];
    ends = new long[length];
    times = new long[length];
    Arrays.fill(starts, Math.multiplyExact(timed.start(windowEnd), 1000));
    Arrays.fill(ends, Math.multiplyExact(windowEnd, 1000));
    Arrays.fill(times, windowEnd - 1);
  }

  /** The results of slots of a window, as insertions. */
  EventBatch batch(SlotTable table, int[] slots, int count, long windowEnd) {
    TimeWindows timed = windows;
    if (timed == null) {
      return batch(table.keys(slots, count), table, slots, count);
    }
    bounds(timed, windowEnd, count);
    Column[] bounds = {
      new LongColumn(DataType.TIMESTAMP_TZ, count, starts, null),
      new LongColumn(DataType.TIMESTAMP_TZ, count, ends, null)
    };
    Column[] group = EventTimes.concat(table.keys(slots, count), bounds);
    Column[] columns = EventTimes.concat(group, program.results(table, slots, count));
    return EventBatch.of(schema, columns, times, count);
  }

  /** The results of slots of a window without bounds, as insertions. */
  EventBatch batch(Column[] keys, SlotTable table, int[] slots, int count) {
    if (count > times.length) {
      times = new long[Math.max(count, EventBatch.TARGET_ROWS)];
      Arrays.fill(times, GlobalWindow.END);
    }
    return EventBatch.of(
        schema, EventTimes.concat(keys, program.results(table, slots, count)), times, count);
  }
}
