package io.fluxcore.domain.window;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import java.util.Arrays;

/** Columns and times of batches, as the operators of windows need them. */
final class EventTimes {
  private EventTimes() {}

  /** Whether every selected row has a time that windows can be reckoned with. */
  static boolean areUsable(EventBatch batch) {
    long[] times = batch.timestamps();
    int[] selection = batch.selection();
    long min = 0;
    long max = 0;
    for (int i = 0; i < batch.size(); i++) {
      long time = times[selection == null ? i : selection[i]];
      min = Math.min(min, time);
      max = Math.max(max, time);
    }
    return isUsable(min) && isUsable(max);
  }

  static boolean isUsable(long time) {
    return time >= -WindowSpec.MAX_TIME && time <= WindowSpec.MAX_TIME;
  }

  static Column[] columns(EventBatch batch, int[] ordinals) {
    Column[] columns = new Column[ordinals.length];
    for (int i = 0; i < ordinals.length; i++) {
      columns[i] = batch.column(ordinals[i]);
    }
    return columns;
  }

  static Column[] concat(Column[] first, Column[] second) {
    Column[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
