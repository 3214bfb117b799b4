package io.fluxcore.domain.topology;

/** Collects the settings of a Kafka source. Not thread-safe. */
public final class KafkaSourceBuilder extends SourceBuilder<KafkaSourceBuilder> {
  KafkaSourceBuilder() {
    super("kafka", null);
  }

  /** Brokers to start from: {@code host:port,…}. */
  public KafkaSourceBuilder withBootstrapServers(String servers) {
    return with("bootstrapServers", servers);
  }

  /** The topic to read. */
  public KafkaSourceBuilder withTopic(String topic) {
    return with("topic", topic);
  }

  /** The group under which offsets are committed for others to see. */
  public KafkaSourceBuilder withConsumerGroup(String group) {
    return with("consumerGroup", group);
  }

  /** In place of a topic a regular expression of names of topics. */
  public KafkaSourceBuilder withTopicPattern(String pattern) {
    return with("topicPattern", pattern);
  }

  /** Whether reading ends with what is there when it begins. */
  public KafkaSourceBuilder withBounded(boolean bounded) {
    return with("bounded", bounded);
  }

  /**
   * Where a start without a checkpoint begins: {@code earliest}, {@code latest} or {@code
   * committed}.
   */
  public KafkaSourceBuilder withStartFrom(String start) {
    return with("startFrom", start);
  }

  /** How a record is written, such as {@code json}. */
  public KafkaSourceBuilder withFormat(String format) {
    return with("format", format);
  }
}
