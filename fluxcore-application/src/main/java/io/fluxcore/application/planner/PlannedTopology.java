package io.fluxcore.application.planner;

import io.fluxcore.domain.topology.PortRef;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.TopologyAnalysis;
import io.fluxcore.domain.topology.TopologyNode;
import java.util.Set;

/**
 * A plan and what it was made from.
 *
 * @param analysis of the topology, without errors
 * @param endingSources the names of the sources that come to an end by themselves
 */
public record PlannedTopology(
    TopologyAnalysis analysis, ExecutionPlan plan, Set<String> endingSources) {
  public PlannedTopology {
    endingSources = Set.copyOf(endingSources);
  }

  /** Whether all that a node reads comes to an end. */
  public boolean hasEnd(TopologyNode node) {
    if (node.config() instanceof SourceConfig) {
      return endingSources.contains(node.name());
    }
    return analysis.inputs(node).stream()
        .map(PortRef::node)
        .map(analysis::node)
        .allMatch(this::hasEnd);
  }
}
