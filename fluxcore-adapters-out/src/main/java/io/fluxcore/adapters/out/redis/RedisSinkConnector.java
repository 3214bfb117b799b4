package io.fluxcore.adapters.out.redis;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.RequiredLibrary;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Writes rows to Redis: as keys or hashes, each once, or to streams, lists and channels. */
public final class RedisSinkConnector implements SinkConnector {
  private static final String NAME = "redis";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Writes rows to Redis: as keys or hashes, each once, or to streams, lists and channels.",
          options(),
          EnumSet.of(Capability.PARALLEL, Capability.CHANGELOG, Capability.IDEMPOTENT),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public RedisSinkConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options =
        new ArrayList<>(
            List.of(
                RedisAddress.uriSpec(),
                OptionSpec.oneOf(
                    "mode",
                    List.of("set", "hash", "stream", "list", "publish"),
                    "set",
                    "`set` writes a row as JSON text at its key, `hash` as a hash with its fields;"
                        + " `stream` and `list` add it to the end of one, `publish` tells it to"
                        + " who listens."),
                OptionSpec.required(
                    "key",
                    OptionSpec.Type.STRING,
                    "The key, such as `user:{id}`, or the name of the stream, list or channel;"
                        + " `{field}` stands for a value, `{yyyy.MM.dd}` for the time of the event"
                        + " (UTC)."),
                OptionSpec.optional(
                    "ttl",
                    OptionSpec.Type.DURATION,
                    null,
                    "How long keys and hashes stay after they were written last; without it, for"
                        + " good."),
                OptionSpec.optional(
                    "maxLength",
                    OptionSpec.Type.LONG,
                    "0",
                    "Entries that a stream (about) or a list keeps, the newest; 0 keeps all."),
                OptionSpec.optional(
                    "batchSize",
                    OptionSpec.Type.LONG,
                    "1000",
                    "Rows that are sent together, from 1 to 100,000."),
                OptionSpec.optional(
                    "timeout", OptionSpec.Type.DURATION, "10s", "How long answers are waited for."),
                OptionSpec.optional(
                    "retryTimeout",
                    OptionSpec.Type.DURATION,
                    "30s",
                    "How long is tried again what Redis does not take now, before the sink says"
                        + " that it is not there.")));
    options.addAll(RedisAddress.accessSpecs());
    return options;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema) {
    OptionProblems problems = new OptionProblems(NAME);
    RedisOptions parsed = RedisOptions.of(options, schema, problems);
    problems.throwIfAny();
    RequiredLibrary.check("io.lettuce.core.RedisClient", "io.lettuce:lettuce-core", NAME);
    return new RedisSink(parsed, schema);
  }
}
