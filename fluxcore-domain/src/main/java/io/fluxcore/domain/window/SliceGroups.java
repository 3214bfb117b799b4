package io.fluxcore.domain.window;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a batch by slice. Most batches lie in one slice, which the smallest and the largest
 * time tell without looking at each row; no division per row then. Reused from batch to batch.
 */
public final class SliceGroups {
  private static final Group NONE = new Group(0, 0, new int[0], 0);

  private final TimeWindows windows;
  private final List<Group> groups = new ArrayList<>();
  private final Map<Long, Group> bySlice = new HashMap<>();

  public SliceGroups(TimeWindows windows) {
    this.windows = windows;
  }

  /** Rows of one slice; valid until the next batch. */
  public static final class Group {
    public final long slice;
    public final long end;
    public int[] rows;
    public int count;

    Group(long slice, long end, int[] rows, int count) {
      this.slice = slice;
      this.end = end;
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
  public List<Group> group(long[] times, int[] rows, int count) {
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
    long slice = windows.sliceStart(min);
    long end = windows.sliceEnd(slice);
    if (max < end) {
      groups.add(new Group(slice, end, rows, count));
    } else {
      split(times, rows, count);
    }
    return groups;
  }

  private void split(long[] times, int[] rows, int count) {
    bySlice.clear();
    Group group = NONE;
    Group before = NONE;
    for (int i = 0; i < count; i++) {
      long time = times[rows[i]];
      if (time < group.slice || time >= group.end) {
        Group next = before; // rows often go to and fro between two slices
        if (time < next.slice || time >= next.end) {
          next = groupOf(time, count);
        }
        before = group;
        group = next;
      }
      group.rows[group.count++] = rows[i];
    }
  }

  private Group groupOf(long time, int count) {
    long slice = windows.sliceStart(time);
    Group group = bySlice.get(slice);
    if (group == null) {
      group = new Group(slice, windows.sliceEnd(slice), new int[count], 0);
      bySlice.put(slice, group);
      groups.add(group);
    }
    return group;
  }
}
