package io.fluxcore.adapters.out.redis;

import io.fluxcore.adapters.out.format.RowTemplate;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.domain.event.Schema;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where rows go, and as what.
 *
 * @param address where Redis is
 * @param mode what a row becomes
 * @param key names the key, stream, list or channel of a row
 * @param timeToLive of keys and hashes, or null: they stay
 * @param maxLength entries that streams and lists keep, or 0: all
 * @param batchSize rows that are sent together
 * @param retryTimeout for how long is tried again what Redis does not take now
 */
record RedisOptions(
    RedisAddress address,
    Mode mode,
    RowTemplate key,
    @Nullable Duration timeToLive,
    long maxLength,
    int batchSize,
    Duration retryTimeout) {
  private static final int MAX_BATCH = 100_000;

  /** What a row becomes. */
  enum Mode {
    /** A key with a JSON text. */
    SET,
    /** A hash with a text for each field. */
    HASH,
    /** An entry of a stream with a text for each field. */
    STREAM,
    /** A JSON text at the end of a list. */
    LIST,
    /** A JSON text that is published. */
    PUBLISH;

    /** Whether what is there is known by the row's key, and a row takes the place of another. */
    boolean isByKey() {
      return this == SET || this == HASH;
    }

    private boolean isSequence() {
      return this == STREAM || this == LIST;
    }
  }

  static RedisOptions of(ConnectorOptions options, Schema schema, OptionProblems problems) {
    Mode mode = Mode.valueOf(options.string("mode").toUpperCase(Locale.ROOT));
    RowTemplate key = RowTemplate.of("key", options.string("key"), schema, problems);
    if (mode.isByKey() && !key.hasFields()) {
      problems.add(
          "key",
          "all rows of mode '" + options.string("mode") + "' would have the key '" + key + "'",
          "name fields in it, such as user:{id}");
    }
    Duration timeToLive = options.optionalDuration("ttl");
    if (timeToLive != null && !mode.isByKey()) {
      problems.add(
          "ttl", "mode '" + options.string("mode") + "' has no keys of rows", "leave it out");
    } else if (timeToLive != null && timeToLive.toMillis() < 1) {
      problems.add("ttl", "keys would be gone at once", "give a time such as 1h");
    }
    long maxLength = options.integer("maxLength");
    problems.range("maxLength", maxLength, 0, Long.MAX_VALUE);
    if (maxLength > 0 && !mode.isSequence()) {
      problems.add(
          "maxLength", "only streams and lists have a length", "leave it out, or set the mode");
    }
    problems.range("batchSize", options.integer("batchSize"), 1, MAX_BATCH);
    if (options.duration("timeout").toMillis() < 1) {
      problems.add("timeout", "an answer needs time", "give one such as 10s");
    }
    return new RedisOptions(
        RedisAddress.of(options, options.duration("timeout"), problems),
        mode,
        key,
        timeToLive,
        maxLength,
        (int) options.integer("batchSize"),
        options.duration("retryTimeout"));
  }
}
