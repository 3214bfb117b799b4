package io.fluxcore.domain.join;

import io.fluxcore.domain.row.RowBuffer;
import java.util.Arrays;

/** The changes of one key in the order of their times, to find the one that counts at a time. */
final class VersionOrder {
  private int[] positions = new int[16];
  private long[] times = new long[16];
  private int count;

  /** Takes the changes of a key in place of those before. */
  void read(RowBuffer versions) {
    count = 0;
    if (positions.length < versions.size()) {
      positions = new int[2 * versions.size()];
      times = new long[positions.length];
    }
    for (int at = versions.first(); at >= 0; at = versions.next(at)) {
      int to = place(versions.timestamp(at));
      System.arraycopy(times, to, times, to + 1, count - to);
      System.arraycopy(positions, to, positions, to + 1, count - to);
      times[to] = versions.timestamp(at);
      positions[to] = at;
      count++;
    }
  }

  /** Behind all that are not later: most come in order, and so at the end. */
  private int place(long time) {
    if (count == 0 || times[count - 1] <= time) {
      return count;
    }
    int found = Arrays.binarySearch(times, 0, count, time);
    int to = found < 0 ? -found - 1 : found;
    while (to < count && times[to] == time) {
      to++;
    }
    return to;
  }

  /** The position of the last change up to a time, or {@link RowBuffer#NONE}. */
  int at(long time) {
    int index = place(time) - 1;
    return index < 0 ? RowBuffer.NONE : positions[index];
  }
}
