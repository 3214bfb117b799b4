package io.fluxcore.application.connector;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;

/** Connectors that are all known when it is made. */
final class FixedConnectorRegistry implements ConnectorRegistry {
  private final Map<String, SourceConnector> sources;
  private final Map<String, SinkConnector> sinks;
  private final Map<String, LookupConnector> lookups;

  FixedConnectorRegistry(
      List<SourceConnector> sources, List<SinkConnector> sinks, List<LookupConnector> lookups) {
    this.sources = byName("source", sources, SourceConnector::descriptor);
    this.sinks = byName("sink", sinks, SinkConnector::descriptor);
    this.lookups = byName("lookup", lookups, LookupConnector::descriptor);
  }

  static FixedConnectorRegistry load(ClassLoader loader) {
    return new FixedConnectorRegistry(
        all(SourceConnector.class, loader),
        all(SinkConnector.class, loader),
        all(LookupConnector.class, loader));
  }

  private static <C> List<C> all(Class<C> kind, ClassLoader loader) {
    List<C> found = new ArrayList<>();
    try {
      ServiceLoader.load(kind, loader).forEach(found::add);
    } catch (ServiceConfigurationError e) {
      throw new FluxCoreException(
          ErrorCategory.USER,
          List.of(
              Diagnostic.error(
                  "FLX-CONN-0006",
                  Place.WHOLE,
                  "a connector on the class path cannot be loaded: " + e.getMessage(),
                  "add the library it needs, or take its jar off the class path")),
          e);
    }
    return found;
  }

  private static <C> Map<String, C> byName(
      String kind, List<C> connectors, Function<C, ConnectorDescriptor> descriptor) {
    Map<String, C> result = new TreeMap<>();
    for (C connector : connectors) {
      String name = descriptor.apply(connector).name();
      C other = result.put(name, connector);
      if (other != null) {
        throw FluxCoreException.user(
            "FLX-CONN-0007",
            Place.WHOLE,
            "two "
                + kind
                + " connectors are named '"
                + name
                + "': "
                + other.getClass().getName()
                + " and "
                + connector.getClass().getName(),
            "take one of them off the class path");
      }
    }
    return result;
  }

  @Override
  public SourceConnector source(String name) {
    return find("source", name, sources);
  }

  @Override
  public SinkConnector sink(String name) {
    return find("sink", name, sinks);
  }

  @Override
  public LookupConnector lookup(String name) {
    return find("lookup", name, lookups);
  }

  private static <C> C find(String kind, String name, Map<String, C> connectors) {
    C connector = connectors.get(name);
    if (connector == null) {
      throw FluxCoreException.user(
          "FLX-CONN-0001",
          Place.WHOLE,
          "there is no " + kind + " connector '" + name + "'",
          NearestName.remedy(name, connectors.keySet(), "known are"));
    }
    return connector;
  }

  @Override
  public List<ConnectorDescriptor> sources() {
    return sources.values().stream().map(SourceConnector::descriptor).toList();
  }

  @Override
  public List<ConnectorDescriptor> sinks() {
    return sinks.values().stream().map(SinkConnector::descriptor).toList();
  }

  @Override
  public List<ConnectorDescriptor> lookups() {
    return lookups.values().stream().map(LookupConnector::descriptor).toList();
  }
}
