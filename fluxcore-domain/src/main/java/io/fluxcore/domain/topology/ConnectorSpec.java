package io.fluxcore.domain.topology;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

  private static final Pattern SECRET =
      Pattern.compile("(?i).*(password|secret|token|credential|apikey).*");

  /** The options that are no secrets. */
  @Override
  public String toString() {
    return options.isEmpty()
        ? name
        : options.entrySet().stream()
            .map(e -> e.getKey() + "=" + (isSecret(e.getKey()) ? "***" : e.getValue()))
            .collect(Collectors.joining(", ", name + " {", "}"));
  }

  private static boolean isSecret(String option) {
    return SECRET.matcher(option).matches();
  }
}
