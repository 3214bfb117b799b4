package io.fluxcore.boot.autoconfigure;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.LookupConnector;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SourceConnector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Connectors of the class path and of the application together. A bean takes the place of the
 * connector of its name on the class path; two beans of a name are an error.
 */
final class ConnectorBeans {
  private ConnectorBeans() {}

  static ConnectorRegistry join(
      ConnectorRegistry classPath,
      List<SourceConnector> sourceBeans,
      List<SinkConnector> sinkBeans,
      List<LookupConnector> lookupBeans) {
    List<SourceConnector> sources = new ArrayList<>(sourceBeans);
    others(classPath.sources(), sourceBeans.stream().map(SourceConnector::descriptor).toList())
        .forEach(name -> sources.add(classPath.source(name)));
    List<SinkConnector> sinks = new ArrayList<>(sinkBeans);
    others(classPath.sinks(), sinkBeans.stream().map(SinkConnector::descriptor).toList())
        .forEach(name -> sinks.add(classPath.sink(name)));
    List<LookupConnector> lookups = new ArrayList<>(lookupBeans);
    others(classPath.lookups(), lookupBeans.stream().map(LookupConnector::descriptor).toList())
        .forEach(name -> lookups.add(classPath.lookup(name)));
    return ConnectorRegistry.of(sources, sinks, lookups);
  }

  private static List<String> others(
      List<ConnectorDescriptor> all, List<ConnectorDescriptor> beans) {
    Set<String> taken = beans.stream().map(ConnectorDescriptor::name).collect(Collectors.toSet());
    return all.stream().map(ConnectorDescriptor::name).filter(n -> !taken.contains(n)).toList();
  }
}
