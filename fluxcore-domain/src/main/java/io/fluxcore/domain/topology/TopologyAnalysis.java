package io.fluxcore.domain.topology;

import io.fluxcore.domain.changelog.Changes;
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
  private final RowChanges changes;

  private TopologyAnalysis(
      TopologyGraph graph,
      List<Diagnostic> findings,
      Map<PortRef, Schema> outputs,
      RowChanges changes) {
    this.graph = graph;
    this.changes = changes;
    this.findings = List.copyOf(findings);
    this.outputs = Map.copyOf(outputs);
  }

  /**
   * Looks at all of a topology.
   *
   * @param sources by name, what sources give by themselves, where they know it
   */
  public static TopologyAnalysis of(
      StreamTopology topology, Map<String, SourceRows> sources, ExpressionContext expressions) {
    TopologyGraph graph = new TopologyGraph(topology);
    List<Diagnostic> findings = new ArrayList<>(graph.problems());
    new SettingsCheck(graph, findings).run();
    FieldDemands demands = new FieldDemands(graph);
    new DemandCollector(graph, demands, expressions).run();
    Map<PortRef, Schema> outputs = new HashMap<>();
    Map<String, Changes> sourceChanges = new HashMap<>();
    sources.forEach((name, rows) -> sourceChanges.put(name, rows.changes()));
    RowChanges changes = new RowChanges(graph, sourceChanges);
    new SchemaInference(graph, demands, sources, changes, expressions, outputs, findings).run();
    return new TopologyAnalysis(graph, findings, outputs, changes);
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

  /** The outputs that flow into one of a node's inputs. */
  public List<PortRef> inputs(TopologyNode node, int input) {
    return graph.inputs(node, input);
  }

  /** What the rows of an output do to what came before. */
  public Changes changes(PortRef output) {
    return changes.of(output);
  }

  /**
   * Whether all changes of the row that the key of an output names are made by one subtask, and so
   * come in order, however many there are. Not so where a row may come to another subtask when it
   * changes: a join by a field that is no part of the key.
   */
  public boolean isInOrder(PortRef output) {
    return changes.isInOrder(output);
  }

  /** What the rows of an input of a node do, after {@link #normalises}. */
  public Changes inputChanges(TopologyNode node, int input) {
    return changes.ofInput(node, input);
  }

  /** Whether an upsert stream is made into one that retracts before a node takes it. */
  public boolean normalises(TopologyNode node, PortRef input) {
    return changes.normalises(node, input);
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
    return Optional.ofNullable(graph.windowOf(aggregate));
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
