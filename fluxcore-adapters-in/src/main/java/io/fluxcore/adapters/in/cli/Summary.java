package io.fluxcore.adapters.in.cli;

import io.fluxcore.application.JobDetail;
import io.fluxcore.application.runtime.HistogramSummary;
import io.fluxcore.application.runtime.OperatorMetrics;
import io.fluxcore.domain.job.JobFailure;
import io.fluxcore.domain.operator.Ledger;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What became of a job: its status, and the ledger of each operator. The ledger balances: in =
 * accepted + late + filtered + failed + dropped.
 *
 * @param job as it ended
 * @param took from submission to end
 * @param deadLetters how many there were
 * @param deadLetterFile where they are kept, or null when there were none
 */
record Summary(JobDetail job, Duration took, long deadLetters, @Nullable String deadLetterFile) {
  private static final List<String> HEADER =
      List.of("OPERATOR", "IN", "ACCEPTED", "LATE", "FILTERED", "FAILED", "DROPPED", "OUT");

  /** The first line. */
  String title() {
    return String.format(
        Locale.ROOT,
        "Job %s %s after %.1f s",
        job.config().name(),
        job.status(),
        took.toMillis() / 1000.0);
  }

  /** How many rows the sinks took and how long that took, for a shell. */
  String brief() {
    List<OperatorMetrics> operators = job.metrics().operators();
    long rows = operators.isEmpty() ? 0 : operators.get(operators.size() - 1).counts().accepted();
    return String.format(
            Locale.ROOT,
            "%,d %s, %s, %.2f s",
            rows,
            rows == 1 ? "row" : "rows",
            job.status().name().toLowerCase(Locale.ROOT),
            took.toMillis() / 1000.0)
        + (deadLetters == 0
            ? ""
            : String.format(
                Locale.ROOT,
                "; %,d could not be processed: kept in %s",
                deadLetters,
                deadLetterFile));
  }

  /** The ledger, one operator per line, and what is worth knowing below it. */
  List<String> lines() {
    List<List<String>> table = new ArrayList<>();
    table.add(HEADER);
    for (OperatorMetrics operator : job.metrics().operators()) {
      Ledger.Counts counts = operator.counts();
      table.add(
          List.of(
              operator.operatorId(),
              Long.toString(counts.rowsIn()),
              Long.toString(counts.accepted()),
              Long.toString(counts.late()),
              Long.toString(counts.filtered()),
              Long.toString(counts.failed()),
              Long.toString(counts.dropped()),
              Long.toString(counts.rowsOut())));
    }
    List<String> lines = new ArrayList<>(aligned(table));
    if (deadLetters > 0) {
      lines.add(
          (deadLetters == 1 ? "1 record" : deadLetters + " records")
              + " that could not be processed: kept in "
              + deadLetterFile);
    }
    return lines;
  }

  private static List<String> aligned(List<List<String>> table) {
    int[] widths = new int[HEADER.size()];
    for (List<String> row : table) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : table) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String padding = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? row.get(i) + padding : "  " + padding + row.get(i));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  /** All of it as one line of JSON. */
  String json() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeStringProperty("id", job.id().toString());
      json.writeStringProperty("name", job.config().name());
      json.writeStringProperty("version", job.config().version());
      json.writeStringProperty("status", job.status().name());
      json.writeNumberProperty("millis", took.toMillis());
      failure(json, job.failure());
      json.writeArrayPropertyStart("operators");
      job.metrics().operators().forEach(operator -> operator(json, operator));
      json.writeEndArray();
      latency(json, job.metrics().endToEndLatency());
      json.writeNumberProperty("restarts", job.metrics().restarts());
      json.writeNumberProperty("checkpoints", job.metrics().checkpoints());
      json.writeNumberProperty("deadLetters", deadLetters);
      if (deadLetterFile != null) {
        json.writeStringProperty("deadLetterFile", deadLetterFile);
      }
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void failure(JsonGenerator json, @Nullable JobFailure failure) {
    if (failure != null) {
      json.writeObjectPropertyStart("failure");
      json.writeStringProperty("operator", failure.operatorId());
      json.writeStringProperty("message", failure.message());
      json.writeEndObject();
    }
  }

  private static void latency(JsonGenerator json, HistogramSummary latency) {
    json.writeObjectPropertyStart("endToEndLatencyMillis");
    json.writeNumberProperty("p50", latency.p50());
    json.writeNumberProperty("p99", latency.p99());
    json.writeNumberProperty("max", latency.max());
    json.writeEndObject();
  }

  private static void operator(JsonGenerator json, OperatorMetrics operator) {
    Ledger.Counts counts = operator.counts();
    json.writeStartObject();
    json.writeStringProperty("operator", operator.operatorId());
    json.writeNumberProperty("stage", operator.stage());
    json.writeNumberProperty("subtasks", operator.subtasks());
    json.writeNumberProperty("in", counts.rowsIn());
    json.writeNumberProperty("accepted", counts.accepted());
    json.writeNumberProperty("late", counts.late());
    json.writeNumberProperty("filtered", counts.filtered());
    json.writeNumberProperty("failed", counts.failed());
    json.writeNumberProperty("dropped", counts.dropped());
    json.writeNumberProperty("out", counts.rowsOut());
    json.writeNumberProperty("bytesIn", counts.bytesIn());
    json.writeNumberProperty("bytesOut", counts.bytesOut());
    json.writeEndObject();
  }
}
