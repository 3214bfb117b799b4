package io.fluxcore.domain.window;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** Positions of an array by the number that stands there, in the order of the numbers. */
final class LongGroups {
  private LongGroups() {}

  /** Positions of one number, ascending. */
  static final class Group {
    final long value;
    int[] positions;
    int count;

    private Group(long value, int[] positions, int count) {
      this.value = value;
      this.positions = positions;
      this.count = count;
    }

    private void add(int position) {
      if (count == positions.length) {
        positions = Arrays.copyOf(positions, 2 * count);
      }
      positions[count++] = position;
    }
  }

  /** The groups of the first numbers. One group, which is the common case, costs no look-up. */
  static Collection<Group> of(long[] values, int count) {
    if (count == 0) {
      return List.of();
    }
    Group group = new Group(values[0], new int[count], 0);
    int same = 0;
    while (same < count && values[same] == group.value) {
      group.positions[same] = same;
      same++;
    }
    group.count = same;
    if (same == count) {
      return List.of(group);
    }
    TreeMap<Long, Group> groups = new TreeMap<>();
    groups.put(group.value, group);
    for (int i = same; i < count; i++) {
      if (values[i] != group.value) {
        group = groups.computeIfAbsent(values[i], value -> new Group(value, new int[16], 0));
      }
      group.add(i);
    }
    return groups.values();
  }
}
