package io.fluxcore.application.connector;

import java.util.List;

/** The connectors of another registry, and what a host gives for their options. */
record RegistryOfHost(ConnectorRegistry connectors, ConnectorDefaults defaults)
    implements ConnectorRegistry {
  @Override
  public SourceConnector source(String name) {
    return connectors.source(name);
  }

  @Override
  public SinkConnector sink(String name) {
    return connectors.sink(name);
  }

  @Override
  public List<ConnectorDescriptor> sources() {
    return connectors.sources();
  }

  @Override
  public List<ConnectorDescriptor> sinks() {
    return connectors.sinks();
  }

  @Override
  public LookupConnector lookup(String name) {
    return connectors.lookup(name);
  }

  @Override
  public List<ConnectorDescriptor> lookups() {
    return connectors.lookups();
  }
}
