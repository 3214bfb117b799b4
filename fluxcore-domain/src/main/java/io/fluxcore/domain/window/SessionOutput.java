package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.state.SlotTable;

/** Makes result batches of sessions. The timestamp of a result is its session's end − 1 ms. */
final class SessionOutput {
  private final Schema schema;
  private final AggregateProgram program;
  private final long gap;

  SessionOutput(Schema schema, AggregateProgram program, long gap) {
    this.schema = schema;
    this.program = program;
    this.gap = gap;
  }

  /**
   * The results of sessions, as insertions.
   *
   * @param keys the groups' keys, by session
   * @param starts times of the first rows, by session
   * @param lasts times of the last rows, by session
   * @param slots where the sessions' aggregates are
   */
  EventBatch batch(
      Column[] keys, long[] starts, long[] lasts, SlotTable table, int[] slots, int count) {
    long[] startMicros = new long[count];
    long[] endMicros = new long[count];
    long[] times = new long[count];
    for (int i = 0; i < count; i++) {
      long end = lasts[i] + gap;
      startMicros[i] = Math.multiplyExact(starts[i], 1000);
      endMicros[i] = Math.multiplyExact(end, 1000);
      times[i] = end - 1;
    }
    Column[] bounds = {
      new LongColumn(DataType.TIMESTAMP_TZ, count, startMicros, null),
      new LongColumn(DataType.TIMESTAMP_TZ, count, endMicros, null)
    };
    Column[] group = EventTimes.concat(keys, bounds);
    Column[] columns = EventTimes.concat(group, program.results(table, slots, count));
    return EventBatch.of(schema, columns, times, count);
  }
}
