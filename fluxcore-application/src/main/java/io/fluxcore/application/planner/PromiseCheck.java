package io.fluxcore.application.planner;

import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.topology.NodeConfig;
import io.fluxcore.domain.topology.OperatorConfig;
import io.fluxcore.domain.topology.PortRef;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.TopologyAnalysis;
import io.fluxcore.domain.topology.TopologyNode;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the connectors can do what the topology asks of them. */
final class PromiseCheck {
  private final TopologyAnalysis analysis;
  private final Connections connections;
  private final List<Diagnostic> findings;

  PromiseCheck(TopologyAnalysis analysis, Connections connections, List<Diagnostic> findings) {
    this.analysis = analysis;
    this.connections = connections;
    this.findings = findings;
  }

  void run() {
    for (TopologyNode node : analysis.order()) {
      if (node.config() instanceof SourceConfig source) {
        eventTime(node, source);
      } else if (node.config() instanceof SinkConfig
          && !connections.can(node, Capability.CHANGELOG)
          && !analysis.inputChanges(node, 0).isAppend()) {
        findings.add(
            SinkPlacement.onlyAdds(
                node, analysis.inputChanges(node, 0), "this sink can only add rows", "use a sink"));
      }
    }
  }

  private void eventTime(TopologyNode node, SourceConfig source) {
    TopologyNode follows = eventTimeAfter(analysis, node);
    if (source.time() == TimeCharacteristic.EVENT
        && !source.hasTimestamp()
        && !connections.can(node, Capability.EVENT_TIME)
        && follows != null) {
      findings.add(
          Diagnostic.error(
              "FLX-PLAN-0001",
              Place.of("node '" + node.name() + "'.timestampField"),
              what(follows)
                  + " in event time follows, but the events of '"
                  + node.name()
                  + "' carry no time",
              "name the field that holds the time, or give the source ingestion time"));
    }
  }

  private static String what(TopologyNode node) {
    return node.config() instanceof WindowConfig
        ? "a window"
        : node.config() instanceof TransformConfig.Sort ? "a sort" : "'" + node.name() + "'";
  }

  /** Whether a node that works in event time follows a node. */
  static boolean feedsEventTime(TopologyAnalysis analysis, TopologyNode node) {
    return eventTimeAfter(analysis, node) != null;
  }

  /** The first node at or after a node that works in event time, or null if there is none. */
  private static @Nullable TopologyNode eventTimeAfter(
      TopologyAnalysis analysis, TopologyNode node) {
    if (node.config() instanceof TransformConfig.Sort
        || (node.config() instanceof OperatorConfig operator && operator.needsEventTime())
        || (node.config() instanceof WindowConfig window && window.needsEventTime())) {
      return node;
    }
    List<String> ports = new ArrayList<>(node.config().ports());
    ports.add(0, NodeConfig.MAIN_PORT);
    for (String port : ports) {
      for (TopologyNode reader : analysis.readers(new PortRef(node.name(), port))) {
        TopologyNode found = eventTimeAfter(analysis, reader);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }
}
