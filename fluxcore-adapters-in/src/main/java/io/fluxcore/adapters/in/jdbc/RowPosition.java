package io.fluxcore.adapters.in.jdbc;

import io.fluxcore.application.connector.SplitPosition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where reading goes on: behind a row, by the values of the increasing column and of the key, which
 * tells rows of one value apart.
 *
 * @param after the values as texts; the column's alone: behind all rows of that value; empty: at
 *     the beginning
 * @param end the largest value of the column that is read; null: there is no end
 * @param latest whether reading begins behind what is there then
 */
record RowPosition(List<String> after, @Nullable String end, boolean latest) {
  static final RowPosition EARLIEST = new RowPosition(List.of(), null, false);
  static final RowPosition LATEST = new RowPosition(List.of(), null, true);

  private static final JsonMapper JSON = JsonMapper.builder().build();

  RowPosition {
    after = List.copyOf(after);
  }

  SplitPosition toSplitPosition() {
    if (latest) {
      return new SplitPosition("latest");
    }
    if (after.isEmpty() && end == null) {
      return new SplitPosition("earliest");
    }
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("after", after);
    if (end != null) {
      members.put("end", end);
    }
    return new SplitPosition(JSON.writeValueAsString(members));
  }

  /**
   * What a text says.
   *
   * @throws IllegalArgumentException if it is no position
   */
  static RowPosition parse(String text) {
    if (text.equals("earliest")) {
      return EARLIEST;
    }
    if (text.equals("latest")) {
      return LATEST;
    }
    try {
      Map<?, ?> members = JSON.readValue(text, Map.class);
      if (members.get("after") instanceof List<?> after) {
        Object end = members.get("end");
        return new RowPosition(
            after.stream().map(String::valueOf).toList(),
            end == null ? null : String.valueOf(end),
            false);
      }
    } catch (JacksonException | ClassCastException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "a position in rows is such as {\"after\":[\"4711\"]}, 'earliest' or 'latest', not '"
            + text
            + "'");
  }
}
