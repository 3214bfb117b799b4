package io.fluxcore.application.graph;

import io.fluxcore.application.graph.JobGraph.Edge;
import io.fluxcore.application.graph.JobGraph.Exchange;
import io.fluxcore.application.graph.JobGraph.Kind;
import io.fluxcore.application.graph.JobGraph.Node;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.ExecutionPlan.Partitioning;
import io.fluxcore.application.planner.ExecutionPlan.PlannedEdge;
import io.fluxcore.application.planner.ExecutionPlan.PlannedOperator;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.NodeConfig;
import io.fluxcore.domain.topology.PortRef;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TopologyNode;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the nodes of a topology in its plan. A window is where its first aggregate is. */
public final class GraphBuilder {
  private final StreamTopology topology;
  private final ExecutionPlan plan;
  private final Map<String, PlannedStage> stages = new HashMap<>();

  private GraphBuilder(StreamTopology topology, ExecutionPlan plan) {
    this.topology = topology;
    this.plan = plan;
    for (PlannedStage stage : plan.stages()) {
      if (stage.source() != null) {
        stages.put(stage.source().operatorId(), stage);
      }
      stage.operators().forEach(operator -> stages.put(operator.operatorId(), stage));
    }
    for (TopologyNode node : topology.nodes()) {
      for (PortRef input : node.inputs()) {
        PlannedStage stage = stages.get(node.name());
        if (stage != null && node.config() instanceof AggregateConfig) {
          stages.putIfAbsent(input.node(), stage);
        }
      }
    }
  }

  /** The graph of a sound topology and the plan that was made of it. */
  public static JobGraph graph(StreamTopology topology, ExecutionPlan plan) {
    GraphBuilder builder = new GraphBuilder(topology, plan);
    List<Node> nodes = new ArrayList<>();
    List<Edge> edges = new ArrayList<>();
    for (TopologyNode node : builder.inOrder()) {
      nodes.add(builder.node(node));
      for (PortRef input : node.inputs()) {
        edges.add(
            new Edge(input.node(), node.name(), port(input), builder.exchange(input.node(), node)));
      }
    }
    return new JobGraph(nodes, edges);
  }

  private static String port(PortRef input) {
    return input.port().equals(TransformConfig.DEFAULT_PORT) ? NodeConfig.MAIN_PORT : input.port();
  }

  /** Upstream first; otherwise as declared. */
  private List<TopologyNode> inOrder() {
    List<TopologyNode> left = new ArrayList<>(topology.nodes());
    List<TopologyNode> order = new ArrayList<>();
    Set<String> placed = new HashSet<>();
    while (!left.isEmpty()) {
      TopologyNode next =
          left.stream()
              .filter(n -> n.inputs().stream().allMatch(ref -> placed.contains(ref.node())))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("not a sound topology"));
      left.remove(next);
      placed.add(next.name());
      order.add(next);
    }
    return order;
  }

  private Node node(TopologyNode node) {
    PlannedStage stage = stage(node.name());
    return new Node(
        node.name(),
        kind(node.config()),
        node.config().describe(),
        stage.number(),
        stage.parallelism());
  }

  private PlannedStage stage(String node) {
    PlannedStage stage = stages.get(node);
    if (stage == null) {
      throw new IllegalArgumentException("'" + node + "' is not in the plan");
    }
    return stage;
  }

  private static Kind kind(NodeConfig config) {
    if (config instanceof SourceConfig) {
      return Kind.SOURCE;
    } else if (config instanceof WindowConfig) {
      return Kind.WINDOW;
    } else if (config instanceof AggregateConfig) {
      return Kind.AGGREGATE;
    }
    return config instanceof SinkConfig ? Kind.SINK : Kind.TRANSFORM;
  }

  private Exchange exchange(String from, TopologyNode to) {
    PlannedStage sender = stage(from);
    PlannedStage receiver = stage(to.name());
    if (sender.number() == receiver.number()) {
      return Exchange.FUSED;
    }
    List<PlannedEdge> between =
        plan.edges().stream()
            .filter(e -> e.from() == sender.number() && e.to() == receiver.number())
            .toList();
    return between.stream()
        .filter(edge -> leadsTo(receiver.operators().get(edge.node()), to))
        .findFirst()
        .or(() -> between.stream().findFirst())
        .map(edge -> exchange(edge.partitioning()))
        .orElse(Exchange.FUSED);
  }

  /** Whether an operator is a part of a node, or of the aggregate of a window. */
  private boolean leadsTo(PlannedOperator operator, TopologyNode node) {
    String part = JobGraph.nodeOf(operator.operatorId());
    return part.equals(node.name())
        || topology.nodes().stream()
            .anyMatch(
                n ->
                    n.name().equals(part)
                        && n.config() instanceof AggregateConfig
                        && n.inputs().stream().anyMatch(ref -> ref.node().equals(node.name())));
  }

  private static Exchange exchange(Partitioning partitioning) {
    if (partitioning instanceof Partitioning.ByKey) {
      return Exchange.BY_KEY;
    }
    return partitioning instanceof Partitioning.Forward ? Exchange.FORWARD : Exchange.REBALANCE;
  }
}
