package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.time.DurationText;
import io.fluxcore.domain.topology.FullLookupConfig;
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
  private static final String CACHE = PREFIX + "cache";
  private static final String FULL = "full";
  private static final String MOST_ROWS = PREFIX + "cache.mostRows";
  private static final String RELOAD = PREFIX + "cache.reload";
  private static final String ENTRIES = PREFIX + "cache.entries";
  private static final String TIME_TO_LIVE = PREFIX + "cache.timeToLive";
  private static final String ABSENT = PREFIX + "cache.absentTimeToLive";
  private static final String TIMEOUT = PREFIX + "timeout";
  private static final String IN_FLIGHT = PREFIX + "inFlight";
  private static final String KEYS_PER_CALL = PREFIX + "keysPerCall";
  private static final String ANY_ORDER = PREFIX + "anyOrder";
  private static final Set<String> OF_FULL = Set.of(CACHE, MOST_ROWS, RELOAD);
  private static final Set<String> OF_CALLS =
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
    boolean isFull = isFull(table);
    Set<String> known = isFull ? OF_FULL : OF_CALLS;
    for (String name : options.keySet()) {
      if (!known.contains(name)) {
        boolean isOther = OF_CALLS.contains(name) || OF_FULL.contains(name);
        throw wrong(
            name,
            isOther
                ? "it is for tables that are " + (isFull ? "asked for keys" : "held in memory")
                : "there is no such option",
            "give one of " + known.stream().sorted().toList());
      }
    }
  }

  /** Whether a table is held in memory as a whole. */
  static boolean isFull(CatalogueTable table) {
    String cache = Tables.options(table).get(CACHE);
    if (cache != null && !cache.equals(FULL)) {
      throw wrong(
          table,
          CACHE,
          "it is '" + cache + "'",
          "give '" + FULL + "', or leave it out and say '" + TIME_TO_LIVE + "'");
    }
    return cache != null;
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

  void applyTo(FullLookupConfig.Builder config) {
    config.withMostRows(integer(MOST_ROWS, FullLookupConfig.DEFAULT_MOST_ROWS));
    Duration reload = duration(RELOAD);
    if (reload != null) {
      config.withReload(reload);
    }
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
    return wrong(table, option, message, remedy);
  }

  private static FluxCoreException wrong(
      CatalogueTable table, String option, String message, String remedy) {
    return FluxCoreException.user(
        "FLX-QUERY-0029", Place.of("table '" + table.name() + "', " + option), message, remedy);
  }
}
