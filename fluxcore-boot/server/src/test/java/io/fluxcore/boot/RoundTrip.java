package io.fluxcore.boot;

import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.kit.RandomRows;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.connector.kit.SourceReading.SplitContent;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.JdkRegexCompiler;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToLongFunction;

/** Random rows that a sink writes, and the source of the same name reads. */
record RoundTrip(String name) {
  private static final ConnectorRegistry REGISTRY =
      ConnectorRegistry.load(RoundTrip.class.getClassLoader());

  /**
   * Writes rows, and gives what was written.
   *
   * @param times of the rows, by number
   */
  List<EventRecord> write(
      Map<String, Object> options,
      Schema schema,
      Random random,
      int count,
      IntToLongFunction times) {
    RandomRows rows = new RandomRows(random);
    EventBatchBuilder builder = new EventBatchBuilder(schema);
    for (int i = 0; i < count; i++) {
      builder.row(times.applyAsLong(i), rows.row(schema).toArray());
    }
    EventBatch batch = builder.build();
    SinkConnector connector = REGISTRY.sink(name);
    try (SinkWriter writer =
        connector
            .create(OptionParser.parse(connector.descriptor(), options).orThrow(), schema)
            .createWriter("sink", 0, 1)) {
      writer.write(batch, RecordFailures.FAIL);
      writer.flush();
    }
    return SourceReading.records(batch);
  }

  /** Reads the first split. */
  SplitContent read(Map<String, Object> options, Schema schema) {
    SourceConnector connector = REGISTRY.source(name);
    Source source =
        connector.create(
            OptionParser.parse(connector.descriptor(), options).orThrow(),
            new ConnectorServices(JdkRegexCompiler.INSTANCE));
    return SourceReading.readFrom(
        source, SourceReading.context(schema, 50), source.discoverSplits().get(0), null);
  }
}
