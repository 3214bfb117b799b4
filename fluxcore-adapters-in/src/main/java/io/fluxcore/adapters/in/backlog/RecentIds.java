package io.fluxcore.adapters.in.backlog;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/** The last ids that were seen, each once. Not thread-safe. */
final class RecentIds {
  private final int most;
  private final Set<String> ids = new HashSet<>();
  private final ArrayDeque<String> order = new ArrayDeque<>();

  /**
   * None yet.
   *
   * @param most how many are remembered
   */
  RecentIds(int most) {
    this.most = most;
  }

  boolean contains(String id) {
    return ids.contains(id);
  }

  /** Remembers an id; whether it is a new one. */
  boolean add(String id) {
    if (most == 0 || !ids.add(id)) {
      return most == 0;
    }
    order.add(id);
    if (order.size() > most) {
      ids.remove(order.remove());
    }
    return true;
  }
}
