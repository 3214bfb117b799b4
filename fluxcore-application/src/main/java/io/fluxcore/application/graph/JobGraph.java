package io.fluxcore.application.graph;

import java.util.List;

/**
 * A job's topology as the user declared it, with what the plan made of it. Immutable.
 *
 * @param nodes in topological order
 * @param edges between nodes
 */
public record JobGraph(List<Node> nodes, List<Edge> edges) {
  public JobGraph {
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
  }

  /** The node that an operator of the plan is a part of: its id without the suffix. */
  public static String nodeOf(String operatorId) {
    int suffix = operatorId.indexOf('#');
    return suffix < 0 ? operatorId : operatorId.substring(0, suffix);
  }

  /** What a node does. */
  public enum Kind {
    SOURCE,
    TRANSFORM,
    WINDOW,
    AGGREGATE,
    SINK
  }

  /**
   * A node of the topology.
   *
   * @param id its name in the topology
   * @param description one line for a person
   * @param stage number of the stage that it runs in; of its last part, where it has several
   * @param parallelism number of subtasks
   */
  public record Node(String id, Kind kind, String description, int stage, int parallelism) {}

  /**
   * Rows go from one node to another.
   *
   * @param port of the sending node: empty, or the name of a side output such as {@code late}
   * @param exchange how rows find the receiving subtask
   */
  public record Edge(String from, String to, String port, Exchange exchange) {}

  /** How rows cross from one node to the next. */
  public enum Exchange {
    /** On the same thread. */
    FUSED,
    FORWARD,
    BY_KEY,
    REBALANCE
  }
}
