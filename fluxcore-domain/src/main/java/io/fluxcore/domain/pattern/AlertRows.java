package io.fluxcore.domain.pattern;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.PlainValues;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Output;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects matches as rows of one port. Not thread-safe. */
final class AlertRows {
  private static final long MICROS = 1_000;

  private final Schema schema;
  private final RowFormat format;
  private final int[] eventFields;
  private final int keys;
  private final int firstMeasure;
  private EventBatchBuilder rows;

  AlertRows(PatternMatching matching, Schema schema, RowFormat format) {
    this.schema = schema;
    this.format = format;
    this.eventFields =
        (matching.eventFields().isEmpty() ? format.schema().fieldNames() : matching.eventFields())
            .stream().mapToInt(format.schema()::ordinal).toArray();
    this.keys = matching.key().size();
    this.firstMeasure = keys + 3;
    this.rows = new EventBatchBuilder(schema, 64);
  }

  int size() {
    return rows.size();
  }

  /**
   * Adds a match.
   *
   * @param end when it ended
   * @param time its timestamp
   * @return why a measure has no value, and is null; null if each has one
   */
  @Nullable RecordException add(
      Column[] key, int keyRow, RuleRunner runner, PartialMatch match, long end, long time) {
    for (int k = 0; k < keys; k++) {
      rows.column(k).append(key[k].get(keyRow));
    }
    rows.column(keys).append(runner.rule.id());
    rows.column(keys + 1).appendLong(match.startTime * MICROS);
    rows.column(keys + 2).appendLong(end * MICROS);
    RecordException failure = null;
    int events = schema.size() - 1;
    for (int c = firstMeasure; c < events; c++) {
      BoundStageExpression.Measure measure = runner.measures.get(schema.field(c).name());
      Object value = null;
      if (measure != null) {
        try {
          value = measure.of(match.last);
        } catch (RecordException e) {
          failure = e;
        }
      }
      rows.column(c).append(value);
    }
    rows.column(events).append(events(runner, match));
    rows.endRow(time);
    return failure;
  }

  private Map<String, Object> events(RuleRunner runner, PartialMatch match) {
    Map<String, Object> byStage = new LinkedHashMap<>();
    for (int stage = 0; stage < runner.stages.size(); stage++) {
      HeldEvent[] events = Link.events(match.last, stage);
      if (events.length > 0) {
        List<Object> list = new ArrayList<>(events.length);
        for (HeldEvent event : events) {
          list.add(fields(event));
        }
        byStage.put(runner.stages.get(stage), list);
      }
    }
    return byStage;
  }

  private Map<String, @Nullable Object> fields(HeldEvent event) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (int f : eventFields) {
      fields.put(format.schema().field(f).name(), PlainValues.plain(format.get(event.row, f)));
    }
    return fields;
  }

  /** Hands on what there is, in batches of the usual size. */
  void flush(int port, Output out) {
    if (rows.size() == 0) {
      return;
    }
    EventBatch all = rows.build();
    rows = new EventBatchBuilder(schema, 64);
    for (int from = 0; from < all.size(); from += EventBatch.TARGET_ROWS) {
      int count = Math.min(EventBatch.TARGET_ROWS, all.size() - from);
      if (count == all.size()) {
        out.emit(port, all);
        return;
      }
      int[] some = new int[count];
      for (int i = 0; i < count; i++) {
        some[i] = from + i;
      }
      out.emit(port, all.gather(some, count));
    }
  }
}
