package io.fluxcore.domain.window;

import io.fluxcore.domain.event.EventBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a batch by slice. Most batches lie in one slice, which the smallest and the largest
 * time tell without looking at each row; no division per row then. Reused from batch to batch.
 */
final class SliceGroups {
  private final WindowSpec spec;
  private final List<Group> groups = new ArrayList<>();
  private final Map<Long, Group> bySlice = new HashMap<>();
  private int[] identity = new int[0];

  SliceGroups(WindowSpec spec) {
    this.spec = spec;
  }

  /** Rows of one slice; valid until the next batch. */
  static final class Group {
    final long slice;
    int[] rows;
    int count;

    Group(long slice, int[] rows, int count) {
      this.slice = slice;
      this.rows = rows;
      this.count = count;
    }
  }

  /**
   * Groups the selected rows by these times.
   *
   * @param times by physical row, within ±{@link WindowSpec#MAX_TIME}
   * @param rows selected physical rows
   */
  List<Group> group(long[] times, int[] rows, int count) {
    groups.clear();
    if (count == 0) {
      return groups;
    }
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      long time = times[rows[i]];
      min = Math.min(min, time);
      max = Math.max(max, time);
    }
    long slice = spec.sliceStart(min);
    if (max < spec.sliceEnd(slice)) {
      groups.add(new Group(slice, rows, count));
    } else {
      split(times, rows, count);
    }
    return groups;
  }

  private void split(long[] times, int[] rows, int count) {
    bySlice.clear();
    long start = 0;
    long end = Long.MIN_VALUE;
    Group group = new Group(0, rows, 0);
    for (int i = 0; i < count; i++) {
      long time = times[rows[i]];
      if (time < start || time >= end) {
        start = spec.sliceStart(time);
        end = spec.sliceEnd(start);
        Group known = bySlice.get(start);
        if (known == null) {
          known = new Group(start, new int[count], 0);
          bySlice.put(start, known);
          groups.add(known);
        }
        group = known;
      }
      group.rows[group.count++] = rows[i];
    }
  }

  /** The selected rows of a batch. */
  int[] rows(EventBatch batch) {
    int[] selection = batch.selection();
    if (selection != null) {
      return selection;
    }
    if (identity.length < batch.size()) {
      identity = new int[Math.max(batch.size(), EventBatch.TARGET_ROWS)];
      for (int i = 0; i < identity.length; i++) {
        identity[i] = i;
      }
    }
    return identity;
  }
}
