package io.fluxcore.domain.topology;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a topology: its nodes in order, the fields of every output, and everything that
 * is wrong with it. Immutable after it is made.
 */
public final class TopologyAnalysis {
  private final TopologyGraph graph;
  private final List<Diagnostic> findings;
  private final Map<PortRef, Schema> outputs;

  private TopologyAnalysis(
      TopologyGraph graph, List<Diagnostic> findings, Map<PortRef, Schema> outputs) {
    this.graph = graph;
    this.findings = List.copyOf(findings);
    this.outputs = Map.copyOf(outputs);
  }

  /**
   * Looks at all of a topology.
   *
   * @param sourceSchemas by name, the fields that sources give by themselves, where they do
   */
  public static TopologyAnalysis of(
      StreamTopology topology, Map<String, Schema> sourceSchemas, ExpressionContext expressions) {
    TopologyGraph graph = new TopologyGraph(topology);
    List<Diagnostic> findings = new ArrayList<>(graph.problems());
    new SettingsCheck(graph, findings).run();
    FieldDemands demands = new FieldDemands(graph);
    new DemandCollector(graph, demands, expressions).run();
    Map<PortRef, Schema> outputs = new HashMap<>();
    new SchemaInference(graph, demands, sourceSchemas, expressions, outputs, findings).run();
    return new TopologyAnalysis(graph, findings, outputs);
  }

  /** Everything that is wrong, or worth a warning. */
  public List<Diagnostic> findings() {
    return findings;
  }

  public boolean hasErrors() {
    return findings.stream().anyMatch(Diagnostic::isError);
  }

  /** The nodes, upstream first. Nodes of a circle, and what they feed, are left out. */
  public List<TopologyNode> order() {
    return List.copyOf(graph.order());
  }

  /** The outputs that a node reads. */
  public List<PortRef> inputs(TopologyNode node) {
    return graph.inputs(node);
  }

  /** The nodes that read an output. */
  public List<TopologyNode> readers(PortRef output) {
    return graph.readers(output);
  }

  public TopologyNode node(String name) {
    return graph.node(name);
  }

  /** The window of an aggregate. */
  public Optional<WindowConfig> windowOf(TopologyNode aggregate) {
    return graph.inputs(aggregate).stream()
        .map(ref -> graph.node(ref.node()).config())
        .filter(WindowConfig.class::isInstance)
        .map(WindowConfig.class::cast)
        .findFirst();
  }

  /** The fields of the key of a process function, or null if it has none. */
  public @Nullable List<String> keyOf(TopologyNode process) {
    return graph.keyOf(process);
  }

  /** The fields of an output; null where errors keep them from being known. */
  public @Nullable Schema output(PortRef output) {
    return outputs.get(output);
  }
}
