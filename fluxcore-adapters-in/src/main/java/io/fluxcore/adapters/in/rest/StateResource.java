package io.fluxcore.adapters.in.rest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of one key of an operator.
 *
 * @param key values of the key's fields, as text
 * @param restoring whether the job is starting or restarting; there are no states then
 */
record StateResource(
    String operatorId, List<@Nullable String> key, boolean restoring, List<StateFigures> states) {
  /**
   * One state.
   *
   * @param kind value, list, map, reducing, aggregating or window
   * @param value null, a value, a list or a map
   */
  record StateFigures(String state, String kind, @Nullable Object value) {}
}
