package io.fluxcore.application.scripted;

import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.NodeConfig;
import io.fluxcore.domain.topology.OperatorConfig;
import io.fluxcore.domain.topology.PortRef;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TopologyNode;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What a query was translated to, with the script's rows as sources and a transcript as sink.
 *
 * @param schemas of the sources, by table
 * @param inline the sources whose rows the query itself has, in their option {@code rows}
 */
public record ScriptedTopology(
    StreamTopology topology, Map<String, Schema> schemas, Map<String, SourceConfig> inline) {
  /** The sink whose watermarks a transcript is told. */
  public static final String RESULTS = "results";

  /**
   * The topology of a job or a query.
   *
   * @param hasChanges of which tables rows are also taken back
   * @param transcript where results go, asked anew for each run
   */
  public static ScriptedTopology of(
      SqlOutcome outcome, Predicate<String> hasChanges, Supplier<Transcript> transcript) {
    return withChanges(
        outcome,
        table -> hasChanges.test(table) ? Changes.retracts(null) : Changes.appends(),
        transcript);
  }

  /**
   * The topology of a job or a query.
   *
   * @param changes what the rows of a table do to those before, where its source is not declared to
   *     give upserts
   * @param transcript where results go, asked anew for each run
   */
  public static ScriptedTopology withChanges(
      SqlOutcome outcome, Function<String, Changes> changes, Supplier<Transcript> transcript) {
    if (outcome instanceof SqlOutcome.Job job) {
      return wired(job.topology(), "", changes, transcript);
    }
    if (outcome instanceof SqlOutcome.Query query) {
      return wired(query.topology(), query.output(), changes, transcript);
    }
    throw new IllegalArgumentException("the statement gives no rows");
  }

  private static ScriptedTopology wired(
      StreamTopology plan,
      String output,
      Function<String, Changes> changes,
      Supplier<Transcript> transcript) {
    StreamTopology.Builder builder = StreamTopology.builder();
    Map<String, Schema> schemas = new HashMap<>();
    Map<String, SourceConfig> inline = new LinkedHashMap<>();
    int sinks = 0;
    for (TopologyNode node : plan.nodes()) {
      String[] inputs = node.inputs().stream().map(PortRef::toString).toArray(String[]::new);
      NodeConfig config = node.config();
      if (config instanceof SourceConfig source) {
        schemas.put(node.name(), source.schema());
        builder.source(node.name(), scripted(source, changes.apply(node.name())));
        if (source.connector().name().equals("values")) {
          inline.put(node.name(), source);
        }
      } else if (config instanceof SinkConfig) {
        String name = RESULTS + (sinks++ == 0 ? "" : String.valueOf(sinks));
        builder.sink(name, results(transcript), inputs);
      } else {
        add(builder, node, inputs);
      }
    }
    if (!output.isEmpty()) {
      builder.sink(RESULTS, results(transcript), output);
    }
    return new ScriptedTopology(builder.build(), schemas, inline);
  }

  private static void add(StreamTopology.Builder builder, TopologyNode node, String[] inputs) {
    NodeConfig config = node.config();
    if (config instanceof TransformConfig transform) {
      builder.transform(node.name(), transform, inputs);
    } else if (config instanceof WindowConfig window) {
      builder.window(node.name(), window, inputs);
    } else if (config instanceof AggregateConfig aggregate) {
      builder.aggregate(node.name(), aggregate, inputs);
    } else {
      builder.transform(node.name(), (OperatorConfig) config, inputs);
    }
  }

  private static SinkConfig results(Supplier<Transcript> transcript) {
    Sink sink =
        (operatorId, subtask, parallelism) ->
            transcript.get().mainSink().createWriter(operatorId, subtask, parallelism);
    return SinkConfig.custom(sink).build();
  }

  private static SourceConfig scripted(SourceConfig source, Changes ofTable) {
    Changes changes = source.primaryKey().isEmpty() ? ofTable : Changes.appends();
    return new SourceConfig(
        source.connector(),
        new ScriptSource(source.schema(), changes),
        source.schema(),
        source.timestampField(),
        source.timestampExpression(),
        source.time(),
        source.watermarks(),
        source.errors(),
        0,
        null,
        source.primaryKey());
  }
}
