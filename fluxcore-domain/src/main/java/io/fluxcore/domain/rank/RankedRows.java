package io.fluxcore.domain.rank;

import io.fluxcore.domain.row.EncodedRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of a key in their order; those of the same place in the order of arrival. */
final class RankedRows {
  private static final int OBJECT_BYTES = 64;

  private final List<Ranked> rows = new ArrayList<>();
  private long bytes = OBJECT_BYTES;

  /**
   * A row and its place.
   *
   * @param place bytes that have the order of the rows
   */
  record Ranked(byte[] place, EncodedRow row) {
    long estimatedBytes() {
      return OBJECT_BYTES + place.length + row.estimatedBytes();
    }
  }

  int size() {
    return rows.size();
  }

  Ranked get(int index) {
    return rows.get(index);
  }

  /** Where a row of this place would come to stand: behind those of the same place. */
  int indexFor(byte[] place) {
    int low = 0;
    int high = rows.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(rows.get(middle).place(), place) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  void add(int index, Ranked row) {
    rows.add(index, row);
    bytes += row.estimatedBytes();
  }

  /** Adds a row behind all others. */
  void add(Ranked row) {
    add(rows.size(), row);
  }

  void removeLast() {
    remove(rows.size() - 1);
  }

  private void remove(int index) {
    bytes -= rows.remove(index).estimatedBytes();
  }

  /** Removes one such row, of equal ones the one that came last; whether there was one. */
  boolean remove(byte[] place, EncodedRow row) {
    for (int i = indexFor(place) - 1; i >= 0; i--) {
      Ranked ranked = rows.get(i);
      if (!Arrays.equals(ranked.place(), place)) {
        return false;
      }
      if (ranked.row().equals(row)) {
        remove(i);
        return true;
      }
    }
    return false;
  }

  /** The rows of ranks from an index on, as they are now. */
  List<Ranked> view(int from, int to) {
    return from >= rows.size()
        ? List.of()
        : List.copyOf(rows.subList(from, Math.min(to, rows.size())));
  }

  long estimatedBytes() {
    return bytes;
  }
}
