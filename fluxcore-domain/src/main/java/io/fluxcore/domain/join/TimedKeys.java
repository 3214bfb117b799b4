package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.keyed.Expiry;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.keyed.StateClock;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.StateBackend;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Forgets the keys of a table that have not been written for a time-to-live. A key has two cells:
 * its deadline, and whether it stands in the index of deadlines. Not thread-safe.
 */
final class TimedKeys {
  private static final int DEADLINE = 0;
  private static final int INDEXED = 1;

  private final TimeToLive life;
  private final StateClock clock;
  private final Expiry expiry;

  TimedKeys(StateBackend state, EquiJoin join, TimeToLive life, StateClock clock) {
    this.life = life;
    this.clock = clock;
    this.expiry = new Expiry(state, "right", join.keyTypes(), 0, life, clock);
  }

  /** Initial values of the cells of a key, none where it has no time-to-live. */
  static long[] cells(@Nullable TimeToLive life) {
    return life == null ? new long[0] : new long[] {StateClock.NEVER, 0};
  }

  private static int at(SlotTable table, int slot, int cell) {
    return slot * table.stride() + table.offset(cell);
  }

  boolean isOver(SlotTable table, int slot) {
    return clock.isOver(table.cells()[at(table, slot, DEADLINE)], life);
  }

  /**
   * Keys have been written now.
   *
   * @param keys columns of which {@code rows[i]} is the key of {@code slots[i]}
   */
  void written(SlotTable table, int[] slots, Column[] keys, long[] times, int[] rows, int count) {
    int[] toIndex = new int[count];
    long[] deadlines = new long[count];
    int entered = 0;
    for (int i = 0; i < count; i++) {
      clock.rowTime(times[rows[i]]);
      int cell = at(table, slots[i], DEADLINE);
      long before = table.cells()[cell];
      long deadline = clock.deadline(life);
      // rows may come out of order
      table.cells()[cell] = before == StateClock.NEVER ? deadline : Math.max(before, deadline);
      int indexed = at(table, slots[i], INDEXED);
      if (table.cells()[indexed] == 0 && deadline != StateClock.NEVER) {
        table.cells()[indexed] = 1;
        toIndex[entered] = rows[i];
        deadlines[entered++] = deadline;
      }
    }
    clock.rowTime(EventBatch.NO_TIMESTAMP);
    if (entered > 0) {
      expiry.add(KeyChunk.gather(keys, toIndex, entered), deadlines, entered);
    }
  }

  /** Looks at the keys whose deadlines may be over, and removes those that are. */
  void expire(SlotTable table) {
    for (KeyChunk chunk = next(); chunk != null; chunk = next()) {
      int count = chunk.count();
      int[] slots = new int[count];
      table.find(chunk.columns(), chunk.hashes(), chunk.rows(), count, slots);
      int[] left = new int[count];
      long[] deadlines = new long[count];
      int leftCount = 0;
      for (int i = 0; i < count; i++) {
        if (slots[i] < 0) {
          continue;
        }
        long deadline = table.cells()[at(table, slots[i], DEADLINE)];
        if (clock.isOver(deadline, life)) {
          table.remove(slots[i]);
        } else {
          left[leftCount] = i;
          deadlines[leftCount++] = deadline;
        }
      }
      if (leftCount > 0) {
        expiry.add(chunk.gather(left, leftCount), Arrays.copyOf(deadlines, leftCount), leftCount);
      }
    }
  }

  private @Nullable KeyChunk next() {
    return expiry.next(EventBatch.TARGET_ROWS);
  }
}
