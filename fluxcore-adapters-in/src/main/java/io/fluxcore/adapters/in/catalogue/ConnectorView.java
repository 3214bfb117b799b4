package io.fluxcore.adapters.in.catalogue;

import io.fluxcore.application.connector.ConnectorDefaults;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.OptionSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connector that jobs may name.
 *
 * @param kind one of {@link #KINDS}; a name may be of several
 * @param guarantee the strongest that it can take part in
 */
public record ConnectorView(
    String name,
    String kind,
    String summary,
    String guarantee,
    List<String> capabilities,
    List<Option> options) {

  public static final String SOURCE = "source";
  public static final String SINK = "sink";
  public static final String LOOKUP = "lookup";

  /** All kinds, in the order in which they are listed. */
  public static final List<String> KINDS = List.of(SOURCE, SINK, LOOKUP);

  /**
   * One of its options.
   *
   * @param presence {@code required}, {@code required-unless-of-host} or {@code optional}
   * @param defaultValue as text
   * @param allowed the values of an enumeration, else empty
   * @param ofHost whether the server has a value for jobs that give none; which, is not told
   */
  public record Option(
      String name,
      String type,
      String presence,
      @Nullable String defaultValue,
      List<String> allowed,
      boolean ofHost,
      String description) {}

  /** All that there are: sources by name, then sinks, then lookups. */
  public static List<ConnectorView> all(ConnectorRegistry connectors) {
    List<ConnectorView> all = new ArrayList<>();
    connectors.sources().forEach(d -> all.add(of(SOURCE, d, connectors.defaults())));
    connectors.sinks().forEach(d -> all.add(of(SINK, d, connectors.defaults())));
    connectors.lookups().forEach(d -> all.add(of(LOOKUP, d, connectors.defaults())));
    return all;
  }

  private static ConnectorView of(
      String kind, ConnectorDescriptor descriptor, ConnectorDefaults defaults) {
    Map<String, ?> ofHost = defaults.of(descriptor.name());
    return new ConnectorView(
        descriptor.name(),
        kind,
        descriptor.summary(),
        descriptor.guarantee().name(),
        descriptor.capabilities().stream().map(Enum::name).sorted().toList(),
        descriptor.options().stream()
            .map(option -> option(option, ofHost.get(option.name()) != null))
            .toList());
  }

  private static Option option(OptionSpec option, boolean ofHost) {
    return new Option(
        option.name(),
        word(option.type()),
        word(option.presence()),
        option.defaultValue(),
        option.allowed(),
        ofHost,
        option.doc());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
