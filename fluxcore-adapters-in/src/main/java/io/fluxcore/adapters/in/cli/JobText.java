package io.fluxcore.adapters.in.cli;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** What the API says of a job, for a person. */
final class JobText {
  private JobText() {}

  static String of(JsonNode job) {
    StringBuilder text = new StringBuilder();
    line(text, "Job", job.path("name").asString() + " (" + job.path("id").asString() + ")");
    line(text, "Version", job.path("version").asString());
    line(text, "State", job.path("state").asString());
    line(text, "Parallelism", job.path("parallelism").asString());
    line(
        text,
        "Checkpoints",
        job.path("checkpointIntervalMs").isNumber()
            ? "every " + job.path("checkpointIntervalMs").asLong() + " ms"
            : "none");
    line(text, "Restarts", job.path("restarts").asString());
    JsonNode failure = job.path("failure");
    if (failure.isObject()) {
      String where = failure.path("operatorId").asString();
      line(
          text,
          "Failure",
          (where.isEmpty() ? "" : "in '" + where + "': ")
              + failure.path("message").asString()
              + " ["
              + failure.path("code").asString()
              + "]");
    }
    text.append("\nHistory:\n");
    for (JsonNode entry : job.path("history")) {
      text.append("  ")
          .append(entry.path("at").asString())
          .append("  ")
          .append(entry.path("description").asString())
          .append('\n');
    }
    text.append("\nPlan:\n");
    job.path("plan")
        .asString()
        .lines()
        .forEach(line -> text.append("  ").append(line).append('\n'));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-13s%s%n", name + ":", value));
  }

  /** What load shedding took out, by policy: a line for each operator with some. */
  private static String dropped(JsonNode operators) {
    StringBuilder text = new StringBuilder();
    for (JsonNode operator : operators) {
      JsonNode by = operator.path("droppedBy");
      if (operator.path("dropped").asLong() > 0) {
        text.append("Dropped by load shedding in ")
            .append(operator.path("operatorId").asString())
            .append(": ")
            .append(by.path("oldest").asLong())
            .append(" oldest, ")
            .append(by.path("lowestPriority").asLong())
            .append(" lowest priority, ")
            .append(by.path("sample").asLong())
            .append(" sample\n");
      }
    }
    return text.toString();
  }

  static String metrics(JsonNode metrics) {
    TextTable table =
        new TextTable(
            "OPERATOR",
            "IN",
            "ACCEPTED",
            "LATE",
            "FILTERED",
            "FAILED",
            "DROPPED",
            "OUT",
            "IN/S",
            "BUSY",
            "BACKPR",
            "WATERMARK",
            "LAG");
    for (JsonNode operator : metrics.path("operators")) {
      table.add(
          operator.path("operatorId").asString(),
          operator.path("rowsIn").asString(),
          operator.path("accepted").asString(),
          operator.path("late").asString(),
          operator.path("filtered").asString(),
          operator.path("failed").asString(),
          operator.path("dropped").asString(),
          operator.path("rowsOut").asString(),
          String.valueOf(Math.round(operator.path("rowsInPerSecond").asDouble())),
          percent(operator.path("busyPerMille")),
          percent(operator.path("backPressuredPerMille")),
          operator.path("inputEnded").asBoolean()
              ? "end of input"
              : operator.path("watermark").asString("-"),
          operator.path("watermarkLagMs").isNumber()
              ? seconds(operator.path("watermarkLagMs").asLong())
              : "-");
    }
    JsonNode latency = metrics.path("endToEndLatencyMs");
    return table
        + dropped(metrics.path("operators"))
        + (latency.path("count").asLong() == 0
            ? ""
            : "Latency from source to sink: p50 "
                + latency.path("p50").asLong()
                + " ms, p99 "
                + latency.path("p99").asLong()
                + " ms, max "
                + latency.path("max").asLong()
                + " ms\n")
        + "Checkpoints: "
        + metrics.path("checkpoints").asLong()
        + " completed, "
        + metrics.path("failedCheckpoints").asLong()
        + " failed; restarts: "
        + metrics.path("restarts").asInt()
        + "\n";
  }

  private static String percent(JsonNode perMille) {
    return Math.round(perMille.asInt() / 10.0) + "%";
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1fs", millis / 1000.0);
  }

  /** A line that says how far a job is. */
  static String glance(JsonNode job, JsonNode metrics) {
    JsonNode operators = metrics.path("operators");
    JsonNode first = operators.path(0);
    JsonNode last = operators.path(Math.max(0, operators.size() - 1));
    return job.path("name").asString()
        + "  "
        + job.path("state").asString()
        + "  read "
        + first.path("rowsIn").asLong()
        + "  written "
        + last.path("rowsOut").asLong()
        + "  checkpoints "
        + metrics.path("checkpoints").asLong()
        + "  restarts "
        + metrics.path("restarts").asInt()
        + "\n";
  }
}
