package io.fluxcore.adapters.out.kafka;

import io.fluxcore.adapters.out.format.EncoderOptions;
import io.fluxcore.adapters.out.format.MessageEncoder;
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

/**
 * Writes rows as messages to topics of Kafka. In a job with checkpoints they become visible with
 * them, exactly once, to consumers that read committed messages.
 */
public final class KafkaSinkConnector implements SinkConnector {
  static final String NAME = "kafka";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Writes rows as messages to topics of Apache Kafka, exactly once.",
          options(),
          EnumSet.of(Capability.PARALLEL, Capability.TRANSACTIONAL, Capability.CHANGELOG),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public KafkaSinkConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>();
    options.add(
        OptionSpec.requiredUnlessOfHost(
                "bootstrapServers",
                OptionSpec.Type.STRING,
                "Brokers to begin with: `host:port`, several with commas between.")
            .asAddress());
    options.addAll(KafkaSettings.specs());
    options.addAll(EncoderOptions.ofMessages());
    options.addAll(KafkaClient.specs());
    return options;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema) {
    RequiredLibrary.check(
        "org.apache.kafka.clients.producer.KafkaProducer", "org.apache.kafka:kafka-clients", NAME);
    OptionProblems problems = new OptionProblems(NAME);
    KafkaClient client = KafkaClient.of(options, KafkaSettings.OWN_PROPERTIES, problems);
    KafkaSettings settings = KafkaSettings.of(options, schema, client, problems);
    MessageEncoder.Factory encoders = EncoderOptions.messages(options, schema, problems);
    problems.throwIfAny();
    RowRecords.Factory records = new RowRecords.Factory(settings, schema, encoders);
    return settings.exactlyOnce()
        ? new KafkaSink(settings, records)
        : new DirectSink(settings, records);
  }
}
