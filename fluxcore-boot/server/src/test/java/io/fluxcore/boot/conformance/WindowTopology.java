package io.fluxcore.boot.conformance;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.domain.window.Accumulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The topology of a window case, as a user would build it. */
final class WindowTopology {
  static final String RESULTS = "results";
  static final String LATE = "late";

  /** Result field: the largest timestamp of the window's rows. */
  static final String LAST_TIME = "last_time";

  /** Result field of a grouping: the timestamps of the window's rows. */
  static final String ELEMENTS = "elements";

  private WindowTopology() {}

  static StreamTopology of(WindowDefinition definition, Schema input, Transcript transcript) {
    return StreamTopology.builder()
        .source("input", SourceConfig.custom(new ScriptSource(input)).build())
        .window("windows", window(definition))
        .aggregate("aggregate", aggregate(definition))
        .sink(RESULTS, SinkConfig.custom(transcript.mainSink()).build())
        .sink(LATE, SinkConfig.custom(transcript.lateSink()).build(), "aggregate." + LATE)
        .build();
  }

  private static WindowConfig window(WindowDefinition definition) {
    WindowConfig.Builder<?> builder =
        definition.sizeMillis() == definition.slideMillis()
            ? WindowConfig.tumbling().withDuration(Duration.ofMillis(definition.sizeMillis()))
            : WindowConfig.sliding()
                .withDuration(Duration.ofMillis(definition.sizeMillis()))
                .withSlide(Duration.ofMillis(definition.slideMillis()));
    return builder
        .withOffset(Duration.ofMillis(definition.offsetMillis()))
        .withAllowedLateness(Duration.ofMillis(WindowScript.allowedLatenessMillis(definition)))
        .withAccumulation(
            definition.isPurging() ? Accumulation.DISCARDING : Accumulation.ACCUMULATING)
        .withTime(
            definition.isProcessingTime()
                ? TimeCharacteristic.PROCESSING
                : TimeCharacteristic.EVENT)
        .withLateOutput()
        .build();
  }

  private static AggregateConfig aggregate(WindowDefinition definition) {
    List<AggregateCall> calls = new ArrayList<>();
    for (WindowDefinition.Aggregate aggregate : definition.aggregates()) {
      calls.add(call(aggregate));
    }
    if (definition.operation() != WindowDefinition.Operation.AGGREGATE) {
      calls.add(AggregateCall.custom(new Elements(), Fields.TIME, ELEMENTS));
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
