package io.fluxcore.domain.operator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the state of one operator and subtask, or the sum over subtasks. Bytes are
 * about: those of values, without what a backend adds.
 *
 * @param states by declaration
 * @param pendingTimers set and not due
 * @param firedTimers so far
 * @param failedTimers whose code threw; they are counted in the operator's accounts as rows that
 *     came in and failed
 * @param largestKeys the keys with the most bytes among those written since the operator was
 *     started, largest first
 */
public record StateReading(
    List<StateSize> states,
    long pendingTimers,
    long firedTimers,
    long failedTimers,
    List<LargeKey> largestKeys) {
  /** Of an operator without states of its own. */
  public static final StateReading EMPTY = new StateReading(List.of(), 0, 0, 0, List.of());

  /** Keys that are kept. */
  public static final int LARGEST_KEYS = 10;

  public StateReading {
    states = List.copyOf(states);
    largestKeys = List.copyOf(largestKeys);
  }

  /**
   * One state.
   *
   * @param kind value, list, map, reducing or aggregating
   * @param entries values, elements or entries that are held, with those that have expired and are
   *     not removed yet
   * @param expired removed so far because their time was over
   */
  public record StateSize(
      String name, String kind, long entries, long bytes, long expired, long expiredBytes) {
    StateSize plus(StateSize o) {
      return new StateSize(
          name,
          kind,
          entries + o.entries,
          bytes + o.bytes,
          expired + o.expired,
          expiredBytes + o.expiredBytes);
    }
  }

  /**
   * A key with much state.
   *
   * @param key values of its fields, as text
   */
  public record LargeKey(String state, List<@Nullable String> key, long entries, long bytes) {}

  /** The sum of both. */
  public StateReading plus(StateReading o) {
    Map<String, StateSize> sizes = new LinkedHashMap<>();
    states.forEach(size -> sizes.put(size.name(), size));
    o.states.forEach(size -> sizes.merge(size.name(), size, StateSize::plus));
    List<LargeKey> keys = new ArrayList<>(largestKeys);
    keys.addAll(o.largestKeys);
    keys.sort(Comparator.comparingLong(LargeKey::bytes).reversed());
    return new StateReading(
        new ArrayList<>(sizes.values()),
        pendingTimers + o.pendingTimers,
        firedTimers + o.firedTimers,
        failedTimers + o.failedTimers,
        keys.subList(0, Math.min(LARGEST_KEYS, keys.size())));
  }
}
