package io.fluxcore.domain.window;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.Arrays;

/** Columns and times of batches, as operators over event time need them. */
public final class EventTimes {
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

  /** The batch without the rows whose times windows cannot be reckoned with; these have failed. */
  public static EventBatch usable(EventBatch batch, RecordFailures failures) {
    if (areUsable(batch)) {
      return batch;
    }
    int[] usable = new int[batch.size()];
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      long time = batch.timestamps()[row];
      if (isUsable(time)) {
        usable[count++] = row;
      } else {
        failures.failed(
            batch,
            row,
            new RecordException(
                "FLX-WINDOW-0001",
                time == EventBatch.NO_TIMESTAMP
                    ? "the event has no timestamp, so it belongs to no window"
                    : "the timestamp " + time + " is out of range"));
      }
    }
    return batch.withSelection(usable, count);
  }

  static boolean isUsable(long time) {
    return time >= -WindowSpec.MAX_TIME && time <= WindowSpec.MAX_TIME;
  }

  public static Column[] columns(EventBatch batch, int[] ordinals) {
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
