package io.fluxcore.domain.topology;

import java.time.Duration;
import java.util.List;

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

  /** Fields that the key of a record is made of. */
  public KafkaSinkBuilder withKeyFields(String... fields) {
    return with("keyFields", List.of(fields));
  }

  /** {@code exactly-once} or {@code at-least-once}. */
  public KafkaSinkBuilder withGuarantee(String guarantee) {
    return with("guarantee", guarantee);
  }

  /** How long brokers keep a transaction that has not been committed. */
  public KafkaSinkBuilder withTransactionTimeout(Duration timeout) {
    return with("transactionTimeout", timeout);
  }

  /** How a record is written, such as {@code json}. */
  public KafkaSinkBuilder withFormat(String format) {
    return with("format", format);
  }
}
