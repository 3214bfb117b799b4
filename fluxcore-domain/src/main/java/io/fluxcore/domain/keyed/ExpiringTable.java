package io.fluxcore.domain.keyed;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One slot for each key, which is forgotten when it has not been used for a time: a cell of the
 * layout is the end of its life, {@link StateClock#NEVER} in a new slot. Not thread-safe.
 */
public final class ExpiringTable {
  /** Keys that are looked at between two batches to be forgotten, at most. */
  public static final long LOOKS = 1024;

  private final StateBackend state;
  private final int endCell;
  private final SlotTables tables;
  private final StateClock clock;
  private final @Nullable TimeToLive life;
  private final @Nullable Expiry expiry;
  private int[] slots = new int[0];
  private int[] positions = new int[0];
  private long[] ends = new long[0];
  private int entered;

  /**
   * The table of a layout.
   *
   * @param endCell the cell of the end of a slot's life
   * @param life null: slots stay until they are removed
   */
  public ExpiringTable(
      StateBackend state,
      StateLayout layout,
      int endCell,
      @Nullable TimeToLive life,
      StateClock clock) {
    this.state = state;
    this.endCell = endCell;
    this.tables = state.tables(layout);
    this.clock = clock;
    this.life = life;
    this.expiry =
        life == null
            ? null
            : new Expiry(state, layout.name(), layout.keyTypes(), layout.subkeys(), life, clock);
  }

  public SlotTable table() {
    return tables.table(0);
  }

  /** The slots of keys by position, valid until the next call and {@link #endBatch}. */
  public int[] resolve(KeyChunk keys) {
    reserve(keys.count());
    table().resolve(keys.columns(), keys.hashes(), keys.rows(), keys.count(), slots);
    return slots;
  }

  /** The same, -1 where there is nothing. */
  public int[] find(KeyChunk keys) {
    reserve(keys.count());
    table().find(keys.columns(), keys.hashes(), keys.rows(), keys.count(), slots);
    return slots;
  }

  private void reserve(int count) {
    if (slots.length < count) {
      slots = new int[count];
      positions = new int[count];
      ends = new long[count];
    }
  }

  /** Where a cell of a slot is. */
  public int at(int slot, int cell) {
    return slot * table().stride() + table().offset(cell);
  }

  /** Whether the life of a slot is over, though it has not been removed yet. */
  public boolean isOver(int slot) {
    return life != null && clock.isOver(table().cells()[at(slot, endCell)], life);
  }

  /**
   * Says that a slot is used, at most once a batch for each.
   *
   * @param position of its key, which {@link #endBatch} is given
   * @param rowTime of the row that uses it
   */
  public void used(int slot, int position, long rowTime) {
    if (life == null) {
      return;
    }
    clock.rowTime(rowTime);
    long end = clock.deadline(life);
    clock.rowTime(EventBatch.NO_TIMESTAMP);
    int cell = at(slot, endCell);
    if (table().cells()[cell] == StateClock.NEVER && end != StateClock.NEVER) {
      positions[entered] = position;
      ends[entered++] = end;
    }
    table().cells()[cell] = end;
  }

  /** After a batch: enters the slots that are new, and forgets some whose life is over. */
  public void endBatch(KeyChunk keys) {
    if (expiry != null && entered > 0) {
      expiry.add(keys.gather(positions, entered), Arrays.copyOf(ends, entered), entered);
      entered = 0;
    }
    expire(LOOKS);
  }

  /** Forgets slots whose life is over. */
  public void expire(long looks) {
    long left = looks;
    while (expiry != null && left > 0) {
      KeyChunk chunk = expiry.next(Math.min(left, EventBatch.TARGET_ROWS));
      if (chunk == null) {
        break;
      }
      left -= chunk.count();
      forget(expiry, chunk);
    }
    state.commit();
  }

  private void forget(Expiry deadlines, KeyChunk chunk) {
    int[] found = find(chunk);
    SlotTable table = table();
    int count = 0;
    for (int i = 0; i < chunk.count(); i++) {
      if (found[i] < 0) {
        continue;
      }
      if (isOver(found[i])) {
        table.remove(found[i]);
      } else if (table.cells()[at(found[i], endCell)] != StateClock.NEVER) {
        positions[count] = i;
        ends[count++] = table.cells()[at(found[i], endCell)];
      }
    }
    if (count > 0) {
      deadlines.add(chunk.gather(positions, count), Arrays.copyOf(ends, count), count);
    }
  }
}
