package io.fluxcore.adapters.in.cli;

import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What the API says of savepoints, for a person. */
final class SavepointText {
  private SavepointText() {}

  static String list(JsonNode savepoints) {
    TextTable table = new TextTable("ID", "JOB", "VERSION", "COMPLETED", "SIZE", "LABEL");
    for (JsonNode savepoint : savepoints) {
      table.add(
          savepoint.path("id").asString(),
          savepoint.path("jobName").asString(),
          savepoint.path("jobVersion").asString(),
          savepoint.path("completedAt").asString(),
          bytes(savepoint.path("bytes").asLong()),
          savepoint.path("label").asString());
    }
    return table.toString();
  }

  static String of(JsonNode contents) {
    JsonNode savepoint = contents.path("savepoint");
    StringBuilder text = new StringBuilder();
    line(text, "Savepoint", savepoint.path("id").asString());
    line(text, "Label", savepoint.path("label").asString());
    line(
        text,
        "Job",
        savepoint.path("jobName").asString() + " (" + savepoint.path("jobId").asString() + ")");
    line(text, "Version", savepoint.path("jobVersion").asString());
    line(text, "Completed", savepoint.path("completedAt").asString());
    line(text, "Took", savepoint.path("durationMs").asLong() + " ms");
    line(text, "Size", bytes(savepoint.path("bytes").asLong()));
    line(text, "Format", savepoint.path("format").asString());
    line(text, "Key groups", contents.path("maxParallelism").asString());
    text.append("\nOperators:\n");
    for (JsonNode operator : contents.path("operators")) {
      text.append("  ")
          .append(operator.path("operatorId").asString())
          .append("  ")
          .append(bytes(operator.path("bytes").asLong()))
          .append('\n');
      for (JsonNode state : operator.path("states")) {
        text.append("    state ").append(state(state)).append('\n');
      }
      for (JsonNode split : operator.path("splits")) {
        text.append("    split ").append(split(split)).append('\n');
      }
    }
    return text.toString();
  }

  private static String state(JsonNode state) {
    String types =
        state
            .path("keyTypes")
            .valueStream()
            .map(JsonNode::asString)
            .collect(Collectors.joining(", "));
    return state.path("name").asString()
        + (types.isEmpty() ? "" : " by (" + types + ")")
        + ": "
        + state.path("keys").asLong()
        + " keys, "
        + bytes(state.path("bytes").asLong());
  }

  private static String split(JsonNode split) {
    String position = split.path("position").asString();
    return split.path("split").asString()
        + ": "
        + (split.path("ended").asBoolean() ? "ended" : position.isEmpty() ? "its start" : position);
  }

  static String mapping(JsonNode mapping) {
    TextTable table = new TextTable("OPERATOR", "FATE", "WHY");
    for (JsonNode operator : mapping.path("operators")) {
      table.add(
          operator.path("operatorId").asString(),
          operator.path("fate").asString().toLowerCase(Locale.ROOT),
          operator.path("why").asString());
    }
    return table.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append((String.format(Locale.ROOT, "%-12s", name + ":") + value).stripTrailing())
        .append('\n');
  }

  /** Three digits are enough for a person. */
  private static String bytes(long bytes) {
    if (bytes < 1_000) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 999.5) {
      value /= 1_000;
      unit++;
    }
    return String.format(Locale.ROOT, value < 99.95 ? "%.1f" : "%.0f", value)
        + " "
        + "kMGTPE".charAt(unit)
        + "B";
  }
}
