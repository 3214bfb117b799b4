package io.fluxcore.domain.topology;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which connector, and its options, neutrally: what a connector that FluxCore has never heard of
 * needs as much as the ones it knows. The options are checked against the connector's own
 * description when the topology is planned.
 *
 * @param name the connector's name
 * @param options by name, in the order in which they were given; values become what a text can say:
 *     String, Long, Double, Boolean, List and Map
 */
public record ConnectorSpec(String name, Map<String, Object> options) {
  public ConnectorSpec {
    Map<String, Object> plain = new LinkedHashMap<>();
    options.forEach((option, value) -> plain.put(option, OptionValue.plain(value)));
    options = Collections.unmodifiableMap(plain);
  }

  @Override
  public String toString() {
    return options.isEmpty() ? name : name + options;
  }
}
