package io.fluxcore.adapters.in.catalogue;

import java.util.List;

/** Connectors: sources by name, then sinks by name. */
public record ConnectorList(List<ConnectorView> items) {
  public ConnectorList {
    items = List.copyOf(items);
  }
}
