package io.fluxcore.benchmarks.peer;

import io.fluxcore.benchmarks.GeneratedColumns;
import io.fluxcore.benchmarks.RowGenerator;
import peers.core.Gen;
import peers.core.Meter;
import peers.core.SeedEvent;

/** Calls {@link Gen#seed} once per index and copies the fields that the query uses. */
final class TypedEventGenerator implements RowGenerator {
  private final SeedEvent event = new SeedEvent();

  @Override
  public void progress(int subtask, long emitted) {
    Meter.progress(subtask, emitted);
  }

  @Override
  public void fill(long first, long step, int rows, GeneratedColumns target) {
    long[] times = target.timestamps();
    long[] id = target.longs("id");
    String[] eventType = target.strings("eventType");
    long[] importance = target.longs("importance");
    String[] source = target.strings("source");
    double[] value = target.doubles("value");
    long index = first;
    for (int row = 0; row < rows; row++, index += step) {
      Gen.seed(index, event);
      times[row] = event.ts;
      if (id != null) {
        id[row] = event.id;
      }
      if (eventType != null) {
        eventType[row] = event.eventType;
      }
      if (importance != null) {
        importance[row] = event.importance;
      }
      if (source != null) {
        source[row] = event.source;
      }
      if (value != null) {
        value[row] = event.value;
      }
    }
  }
}
