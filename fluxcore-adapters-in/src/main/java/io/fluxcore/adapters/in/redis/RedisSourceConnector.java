package io.fluxcore.adapters.in.redis;

import io.fluxcore.adapters.in.format.FormatOptions;
import io.fluxcore.adapters.in.format.MessageFields;
import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.RequiredLibrary;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * Reads streams of Redis. Each stream is a split, whose position is the id of the last entry that
 * was read; checkpoints hold it, and Redis keeps nothing of the reader.
 */
public final class RedisSourceConnector implements SourceConnector {
  private static final String NAME = "redis";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Reads streams of Redis, from any entry on.",
          options(),
          EnumSet.of(
              Capability.BOUNDED,
              Capability.REPLAYABLE,
              Capability.PROJECTION,
              Capability.EVENT_TIME,
              Capability.PARALLEL),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public RedisSourceConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>(RedisSettings.specs());
    options.addAll(FormatOptions.ofMessages());
    options.add(MessageFields.option(RedisSettings.PARTS));
    options.addAll(RedisSettings.accessSpecs());
    return options;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Source create(ConnectorOptions options, ConnectorServices services) {
    OptionProblems problems = new OptionProblems(NAME);
    RedisSettings settings = RedisSettings.of(options, problems);
    FormatOptions formats = new FormatOptions(options, services, problems);
    RecordFormat format = settings.payload() == null ? formats.texts() : formats.message();
    MessageFields fields =
        MessageFields.of(options, RedisSettings.PARTS, format.schema(), problems);
    problems.throwIfAny();
    RequiredLibrary.check("io.lettuce.core.RedisClient", "io.lettuce:lettuce-core", NAME);
    return new RedisSource(settings, format, fields);
  }
}
