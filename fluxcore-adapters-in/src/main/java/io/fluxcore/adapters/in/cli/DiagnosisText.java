package io.fluxcore.adapters.in.cli;

import tools.jackson.databind.JsonNode;

/** Why a job gives no output, in plain words. */
final class DiagnosisText {
  private DiagnosisText() {}

  static String of(String job, JsonNode diagnosis) {
    StringBuilder text = new StringBuilder();
    text.append("Job ")
        .append(job)
        .append(" is ")
        .append(diagnosis.path("state").asString())
        .append(".\n");
    JsonNode findings = diagnosis.path("findings");
    if (findings.isEmpty()) {
      text.append("Nothing was found that keeps results back.\n");
    }
    int number = 1;
    for (JsonNode finding : findings) {
      finding(text.append('\n'), number++, finding);
    }
    if (!diagnosis.path("windows").isEmpty()) {
      text.append("\nWhat waits for event time:\n");
      diagnosis.path("windows").forEach(window -> window(text, window));
    }
    if (!diagnosis.path("sources").isEmpty()) {
      text.append("\nWhere event time stands:\n");
      diagnosis.path("sources").forEach(source -> source(text, source));
    }
    return text.toString();
  }

  private static void finding(StringBuilder text, int number, JsonNode finding) {
    String operator = finding.path("operatorId").asString();
    text.append(number)
        .append(". ")
        .append(operator.isEmpty() ? "" : operator + ": ")
        .append(finding.path("message").asString())
        .append(" [")
        .append(finding.path("code").asString())
        .append("]\n");
    String remedy = finding.path("remedy").asString();
    if (!remedy.isEmpty()) {
      text.append("   What helps: ").append(remedy).append('\n');
    }
  }

  private static void window(StringBuilder text, JsonNode window) {
    long pending = window.path("pendingWindows").asLong();
    text.append("  ")
        .append(window.path("operatorId").asString())
        .append(": ")
        .append(
            switch ((int) Math.min(2, pending)) {
              case 0 -> "no window is open";
              case 1 -> "1 window is open, and gives its results at ";
              default -> pending + " windows are open, and the first gives its results at ";
            });
    if (pending > 0) {
      text.append(window.path("nextFiring").asString("the end"));
    }
    text.append("; event time is ").append(time(window.path("watermark")));
    JsonNode holder = window.path("heldBackBy");
    if (holder.isObject()) {
      text.append(", held back by partition ")
          .append(holder.path("split").asString())
          .append(" of ")
          .append(holder.path("sourceId").asString())
          .append(
              holder.path("since").isString()
                  ? " since " + holder.path("since").asString()
                  : ", which has given nothing yet");
    }
    text.append("\n    rows: ")
        .append(window.path("rowsIn").asLong())
        .append(" in, ")
        .append(window.path("late").asLong())
        .append(" late, ")
        .append(window.path("filtered").asLong())
        .append(" in no window, ")
        .append(window.path("failed").asLong())
        .append(" failed, ")
        .append(window.path("dropped").asLong())
        .append(" dropped, ")
        .append(window.path("rowsOut").asLong())
        .append(" results\n");
  }

  private static void source(StringBuilder text, JsonNode source) {
    text.append("  ")
        .append(source.path("operatorId").asString())
        .append(": ")
        .append(time(source.path("watermark")))
        .append('\n');
    for (JsonNode split : source.path("splits")) {
      text.append("    partition ")
          .append(split.path("split").asString())
          .append(": ")
          .append(split.path("state").asString())
          .append(", ")
          .append(split.path("rows").asLong())
          .append(" rows, event time ")
          .append(time(split.path("watermark")))
          .append(
              split.path("lastRowAt").isString()
                  ? ", last row " + split.path("lastRowAt").asString()
                  : "")
          .append('\n');
    }
  }

  private static String time(JsonNode time) {
    return time.isString() ? time.asString() : "not known";
  }
}
