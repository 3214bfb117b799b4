package io.fluxcore.adapters.in.mqtt;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The protocol's rules for filters of topics. */
final class TopicFilters {
  private static final int MOST_BYTES = 65_535;

  private TopicFilters() {}

  /** What is wrong with a filter, or null. */
  static @Nullable String problem(String filter) {
    if (filter.isEmpty()
        || filter.indexOf('\0') >= 0
        || filter.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      return "it must have 1 to 65535 bytes, none of them 0";
    }
    String[] levels = filter.split("/", -1);
    for (int i = 0; i < levels.length; i++) {
      String level = levels[i];
      if (level.contains("+") && level.length() > 1) {
        return "'+' stands for a whole level";
      }
      if (level.contains("#") && (level.length() > 1 || i < levels.length - 1)) {
        return "'#' stands for all levels at the end";
      }
    }
    if (levels[0].equals("$share")
        && (levels.length < 3 || levels[1].isEmpty() || levels[1].matches(".*[+#].*"))) {
      return "shared ones are $share/group/filter";
    }
    return null;
  }
}
