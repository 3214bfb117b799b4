package io.fluxcore.domain.topology;

import java.util.List;

/**
 * A named step of a topology.
 *
 * @param name stable: state, metrics and dead letters go by it
 * @param config what it does
 * @param inputs the outputs that it reads, in the order in which they were named
 */
public record TopologyNode(String name, NodeConfig config, List<PortRef> inputs) {
  public TopologyNode {
    inputs = List.copyOf(inputs);
  }
}
