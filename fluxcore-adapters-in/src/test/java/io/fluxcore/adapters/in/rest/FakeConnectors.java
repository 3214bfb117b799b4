package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.LookupConnector;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.List;
import java.util.Set;

/** Connectors of which job files can speak: the source {@code acme}, the sink {@code console}. */
final class FakeConnectors implements ConnectorRegistry {
  @Override
  public SourceConnector source(String name) {
    throw new UnsupportedOperationException(name);
  }

  @Override
  public SinkConnector sink(String name) {
    throw new UnsupportedOperationException(name);
  }

  @Override
  public List<ConnectorDescriptor> sources() {
    return List.of(
        descriptor("acme", OptionSpec.required("url", OptionSpec.Type.STRING, "Where.")));
  }

  @Override
  public List<ConnectorDescriptor> sinks() {
    return List.of(descriptor("console"));
  }

  @Override
  public LookupConnector lookup(String name) {
    throw new UnsupportedOperationException(name);
  }

  @Override
  public List<ConnectorDescriptor> lookups() {
    return List.of(
        descriptor("store", OptionSpec.required("table", OptionSpec.Type.STRING, "Which.")));
  }

  private static ConnectorDescriptor descriptor(String name, OptionSpec... options) {
    return new ConnectorDescriptor(
        name, "For tests.", List.of(options), Set.of(), DeliveryGuarantee.AT_LEAST_ONCE);
  }
}
