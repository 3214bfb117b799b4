package io.fluxcore.adapters.out.redis;

import io.fluxcore.adapters.out.lookup.KeyNames;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.LookupConnector;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.RequiredLibrary;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.join.Lookup;
import io.fluxcore.domain.join.LookupTable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.UnaryOperator;

/** Looks rows up in Redis: JSON texts at keys, or hashes. */
public final class RedisLookupConnector implements LookupConnector {
  private static final String NAME = "redis";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Looks rows up in Redis: JSON texts at keys, or hashes.",
          options(),
          EnumSet.of(Capability.PARALLEL),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public RedisLookupConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options =
        new ArrayList<>(
            List.of(
                RedisAddress.uriSpec(),
                OptionSpec.oneOf(
                    "mode",
                    List.of("set", "hash"),
                    "set",
                    "`set`: at the key is a JSON text, an object or a list of objects; `hash`: a"
                        + " hash with a text for each field."),
                OptionSpec.required(
                    "key",
                    OptionSpec.Type.STRING,
                    "The key, such as `user:{id}`; `{field}` stands for a value of the join's key,"
                        + " by the name that it has in the table.")));
    options.addAll(RedisAddress.accessSpecs());
    return options;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Lookup create(ConnectorOptions options, LookupTable table) {
    OptionProblems problems = new OptionProblems(NAME);
    KeyNames names =
        KeyNames.of("key", options.string("key"), table.key(), UnaryOperator.identity(), problems);
    RedisAddress address = RedisAddress.of(options, table.timeout(), problems);
    problems.throwIfAny();
    RequiredLibrary.check("io.lettuce.core.RedisClient", "io.lettuce:lettuce-core", NAME);
    return new RedisLookup(address, names, options.string("mode").equals("hash"), table.fields());
  }
}
