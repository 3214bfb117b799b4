package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.keyed.StateClock;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.window.SliceGroups;
import io.fluxcore.domain.window.WindowSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a table by key: a slot holds the changes of a key in the order in which they
 * came, and their tags tell deletions. Which keys have changes in which part of time is kept beside
 * it, so that versions are forgotten when time has passed the changes that follow them. Not
 * thread-safe.
 */
final class Versions {
  /** The tag of a change that begins a version. */
  static final long BEGINS = 0;

  /** The tag of a deletion. */
  static final long ENDS = 1;

  private static final long TABLE = 0;
  private static final long PART_MILLIS = 1_000;

  private final TemporalJoin temporal;
  private final EquiJoin join;
  private final @Nullable TimeToLive life;
  private final JoinInput input;
  private final SliceGroups parts = new SliceGroups(WindowSpec.tumbling(PART_MILLIS, 0));

  /** Its event time is the time up to which rows of the left input have been joined. */
  private final StateClock clock = new StateClock();

  private SlotTables changed;
  private @Nullable TimedKeys lives;
  private int[] slots = new int[0];
  private long[] hashes = new long[0];

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  Versions(TemporalJoin temporal) {
    this.temporal = temporal;
    this.join = temporal.join();
    this.life = temporal.life() == null ? null : TimeToLive.ofEventTime(temporal.life());
    this.input = new JoinInput(join, JoinType.RIGHT_INPUT, true, TimedKeys.cells(life));
  }

  void open(StateBackend state) {
    input.open(state);
    changed = state.tables(new StateLayout("changed", join.keyTypes(), new long[0], List.of()));
    lives = life == null ? null : new TimedKeys(state, join, life, clock);
  }

  /** Rows have been joined up to this time before. */
  void restore(long horizon) {
    clock.eventTime(horizon);
  }

  JoinInput input() {
    return input;
  }

  SlotTable table() {
    return input.tables().table(TABLE);
  }

  /**
   * Takes changes; those that are too late to count for anything are left at the front of the
   * array.
   *
   * @param rows physical rows, without former values and null keys
   * @param horizon up to which time rows of the left input have been joined
   * @return how many are too late
   */
  int add(EventBatch batch, int[] rows, int count, long horizon) {
    if (slots.length < count) {
      slots = new int[Math.max(count, EventBatch.TARGET_ROWS)];
      hashes = new long[slots.length];
    }
    Column[] keys = input.keys(batch);
    Column[] values = input.values(batch);
    long[] times = batch.timestamps();
    SlotTable table = table();
    input.hash(batch, rows, count, hashes);
    table.resolve(keys, hashes, rows, count, slots);
    int late = 0;
    int[] taken = new int[count];
    int takenCount = 0;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      RowBuffer versions = JoinInput.rows(table, slots[i]);
      if (times[row] <= horizon && versions != null && isOutdated(versions, times[row], horizon)) {
        rows[late++] = row;
        continue;
      }
      long tag = batch.rowKind(row) == RowKind.DELETE ? ENDS : BEGINS;
      input.keep(table, slots[i], batch, values, row, tag);
      slots[takenCount] = slots[i];
      taken[takenCount++] = row;
    }
    TimedKeys timed = lives;
    if (timed != null) {
      timed.written(table, slots, keys, times, taken, takenCount);
    }
    for (SliceGroups.Group part : parts.group(times, taken, takenCount)) {
      input.hash(batch, part.rows, part.count, hashes);
      changed.table(part.slice).resolve(keys, hashes, part.rows, part.count, slots);
    }
    return late;
  }

  /** Whether a change that is newer than this one already counts for all rows to come. */
  private static boolean isOutdated(RowBuffer versions, long time, long horizon) {
    for (int at = versions.first(); at >= 0; at = versions.next(at)) {
      if (versions.timestamp(at) > time && versions.timestamp(at) <= horizon) {
        return true;
      }
    }
    return false;
  }

  /**
   * The version of a key that is valid at a time, or {@link RowBuffer#NONE}.
   *
   * @param order which has read the changes of the key
   */
  int validAt(VersionOrder order, RowBuffer changes, long time) {
    int version = order.at(time);
    return version >= 0
            && changes.tag(version) == BEGINS
            && temporal.lives(changes.timestamp(version), time)
        ? version
        : RowBuffer.NONE;
  }

  /** Forgets what no row behind the horizon can ask for. */
  void forget(long horizon) {
    clock.eventTime(horizon);
    SlotTable table = table();
    long part = changed.firstNamespace();
    while (part != Long.MAX_VALUE && part + PART_MILLIS - 1 <= horizon) {
      forget(KeyChunk.all(changed.table(part), join.keyTypes()), table, horizon);
      changed.drop(part);
      part = changed.firstNamespace();
    }
    TimedKeys timed = lives;
    if (timed != null) {
      timed.expire(table);
    }
  }

  private void forget(Column[] keys, SlotTable table, long horizon) {
    KeyChunk chunk = KeyChunk.of(keys, keys[0].size());
    int[] found = new int[chunk.count()];
    table.find(keys, chunk.hashes(), chunk.rows(), chunk.count(), found);
    for (int slot : found) {
      RowBuffer versions = JoinInput.rows(table, slot);
      if (versions != null) {
        forget(versions, horizon);
        if (versions.isEmpty()) {
          table.remove(slot);
        }
      }
    }
  }

  private static void forget(RowBuffer versions, long horizon) {
    int valid = RowBuffer.NONE;
    for (int at = versions.first(); at >= 0; at = versions.next(at)) {
      boolean counts = versions.timestamp(at) <= horizon;
      if (counts && (valid < 0 || versions.timestamp(at) >= versions.timestamp(valid))) {
        valid = at;
      }
    }
    if (valid < 0) {
      return;
    }
    long until = versions.timestamp(valid);
    for (int at = versions.first(); at >= 0; at = versions.next(at)) {
      boolean isBefore = versions.timestamp(at) <= until && at != valid;
      if (isBefore || (at == valid && versions.tag(at) == ENDS)) {
        versions.remove(at);
      }
    }
  }
}
