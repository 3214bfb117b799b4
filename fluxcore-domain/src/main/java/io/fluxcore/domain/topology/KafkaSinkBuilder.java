package io.fluxcore.domain.topology;

/** Collects the settings of a Kafka sink. Not thread-safe. */
public final class KafkaSinkBuilder extends SinkBuilder<KafkaSinkBuilder> {
  KafkaSinkBuilder() {
    super("kafka", null);
  }

  /** Brokers to start from: {@code host:port,…}. */
  public KafkaSinkBuilder withBootstrapServers(String servers) {
    return with("bootstrapServers", servers);
  }

  /** The topic to write. */
  public KafkaSinkBuilder withTopic(String topic) {
    return with("topic", topic);
  }

  /** How a record is written, such as {@code json}. */
  public KafkaSinkBuilder withFormat(String format) {
    return with("format", format);
  }
}
