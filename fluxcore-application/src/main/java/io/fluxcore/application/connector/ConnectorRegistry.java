package io.fluxcore.application.connector;

import java.util.List;

/**
 * The connectors that topologies may name. A name is looked up among sources, sinks and lookups
 * separately: {@code jdbc} is all of them. Thread-safe.
 */
public interface ConnectorRegistry {
  /**
   * The source connector of this name.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if there is none; the message lists those
   *     that there are
   */
  SourceConnector source(String name);

  /**
   * The sink connector of this name.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if there is none; the message lists those
   *     that there are
   */
  SinkConnector sink(String name);

  /**
   * The connector of this name that rows are looked up through.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if there is none; the message lists those
   *     that there are
   */
  LookupConnector lookup(String name);

  /** What the sources say of themselves, by name. */
  List<ConnectorDescriptor> sources();

  /** What the sinks say of themselves, by name. */
  List<ConnectorDescriptor> sinks();

  /** What the lookups say of themselves, by name. */
  List<ConnectorDescriptor> lookups();

  /** What the host gives for options that topologies leave out. */
  default ConnectorDefaults defaults() {
    return ConnectorDefaults.NONE;
  }

  /** The same connectors in a host that gives these values. */
  default ConnectorRegistry withDefaults(ConnectorDefaults defaults) {
    return new RegistryOfHost(this, defaults);
  }

  /** A registry of just these, without lookups. */
  static ConnectorRegistry of(List<SourceConnector> sources, List<SinkConnector> sinks) {
    return of(sources, sinks, List.of());
  }

  /** A registry of just these. */
  static ConnectorRegistry of(
      List<SourceConnector> sources, List<SinkConnector> sinks, List<LookupConnector> lookups) {
    return new FixedConnectorRegistry(sources, sinks, lookups);
  }

  /**
   * What {@link java.util.ServiceLoader} finds through a class loader.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if a connector cannot be loaded, or two of a
   *     kind have one name
   */
  static ConnectorRegistry load(ClassLoader loader) {
    return FixedConnectorRegistry.load(loader);
  }
}
