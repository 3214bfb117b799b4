package io.fluxcore.domain.join;

import io.fluxcore.domain.row.EncodedRow;
import io.fluxcore.domain.row.RowBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the left rows of one key found in a table when they came. Of equal left rows, what the last
 * one found is given back first. Not thread-safe.
 */
final class FoundRows {
  private static final int OBJECT_BYTES = 64;
  private static final int ENTRY_BYTES = 96;

  private final Map<EncodedRow, Deque<RowBuffer>> rows = new LinkedHashMap<>();
  private long bytes = OBJECT_BYTES;

  /** Remembers what a row found; no rows where it found nothing. */
  void add(EncodedRow left, RowBuffer found) {
    rows.computeIfAbsent(left, row -> new ArrayDeque<>(1)).addLast(found);
    bytes += bytes(left, found);
  }

  /** Gives back what a row found, and forgets it; null if there is no such row. */
  @Nullable RowBuffer take(EncodedRow left) {
    Deque<RowBuffer> ofEquals = rows.get(left);
    if (ofEquals == null) {
      return null;
    }
    RowBuffer found = ofEquals.removeLast();
    if (ofEquals.isEmpty()) {
      rows.remove(left);
    }
    bytes -= bytes(left, found);
    return found;
  }

  private static long bytes(EncodedRow left, RowBuffer found) {
    return ENTRY_BYTES + left.estimatedBytes() + found.estimatedBytes();
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The different rows, each with what its equals found in the order in which they came. */
  Map<EncodedRow, Deque<RowBuffer>> rows() {
    return rows;
  }

  /** Bytes on the heap, about. */
  long estimatedBytes() {
    return bytes;
  }
}
