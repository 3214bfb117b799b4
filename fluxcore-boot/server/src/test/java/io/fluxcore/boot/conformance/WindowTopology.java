package io.fluxcore.boot.conformance;

import io.fluxcore.application.scripted.ScriptSource;
import io.fluxcore.application.scripted.ScriptedTopology;
import io.fluxcore.application.scripted.Transcript;
import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.domain.window.Accumulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The topology of a window case, as a user would build it. */
final class WindowTopology {
  static final String RESULTS = ScriptedTopology.RESULTS;
  static final String LATE = "late";

  /** Result field: the largest timestamp of the window's rows. */
  static final String LAST_TIME = "last_time";

  /** Result field of a grouping: what the window holds. */
  static final String ELEMENTS = "elements";

  /** Rows that are not older than the watermark. */
  private static final String IN_TIME =
      "current_watermark() is null or event_time() >= current_watermark()";

  private WindowTopology() {}

  static StreamTopology of(WindowDefinition definition, Schema schema, Transcript transcript) {
    StreamTopology.Builder input =
        StreamTopology.builder()
            .source("input", SourceConfig.custom(new ScriptSource(schema)).build());
    return (definition.dropsBehindWatermark()
            ? input.transform("in-time", TransformConfig.filter().withExpression(IN_TIME).build())
            : input)
        .window("windows", window(definition))
        .aggregate("aggregate", aggregate(definition))
        .sink(RESULTS, SinkConfig.custom(transcript.mainSink()).build())
        .sink(LATE, SinkConfig.custom(transcript.lateSink()).build(), "aggregate." + LATE)
        .build();
  }

  private static Accumulation accumulation(WindowDefinition definition) {
    if (definition.isRetracting()) {
      return Accumulation.RETRACTING;
    }
    return definition.isPurging() ? Accumulation.DISCARDING : Accumulation.ACCUMULATING;
  }

  private static WindowConfig window(WindowDefinition definition) {
    Accumulation accumulation = accumulation(definition);
    TimeCharacteristic time =
        definition.isProcessingTime() ? TimeCharacteristic.PROCESSING : TimeCharacteristic.EVENT;
    if (definition.windows() instanceof Windows.OfRows rows) {
      return WindowConfig.count().withSize(rows.size()).withSlide(rows.slide()).build();
    }
    if (definition.windows() instanceof Windows.Global) {
      return WindowConfig.global()
          .withTrigger(definition.trigger())
          .withAccumulation(accumulation)
          .withTime(time)
          .build();
    }
    return ((Windows.Timed) definition.windows())
        .builder()
        .withTrigger(definition.trigger())
        .withAllowedLateness(Duration.ofMillis(WindowScript.allowedLatenessMillis(definition)))
        .withAccumulation(accumulation)
        .withTime(time)
        .withLateOutput()
        .build();
  }

  private static AggregateConfig aggregate(WindowDefinition definition) {
    List<AggregateCall> calls = new ArrayList<>();
    for (WindowDefinition.Aggregate aggregate : definition.aggregates()) {
      calls.add(call(aggregate));
    }
    if (definition.operation() != WindowDefinition.Operation.AGGREGATE) {
      calls.add(AggregateCall.custom(new Elements(), definition.elementsField(), ELEMENTS));
    }
    if (definition.emission().isStreamTime()) {
      calls.add(AggregateCall.of(AggregateCall.Kind.MAX, Fields.TIME, LAST_TIME));
    }
    return AggregateConfig.of(calls.toArray(AggregateCall[]::new))
        .withGroupBy(definition.keys().toArray(String[]::new))
        .build();
  }

  private static AggregateCall call(WindowDefinition.Aggregate aggregate) {
    String output = aggregate.function();
    String field = aggregate.field();
    return switch (aggregate.function()) {
      case "sum" -> AggregateCall.of(AggregateCall.Kind.SUM, field, output);
      case "min" -> AggregateCall.of(AggregateCall.Kind.MIN, field, output);
      case "max" -> AggregateCall.of(AggregateCall.Kind.MAX, field, output);
      case "avg" -> AggregateCall.of(AggregateCall.Kind.AVG, field, output);
      case "count" ->
          field.equals("*")
              ? AggregateCall.countAll(output)
              : AggregateCall.of(AggregateCall.Kind.COUNT, field, output);
      default ->
          AggregateCall.custom(
              new ArrivalOrder(aggregate.option("initial"), aggregate.option("separator")),
              Fields.arrival(field),
              output);
    };
  }
}
