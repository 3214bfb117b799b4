package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.application.connector.TimeBounds;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.time.WatermarkStrategy;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which rows of a source are wanted by their event time. Where the bounds have an end, a split has
 * arrived there with the first row that brings its watermark to it; what the split gives from then
 * on is left out whatever its time: it would have come late. So what is wanted of a split depends
 * on its rows and their order alone. Used by the task's thread.
 */
final class TimedReading {
  private final TimeBounds bounds;
  private final long arrivalMillis;
  private final Set<String> arrived = new HashSet<>();

  TimedReading(TimeBounds bounds, WatermarkStrategy strategy) {
    this.bounds = bounds;
    long slack = strategy.maxOutOfOrderness().toMillis();
    long latest = Long.MAX_VALUE - slack;
    this.arrivalMillis =
        bounds.untilMillis() > latest ? Long.MAX_VALUE : bounds.untilMillis() + slack;
  }

  TimeBounds bounds() {
    return bounds;
  }

  /** The watermark with which nothing that is wanted is missing. */
  long lastWatermark() {
    return bounds.untilMillis() - 1;
  }

  /** Not beyond the end of the bounds. */
  long capped(long watermark) {
    return bounds.hasEnd() ? Math.min(watermark, lastWatermark()) : watermark;
  }

  /** The rows of a split that are wanted. */
  EventBatch within(String split, EventBatch batch) {
    if (arrived.contains(split)) {
      return batch.withSelection(new int[0], 0);
    }
    long[] timestamps = batch.timestamps();
    int[] kept = new int[batch.size()];
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      long time = timestamps[row];
      if (bounds.hasEnd() && time >= arrivalMillis) {
        arrived.add(split);
        break;
      }
      if (bounds.holds(time)) {
        kept[count++] = row;
      }
    }
    return count == batch.size() ? batch : batch.withSelection(kept, count);
  }

  /** The splits of which nothing more is wanted. */
  Set<String> arrived() {
    return arrived;
  }

  /**
   * Whether nothing more is wanted at all.
   *
   * @param active the splits that have not ended
   * @param idle whether a split has stepped aside, and so holds nobody back
   */
  boolean isOver(Collection<String> active, Predicate<String> idle) {
    return bounds.hasEnd()
        && active.stream().allMatch(split -> arrived.contains(split) || idle.test(split));
  }
}
