package io.fluxcore.adapters.in.kafka;

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
 * Reads topics of Kafka. Each partition is a split, whose position is the offset of the next
 * record; checkpoints hold it, and offsets that a consumer group commits are for others to see.
 */
public final class KafkaSourceConnector implements SourceConnector {
  static final String NAME = "kafka";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Reads topics of Apache Kafka, partition by partition.",
          options(),
          EnumSet.of(
              Capability.BOUNDED,
              Capability.REPLAYABLE,
              Capability.PROJECTION,
              Capability.EVENT_TIME,
              Capability.PARALLEL),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public KafkaSourceConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>();
    options.add(
        OptionSpec.requiredUnlessOfHost(
                "bootstrapServers",
                OptionSpec.Type.STRING,
                "Brokers to begin with: `host:port`, several with commas between.")
            .asAddress());
    options.addAll(KafkaSettings.specs());
    options.addAll(FormatOptions.ofMessages());
    options.add(MessageFields.option(KafkaSettings.PARTS));
    options.addAll(KafkaClient.specs());
    return options;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Source create(ConnectorOptions options, ConnectorServices services) {
    RequiredLibrary.check(
        "org.apache.kafka.clients.consumer.KafkaConsumer", "org.apache.kafka:kafka-clients", NAME);
    OptionProblems problems = new OptionProblems(NAME);
    KafkaClient client = KafkaClient.of(options, KafkaSettings.OWN_PROPERTIES, problems);
    KafkaSettings settings = KafkaSettings.of(options, services.regex(), client, problems);
    RecordFormat format = new FormatOptions(options, services, problems).message();
    MessageFields fields =
        MessageFields.of(options, KafkaSettings.PARTS, format.schema(), problems);
    problems.throwIfAny();
    return new KafkaSource(settings, format, fields);
  }
}
