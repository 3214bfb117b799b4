package io.fluxcore.application.view;

import io.fluxcore.application.connector.ConnectorDefaults;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.LookupConnector;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SourceConnector;
import java.util.ArrayList;
import java.util.List;

/**
 * Connectors, and by its name the one of the views of this process. For people it is not listed
 * among them: statements write it; for whoever reads stored jobs it is.
 */
record ViewRegistry(
    ConnectorRegistry connectors,
    SourceConnector viewSource,
    SinkConnector viewSink,
    boolean isListed)
    implements ConnectorRegistry {

  /**
   * These connectors and that of views.
   *
   * @param isListed whether it is listed among them
   */
  ViewRegistry(ConnectorRegistry connectors, MaterializedViews views, boolean isListed) {
    this(connectors, new ViewSourceConnector(views), new ViewSinkConnector(views), isListed);
  }

  private List<ConnectorDescriptor> with(
      List<ConnectorDescriptor> others, ConnectorDescriptor ofViews) {
    List<ConnectorDescriptor> all = new ArrayList<>(others);
    if (isListed) {
      all.add(ofViews);
    }
    return List.copyOf(all);
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
    return with(connectors.sources(), viewSource.descriptor());
  }

  @Override
  public List<ConnectorDescriptor> sinks() {
    return with(connectors.sinks(), viewSink.descriptor());
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
