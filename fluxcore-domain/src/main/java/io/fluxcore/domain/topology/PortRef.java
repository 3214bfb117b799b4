package io.fluxcore.domain.topology;

/**
 * An output of a node: what a downstream node names.
 *
 * @param node name of the node
 * @param port name of its port, {@link NodeConfig#MAIN_PORT} for the main one
 */
public record PortRef(String node, String port) {
  /** Reads {@code node} or {@code node.port}. */
  public static PortRef parse(String text) {
    int dot = text.indexOf('.');
    return dot < 0
        ? new PortRef(text, NodeConfig.MAIN_PORT)
        : new PortRef(text.substring(0, dot), text.substring(dot + 1));
  }

  @Override
  public String toString() {
    return port.isEmpty() ? node : node + "." + port;
  }
}
