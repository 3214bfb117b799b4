package io.fluxcore.application;

import io.fluxcore.application.graph.GraphBuilder;
import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.results.ResultTaps;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TopologyNode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a job is to do: how it is configured, what was declared, and what the planner made of it.
 */
record JobVersion(JobConfig config, StreamTopology topology, ExecutionPlan plan) {
  String name() {
    return config.version();
  }

  JobGraph graph() {
    return GraphBuilder.graph(topology, plan);
  }

  /** Has a job's rows be read at the nodes of this version. */
  void declare(ResultTaps taps) {
    taps.declare(
        plan.outputs(),
        topology.nodes().stream()
            .filter(node -> node.config() instanceof SinkConfig)
            .map(TopologyNode::name)
            .collect(Collectors.toUnmodifiableSet()));
  }

  boolean has(String node) {
    return topology.nodes().stream().anyMatch(n -> n.name().equals(node));
  }

  /** The nodes that are known to have state, and that another version does not have. */
  List<String> stateGoneIn(JobVersion other) {
    return topology.nodes().stream()
        .filter(n -> n.config() instanceof SourceConfig || n.config() instanceof AggregateConfig)
        .map(TopologyNode::name)
        .filter(name -> !other.has(name))
        .toList();
  }
}
