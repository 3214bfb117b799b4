package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.duration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.flag;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.integer;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.mapOf;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.object;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.ref;

import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.topology.LookupConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How a join writes the table outside that it looks rows up in, beside its connector's options. */
final class LookupWords {
  static final String SCHEMA = "schema";
  static final String ANY_ORDER = "anyOrder";
  static final String IN_FLIGHT = "inFlight";
  static final String KEYS_PER_CALL = "keysPerCall";
  static final String TIMEOUT = "timeout";
  static final String CACHE = "cache";
  private static final String ENTRIES = "entries";
  private static final String TIME_TO_LIVE = "timeToLive";
  private static final String ABSENT = "absentTimeToLive";

  private LookupWords() {}

  static ObjectNode schema() {
    ObjectNode cache =
        object(
            named(
                ENTRIES,
                integer(
                    1,
                    Integer.MAX_VALUE,
                    "Keys that a subtask remembers; " + LookupConfig.DEFAULT_ENTRIES + ".")),
            named(TIME_TO_LIVE, duration("How long the rows of a key count.")),
            named(
                ABSENT,
                duration("How long it counts that a key has none, 0s: not at all; as rows do.")));
    cache.set("required", SchemaParts.array(TIME_TO_LIVE));
    cache.put("description", "What is remembered of answers; nothing if absent.");
    ObjectNode lookup =
        object(
            named(SCHEMA, fields()),
            named(ANY_ORDER, flag("Results leave as soon as they are known; false: in order.")),
            named(
                IN_FLIGHT,
                integer(
                    1,
                    Integer.MAX_VALUE,
                    "Calls of a subtask at once; " + LookupConfig.DEFAULT_IN_FLIGHT + ".")),
            named(
                KEYS_PER_CALL,
                integer(
                    1,
                    Integer.MAX_VALUE,
                    "Keys that one call asks for, where the connector can; "
                        + LookupConfig.DEFAULT_KEYS_PER_CALL
                        + ".")),
            named(TIMEOUT, duration("How long a call may take; 10s.")),
            named(CACHE, cache));
    lookup.put("description", "The table outside.");
    return lookup;
  }

  /** The fields of a table outside. */
  static ObjectNode fields() {
    return mapOf(
        ref("type", "Its type."),
        "fields and their types",
        "The fields that are wanted of the table.");
  }

  /** What stands behind the word, without what a join has beside. */
  static LookupConfig.@Nullable Cache cache(Mapping lookup, Values values) {
    if (!(lookup.get(CACHE) instanceof Mapping settings)) {
      return null;
    }
    Duration rows = values.duration(settings, TIME_TO_LIVE, Duration.ZERO);
    return new LookupConfig.Cache(
        Values.integer(settings, ENTRIES, LookupConfig.DEFAULT_ENTRIES),
        rows,
        values.duration(settings, ABSENT, rows));
  }

  static Map<String, Object> write(LookupConfig config) {
    Map<String, Object> settings =
        JobFileWriter.connector(config.connector(), JobFileSchema.LOOKUP_WORDS);
    Schema schema = config.schema();
    if (schema != null) {
      settings.put(SCHEMA, JobFileWriter.fields(schema));
    }
    JobFileWriter.putUnless(settings, ANY_ORDER, !config.ordered(), false);
    JobFileWriter.putUnless(settings, IN_FLIGHT, config.inFlight(), LookupConfig.DEFAULT_IN_FLIGHT);
    JobFileWriter.putUnless(
        settings, KEYS_PER_CALL, config.keysPerCall(), LookupConfig.DEFAULT_KEYS_PER_CALL);
    if (!config.timeout().equals(LookupConfig.DEFAULT_TIMEOUT)) {
      JobFileWriter.putIfThere(settings, TIMEOUT, config.timeout());
    }
    LookupConfig.Cache cache = config.cache();
    if (cache != null) {
      settings.put(CACHE, cache(cache));
    }
    return settings;
  }

  private static Map<String, Object> cache(LookupConfig.Cache cache) {
    Map<String, Object> settings = new LinkedHashMap<>();
    JobFileWriter.putUnless(settings, ENTRIES, cache.entries(), LookupConfig.DEFAULT_ENTRIES);
    JobFileWriter.putIfThere(settings, TIME_TO_LIVE, cache.timeToLive());
    if (!cache.absentTimeToLive().equals(cache.timeToLive())) {
      JobFileWriter.putIfThere(settings, ABSENT, cache.absentTimeToLive());
    }
    return settings;
  }
}
