package io.fluxcore.domain.window;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import java.util.Arrays;

/**
 * Rows, or partial results, as stretches of time.
 *
 * @param keys columns of the group's keys
 * @param firsts time of the first row, by physical row
 * @param lasts time of the last row; the same array where each row is one
 */
record SessionRows(
    EventBatch batch, boolean isPartials, Column[] keys, long[] firsts, long[] lasts) {
  static SessionRows of(EventBatch batch, int[] keyOrdinals, long[] times) {
    return new SessionRows(batch, false, EventTimes.columns(batch, keyOrdinals), times, times);
  }

  /** Partial results: keys first, the time of the last row at the end. */
  static SessionRows ofPartials(EventBatch batch, int keyCount) {
    int[] ordinals = new int[keyCount];
    Arrays.setAll(ordinals, i -> i);
    Column[] columns = batch.columns();
    long[] lasts = ((LongColumn) columns[columns.length - 1]).values();
    return new SessionRows(
        batch, true, EventTimes.columns(batch, ordinals), batch.timestamps(), lasts);
  }

  /** The earliest end of the selected rows. */
  long earliestLast(int[] rows, int count) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      least = Math.min(least, lasts[rows[i]]);
    }
    return least;
  }
}
