package io.fluxcore.application.connector;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Checks option values against a {@link ConnectorDescriptor} and parses them. Values are texts or
 * what a YAML or JSON reader makes of them; an option whose value is null counts as not given. All
 * problems are found at once; each is placed at its option's name.
 */
public final class OptionParser {
  static final String UNKNOWN_OPTION = "FLX-CONN-0002";
  static final String MISSING_OPTION = "FLX-CONN-0003";
  static final String WRONG_VALUE = "FLX-CONN-0004";
  static final String NOT_ALLOWED = "FLX-CONN-0005";

  private OptionParser() {}

  /**
   * What parsing gave.
   *
   * @param options the values; complete only where there are no problems
   * @param problems what is wrong, empty where nothing is
   */
  public record Result(ConnectorOptions options, List<Diagnostic> problems) {
    public Result {
      problems = List.copyOf(problems);
    }

    /**
     * The options.
     *
     * @throws FluxCoreException with all problems, if there are any
     */
    public ConnectorOptions orThrow() {
      if (!problems.isEmpty()) {
        throw new FluxCoreException(ErrorCategory.USER, problems, null);
      }
      return options;
    }
  }

  /** Without a host that gives values. */
  public static Result parse(ConnectorDescriptor descriptor, Map<String, ?> given) {
    return parse(descriptor, given, Map.of());
  }

  /**
   * Checks values.
   *
   * @param given by the topology
   * @param ofHost what {@link ConnectorDefaults} has for the connector; it goes before the
   *     descriptor's defaults, but is passed over where the topology gives an address
   */
  public static Result parse(
      ConnectorDescriptor descriptor, Map<String, ?> given, Map<String, ?> ofHost) {
    Map<String, OptionSpec> specs = new HashMap<>();
    List<String> names = new ArrayList<>();
    for (OptionSpec spec : descriptor.options()) {
      specs.put(spec.name(), spec);
      names.add(spec.name());
    }
    List<Diagnostic> problems = new ArrayList<>();
    for (String name : given.keySet()) {
      if (!specs.containsKey(name)) {
        problems.add(
            Diagnostic.error(
                UNKNOWN_OPTION,
                Place.of(name),
                "connector '" + descriptor.name() + "' has no option '" + name + "'",
                NearestName.remedy(name, names, "its options are")));
      }
    }
    boolean isElsewhere =
        descriptor.options().stream()
            .anyMatch(spec -> spec.address() && given.get(spec.name()) != null);
    Map<String, Object> parsed = new HashMap<>();
    for (OptionSpec spec : descriptor.options()) {
      Object value = given.get(spec.name());
      if (value == null && !isElsewhere) {
        value = ofHost.get(spec.name());
      }
      if (value == null) {
        value = spec.defaultValue();
      }
      if (value != null) {
        parse(descriptor, spec, value, parsed, problems);
      } else if (spec.required()) {
        problems.add(
            Diagnostic.error(
                MISSING_OPTION,
                Place.of(spec.name()),
                "connector '" + descriptor.name() + "' needs the option '" + spec.name() + "'",
                remedy(descriptor, spec)));
      }
    }
    return new Result(new ParsedOptions(descriptor.name(), specs, parsed), problems);
  }

  private static String remedy(ConnectorDescriptor descriptor, OptionSpec spec) {
    return spec.presence() == OptionSpec.Presence.REQUIRED_UNLESS_OF_HOST
        ? "give it, or set fluxcore.connectors."
            + descriptor.name()
            + "."
            + spec.name()
            + " for all jobs: "
            + spec.doc()
        : "give it: " + spec.doc();
  }

  private static void parse(
      ConnectorDescriptor descriptor,
      OptionSpec spec,
      Object value,
      Map<String, Object> parsed,
      List<Diagnostic> problems) {
    Object result;
    try {
      result = OptionValues.parse(spec.type(), value);
    } catch (IllegalArgumentException e) {
      problems.add(
          Diagnostic.error(
              WRONG_VALUE,
              Place.of(spec.name()),
              "option '"
                  + spec.name()
                  + "' of connector '"
                  + descriptor.name()
                  + "': "
                  + message(e),
              spec.doc()));
      return;
    }
    if (!spec.allowed().isEmpty() && result instanceof String text) {
      String folded = text.toLowerCase(Locale.ROOT);
      String match =
          spec.allowed().stream()
              .filter(a -> a.toLowerCase(Locale.ROOT).equals(folded))
              .findFirst()
              .orElse(null);
      if (match == null) {
        problems.add(
            Diagnostic.error(
                NOT_ALLOWED,
                Place.of(spec.name()),
                "option '"
                    + spec.name()
                    + "' of connector '"
                    + descriptor.name()
                    + "' cannot be '"
                    + text
                    + "'",
                NearestName.remedy(text, spec.allowed(), "write one of")));
        return;
      }
      result = match;
    }
    parsed.put(spec.name(), result);
  }

  private static String message(IllegalArgumentException e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }
}
