package io.fluxcore.boot.conformance;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The merging of windows, as sessions: times are doubled, and a window becomes a row at each time
 * from its start to its end, the end included, so that a gap of 1 holds its rows together, and
 * those of windows that touch share a row's time. Rows of windows that do not touch are at least 2
 * apart. A window without length is one row.
 */
final class MergedWindows {
  /** The field that tells which window of the input a row is of. */
  static final String WINDOW = "window";

  static final long GAP_MILLIS = 1;

  private static final long MAX_LENGTH = 10_000;

  private MergedWindows() {}

  /** Rows for the windows of a case. */
  static List<JsonNode> rows(List<JsonNode> windows) {
    List<JsonNode> rows = new ArrayList<>();
    for (int i = 0; i < windows.size(); i++) {
      JsonNode window = windows.get(i).path(WINDOW);
      long start = window.path(0).longValue();
      long end = window.path(1).longValue();
      if (!window.isArray() || end < start || end - start > MAX_LENGTH) {
        throw new UnsupportedCaseException("a window to be merged is " + windows.get(i));
      }
      for (long time = 2 * start; time <= 2 * end; time++) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        row.put(Fields.TIME, time);
        row.put(WINDOW, i);
        rows.add(row);
      }
    }
    return rows;
  }

  /** A merge that is expected. */
  static String expected(JsonNode row) {
    List<String> merged = new ArrayList<>();
    row.path("merged").forEach(window -> merged.add(WindowFindings.bounds(window)));
    merged.sort(null);
    return merged + " into " + WindowFindings.bounds(row.path("into"));
  }

  /** Adds the merge that a session is, if it holds several windows. */
  static void addActual(
      List<JsonNode> windows, List<Long> members, long start, long end, Findings findings) {
    if (members.size() > 1) {
      List<String> merged = new ArrayList<>();
      members.forEach(
          i -> merged.add(WindowFindings.bounds(windows.get((int) (long) i).path(WINDOW))));
      merged.sort(null);
      long last = end - GAP_MILLIS;
      findings.add("windows", merged + " into [" + start / 2 + ", " + last / 2 + ")");
    }
  }
}
