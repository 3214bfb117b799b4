package io.fluxcore.adapters.out.memory;

import io.fluxcore.domain.event.EventRecord;
import java.util.ArrayDeque;
import java.util.List;

/** Rows under one name. Thread-safe. */
final class CollectedRows {
  private final ArrayDeque<EventRecord> rows = new ArrayDeque<>();
  private long dropped;

  /** Keeps a row; false where it would be one too many and none is to be dropped for it. */
  synchronized boolean add(EventRecord row, int maxRows, boolean dropOldest) {
    if (rows.size() >= maxRows) {
      if (!dropOldest) {
        return false;
      }
      rows.removeFirst();
      dropped++;
    }
    rows.addLast(row);
    return true;
  }

  synchronized List<EventRecord> rows() {
    return List.copyOf(rows);
  }

  synchronized long dropped() {
    return dropped;
  }

  synchronized void clear() {
    rows.clear();
    dropped = 0;
  }
}
