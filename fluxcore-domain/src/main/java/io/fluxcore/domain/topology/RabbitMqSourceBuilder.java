package io.fluxcore.domain.topology;

/** Collects the settings of a RabbitMQ source. Not thread-safe. */
public final class RabbitMqSourceBuilder extends SourceBuilder<RabbitMqSourceBuilder> {
  RabbitMqSourceBuilder() {
    super("rabbitmq", null);
  }

  /** The broker: {@code amqp://user:password@host:5672/vhost}. */
  public RabbitMqSourceBuilder withUri(String uri) {
    return with("uri", uri);
  }

  /** The queue to consume. */
  public RabbitMqSourceBuilder withQueue(String queue) {
    return with("queue", queue);
  }
}
