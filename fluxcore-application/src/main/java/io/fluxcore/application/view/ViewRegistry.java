package io.fluxcore.application.view;

import io.fluxcore.application.connector.ConnectorDefaults;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.LookupConnector;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SourceConnector;
import java.util.List;

/**
 * Connectors, and by its name the one of the views of this process, which is not listed among them:
 * statements write it, people do not.
 */
record ViewRegistry(
    ConnectorRegistry connectors, SourceConnector viewSource, SinkConnector viewSink)
    implements ConnectorRegistry {

  ViewRegistry(ConnectorRegistry connectors, MaterializedViews views) {
    this(connectors, new ViewSourceConnector(views), new ViewSinkConnector(views));
  }

  @Override
  public SourceConnector source(String name) {
    return name.equals(MaterializedViews.CONNECTOR) ? viewSource : connectors.source(name);
  }

  @Override
  public SinkConnector sink(String name) {
    return name.equals(MaterializedViews.CONNECTOR) ? viewSink : connectors.sink(name);
  }

  @Override
  public LookupConnector lookup(String name) {
    return connectors.lookup(name);
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
  public List<ConnectorDescriptor> lookups() {
    return connectors.lookups();
  }

  @Override
  public ConnectorDefaults defaults() {
    return connectors.defaults();
  }
}
