package io.fluxcore.boot.conformance;

import io.fluxcore.application.scripted.Step;
import io.fluxcore.domain.event.EventBatch;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The steps of a window case.
 *
 * <p>Without watermarks (Kafka) time is the largest timestamp seen, T, and a window is closed when
 * {@code T ≥ end + grace}. That is the same as
 *
 * <ul>
 *   <li>for one result at the close: no allowed lateness, and after each row the watermark {@code T
 *       − grace − 1}, which is FluxCore's strategy of bounded out-of-orderness;
 *   <li>for a result per row: the watermark {@code T + size} before each row, so that each row is
 *       late for its windows and updates them, and an allowed lateness of {@code size + grace + 1}.
 * </ul>
 *
 * <p>A session is closed a millisecond later, when {@code T > end + grace}: its end is the time of
 * its last row and a gap, and a row at that time still belongs to it.
 */
final class WindowScript {
  private final WindowDefinition definition;
  private final Fields fields;
  private final List<Step> steps = new ArrayList<>();
  private long streamTime = -1;
  private long now;

  private WindowScript(WindowDefinition definition, Fields fields) {
    this.definition = definition;
    this.fields = fields;
  }

  /** The steps for these rows and control rows. */
  static List<Step> of(WindowDefinition definition, Fields fields, List<JsonNode> input) {
    WindowScript script = new WindowScript(definition, fields);
    input.forEach(script::add);
    if (definition.operation() != WindowDefinition.Operation.AGGREGATE) {
      script.steps.add(new Step.EndOfInput());
    } else if (definition.isProcessingTime()) {
      // The clock says n from n to n + 1, and what is due in this millisecond is due at its end.
      script.steps.add(new Step.ProcessingTime(script.now + 1));
    }
    return script.steps;
  }

  private void add(JsonNode row) {
    if (row.has("watermark")) {
      if (definition.emission().isStreamTime()) {
        throw new UnsupportedCaseException("a watermark beside emit");
      }
      steps.add(new Step.Watermark(row.path("watermark").longValue()));
    } else if (row.has("processing_time")) {
      now = row.path("processing_time").longValue();
      steps.add(new Step.ProcessingTime(now));
    } else if (row.has("snapshot_restore")) {
      steps.add(new Step.SnapshotRestore());
    } else if (row.has("end_of_input")) {
      steps.add(new Step.EndOfInput());
    } else {
      addRow(row);
    }
  }

  private void addRow(JsonNode row) {
    JsonNode time = row.path(Fields.TIME);
    long timestamp = time.isNumber() ? time.longValue() : EventBatch.NO_TIMESTAMP;
    Step.Row step = new Step.Row(timestamp, fields.values(row, steps.size()));
    streamTime = Math.max(streamTime, timestamp);
    switch (definition.emission()) {
      case ON_TIME -> steps.add(step);
      case ON_CLOSE -> {
        steps.add(step);
        steps.add(new Step.Watermark(streamTime - definition.graceMillis() - closing(definition)));
      }
      case ON_UPDATE, FINAL_STATE -> {
        steps.add(new Step.Watermark(streamTime + definition.windows().sizeMillis()));
        steps.add(step);
      }
    }
  }

  /** How long after its end a window takes rows, for the watermarks of these steps. */
  static long allowedLatenessMillis(WindowDefinition definition) {
    return switch (definition.emission()) {
      case ON_TIME -> definition.allowedLatenessMillis();
      case ON_CLOSE -> 0;
      case ON_UPDATE, FINAL_STATE ->
          definition.windows().sizeMillis() + definition.graceMillis() + closing(definition);
    };
  }

  /** How much more than the end and the grace it takes until a window is closed. */
  private static long closing(WindowDefinition definition) {
    return definition.isSession() ? 2 : 1;
  }
}
