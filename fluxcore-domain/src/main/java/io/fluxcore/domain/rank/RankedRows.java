package io.fluxcore.domain.rank;

import io.fluxcore.domain.row.RowEncoder;
import io.fluxcore.domain.row.SortKeys;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Rows of a key in their order, each a {@link RankedRow}; those of the same place by arrival. */
public final class RankedRows {
  /** Most rows of a key that are kept in order. */
  public static final int MAX_ROWS = 1_000_000;

  private static final int OBJECT_BYTES = 64;
  private static final int FIRST_ROWS = 2;
  private static final byte[][] NONE = {};

  /** In place of a row that is gone. */
  private static final byte[] NOTHING = {};

  private byte[][] rows = NONE;
  private int size;
  private long bytes = OBJECT_BYTES;

  /** What was ranked before the batch that is worked on, if that has touched it. */
  private byte @Nullable [][] before;

  public int size() {
    return size;
  }

  public byte[] get(int index) {
    return rows[index];
  }

  /** Where a row of this place would come to stand: behind those of the same place. */
  public int indexFor(SortKeys place) {
    if (size == 0 || RankedRow.compare(rows[size - 1], place) <= 0) {
      return size; // most rows that come when all ranks are taken are behind the last one
    }
    int low = 0;
    int high = size - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (RankedRow.compare(rows[middle], place) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  public void add(int index, byte[] ranked) {
    if (size == rows.length) {
      rows = Arrays.copyOf(rows, size + Math.max(FIRST_ROWS, size >> 1));
    }
    System.arraycopy(rows, index, rows, index + 1, size - index);
    rows[index] = ranked;
    size++;
    bytes += RankedRow.estimatedBytes(ranked);
  }

  /** Adds a row behind all others. */
  public void add(byte[] ranked) {
    add(size, ranked);
  }

  public void removeLast() {
    remove(size - 1);
  }

  private void remove(int index) {
    bytes -= RankedRow.estimatedBytes(rows[index]);
    size--;
    System.arraycopy(rows, index + 1, rows, index, size - index);
    rows[size] = NOTHING;
  }

  /** Removes one such row, of equal ones the one that came last; whether there was one. */
  public boolean remove(SortKeys place, RowEncoder row) {
    for (int i = indexFor(place) - 1; i >= 0; i--) {
      if (RankedRow.compare(rows[i], place) != 0) {
        return false;
      }
      if (RankedRow.isSame(rows[i], row)) {
        remove(i);
        return true;
      }
    }
    return false;
  }

  /** The rows of ranks from an index on, as they are now. */
  public byte[][] view(int from, int to) {
    return from >= size ? NONE : Arrays.copyOfRange(rows, from, Math.min(to, size));
  }

  /** Whether {@link #touch} was called since {@link #settle}. */
  public boolean isTouched() {
    return before != null;
  }

  /** Remembers the rows of these ranks. */
  public void touch(int from, int to) {
    before = view(from, to);
  }

  /** The rows that were remembered, which are forgotten. */
  public byte[][] settle() {
    byte[][] was = before;
    if (was == null) {
      throw new IllegalStateException("rows are settled that were not touched");
    }
    before = null;
    return was;
  }

  public long estimatedBytes() {
    return bytes;
  }
}
