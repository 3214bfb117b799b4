package io.fluxcore.application.connector;

import java.util.HashMap;
import java.util.Map;

/**
 * Values that the host gives for options which topologies leave out, such as the addresses and
 * passwords of its brokers. They are looked up each time a topology is planned and become no part
 * of it, so that nothing secret is kept with a job. A topology that says itself where the other
 * side is ({@link OptionSpec#address}) gets none of them. Thread-safe.
 */
@FunctionalInterface
public interface ConnectorDefaults {
  ConnectorDefaults NONE = connector -> Map.of();

  /**
   * Values for a connector.
   *
   * @param connector its name, as source, sink or lookup
   * @return by option; options that the connector does not have are passed over, so that source and
   *     sink may share them
   */
  Map<String, ?> of(String connector);

  /** These, and what they do not have from others. */
  default ConnectorDefaults orElse(ConnectorDefaults others) {
    return connector -> {
      Map<String, Object> joined = new HashMap<>(others.of(connector));
      joined.putAll(of(connector));
      return joined;
    };
  }
}
