package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.time.DurationText;
import io.fluxcore.domain.topology.LookupConfig;
import io.fluxcore.infrastructure.sql.catalogue.CatalogueTable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a table's options say of how it is asked for rows: those that begin with {@code lookup.}.
 */
final class LookupOptions {
  private static final String PREFIX = "lookup.";
  private static final String ENTRIES = PREFIX + "cache.entries";
  private static final String TIME_TO_LIVE = PREFIX + "cache.timeToLive";
  private static final String ABSENT = PREFIX + "cache.absentTimeToLive";
  private static final String TIMEOUT = PREFIX + "timeout";
  private static final String IN_FLIGHT = PREFIX + "inFlight";
  private static final String KEYS_PER_CALL = PREFIX + "keysPerCall";
  private static final String ANY_ORDER = PREFIX + "anyOrder";
  private static final Set<String> KNOWN =
      Set.of(ENTRIES, TIME_TO_LIVE, ABSENT, TIMEOUT, IN_FLIGHT, KEYS_PER_CALL, ANY_ORDER);

  private final CatalogueTable table;
  private final Map<String, String> options = new LinkedHashMap<>();

  LookupOptions(CatalogueTable table) {
    this.table = table;
    Tables.options(table)
        .forEach(
            (name, value) -> {
              if (isOne(name)) {
                options.put(name, value);
              }
            });
    for (String name : options.keySet()) {
      if (!KNOWN.contains(name)) {
        throw wrong(
            name, "there is no such option", "give one of " + KNOWN.stream().sorted().toList());
      }
    }
  }

  /** Whether an option says how a table is asked. */
  static boolean isOne(String option) {
    return option.startsWith(PREFIX);
  }

  /** The other options. */
  Map<String, String> ofConnector() {
    Map<String, String> others = Tables.options(table);
    others.keySet().removeIf(LookupOptions::isOne);
    others.remove(LateData.OPTION);
    return others;
  }

  void applyTo(LookupConfig.Builder config) {
    Duration life = duration(TIME_TO_LIVE);
    if (life != null) {
      int entries = integer(ENTRIES, LookupConfig.DEFAULT_ENTRIES);
      Duration absent = duration(ABSENT);
      config.withCache(entries, life, absent == null ? life : absent);
    } else if (options.containsKey(ENTRIES) || options.containsKey(ABSENT)) {
      throw wrong(
          options.containsKey(ENTRIES) ? ENTRIES : ABSENT,
          "nothing says how long an answer counts",
          "add '" + TIME_TO_LIVE + "' = '5m'");
    }
    Duration timeout = duration(TIMEOUT);
    if (timeout != null) {
      config.withTimeout(timeout);
    }
    config.withInFlight(integer(IN_FLIGHT, LookupConfig.DEFAULT_IN_FLIGHT));
    config.withKeysPerCall(integer(KEYS_PER_CALL, LookupConfig.DEFAULT_KEYS_PER_CALL));
    if (Boolean.parseBoolean(options.getOrDefault(ANY_ORDER, "false"))) {
      config.inAnyOrder();
    }
  }

  private int integer(String name, int absent) {
    String text = options.get(name);
    try {
      return text == null ? absent : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw wrong(name, "it is '" + text + "'", "give a whole number");
    }
  }

  private @Nullable Duration duration(String name) {
    String text = options.get(name);
    try {
      return text == null ? null : DurationText.parse(text);
    } catch (IllegalArgumentException e) {
      throw wrong(name, "it is '" + text + "'", "give a duration, such as 30s or 5m");
    }
  }

  private FluxCoreException wrong(String option, String message, String remedy) {
    return FluxCoreException.user(
        "FLX-QUERY-0029", Place.of("table '" + table.name() + "', " + option), message, remedy);
  }
}
