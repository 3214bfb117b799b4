package io.fluxcore.adapters.in.rest;

import java.util.List;

/** A job's topology as it runs. */
record GraphResource(List<NodeResource> nodes, List<EdgeResource> edges) {
  /** A node of the topology, in topological order. */
  record NodeResource(String id, String kind, String description, int stage, int parallelism) {}

  /**
   * Rows go from one node to another.
   *
   * @param port empty, or the name of a side output such as {@code late}
   */
  record EdgeResource(String from, String to, String port, String exchange) {}
}
