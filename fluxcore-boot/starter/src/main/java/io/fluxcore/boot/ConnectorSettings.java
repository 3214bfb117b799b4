package io.fluxcore.boot;

import io.fluxcore.application.connector.ConnectorDefaults;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Options of connectors that are set for all jobs of a process: {@code
 * fluxcore.connectors.kafka.bootstrapServers}. A topology that gives an option itself goes before.
 */
public final class ConnectorSettings {
  private static final String PREFIX = "fluxcore.connectors.";

  private ConnectorSettings() {}

  /**
   * What an application's configuration says.
   *
   * @param values by connector and option, in any of the forms that Spring takes: {@code
   *     bootstrapServers}, {@code bootstrap-servers}, {@code bootstrapservers}
   * @throws FluxCoreException if there is no such connector or option
   */
  public static ConnectorDefaults of(
      Map<String, ? extends Map<String, ?>> values, ConnectorRegistry connectors) {
    Map<String, Map<String, OptionSpec>> known = options(connectors);
    Map<String, Map<String, Object>> defaults = new HashMap<>();
    values.forEach(
        (connector, options) -> {
          Map<String, OptionSpec> specs = known.get(connector);
          if (specs == null) {
            throw unknown(
                PREFIX + connector,
                "there is no connector '" + connector + "'",
                NearestName.remedy(connector, known.keySet(), "known are"));
          }
          Map<String, Object> own = defaults.computeIfAbsent(connector, name -> new HashMap<>());
          options.forEach((option, value) -> own.put(name(connector, option, specs), value));
        });
    return fixed(defaults);
  }

  /**
   * What system properties or variables of the environment say: {@code
   * FLUXCORE_CONNECTORS_KAFKA_BOOTSTRAPSERVERS}.
   */
  static ConnectorDefaults ofSystemProperties(ConnectorRegistry connectors) {
    Map<String, Map<String, Object>> defaults = new HashMap<>();
    options(connectors)
        .forEach(
            (connector, specs) ->
                specs.forEach(
                    (key, spec) -> {
                      String value = property(PREFIX + connector + "." + spec.name());
                      if (value != null) {
                        defaults
                            .computeIfAbsent(connector, name -> new HashMap<>())
                            .put(spec.name(), value);
                      }
                    }));
    return fixed(defaults);
  }

  private static @Nullable String property(String name) {
    String value = System.getProperty(name);
    return value != null
        ? value
        : System.getenv(name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'));
  }

  private static ConnectorDefaults fixed(Map<String, Map<String, Object>> defaults) {
    return connector -> {
      Map<String, Object> own = defaults.get(connector);
      return own == null ? Map.of() : own;
    };
  }

  /**
   * By connector, the options of its source, sink and lookup by their names without case and
   * dashes.
   */
  private static Map<String, Map<String, OptionSpec>> options(ConnectorRegistry connectors) {
    List<ConnectorDescriptor> all = new ArrayList<>(connectors.sources());
    all.addAll(connectors.sinks());
    all.addAll(connectors.lookups());
    Map<String, Map<String, OptionSpec>> options = new TreeMap<>();
    for (ConnectorDescriptor descriptor : all) {
      Map<String, OptionSpec> own =
          options.computeIfAbsent(descriptor.name(), name -> new TreeMap<>());
      descriptor.options().forEach(option -> own.putIfAbsent(plain(option.name()), option));
    }
    return options;
  }

  private static String name(String connector, String option, Map<String, OptionSpec> specs) {
    OptionSpec spec = specs.get(plain(option));
    if (spec == null) {
      List<String> names = specs.values().stream().map(OptionSpec::name).toList();
      throw unknown(
          PREFIX + connector + "." + option,
          "connector '" + connector + "' has no option '" + option + "'",
          NearestName.remedy(option, names, "its options are"));
    }
    return spec.name();
  }

  private static FluxCoreException unknown(String place, String message, String remedy) {
    return FluxCoreException.user("FLX-BOOT-0010", Place.of(place), message, remedy);
  }

  private static String plain(String name) {
    return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
  }
}
