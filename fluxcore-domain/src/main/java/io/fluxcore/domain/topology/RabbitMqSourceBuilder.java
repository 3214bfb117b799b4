package io.fluxcore.domain.topology;

/** Collects the settings of a RabbitMQ source. Not thread-safe. */
public final class RabbitMqSourceBuilder extends SourceBuilder<RabbitMqSourceBuilder> {
  RabbitMqSourceBuilder() {
    super("rabbitmq", null);
  }

  /** The server: {@code amqp://host:5672/vhost}, without password. */
  public RabbitMqSourceBuilder withUri(String uri) {
    return with("uri", uri);
  }

  /** Who comes. */
  public RabbitMqSourceBuilder withUser(String user, String password) {
    return with("user", user).with("password", password);
  }

  /** The queue to consume. */
  public RabbitMqSourceBuilder withQueue(String queue) {
    return with("queue", queue);
  }

  /** Acknowledges messages when they are in this directory, until a checkpoint holds them. */
  public RabbitMqSourceBuilder withSpool(String directory) {
    return with("spool", directory);
  }

  /** Acknowledges messages with the checkpoint that holds what came of them. */
  public RabbitMqSourceBuilder withAcknowledgeOnCheckpoint() {
    return with("acknowledge", "checkpoint");
  }

  /** How many messages the server gives without acknowledgement. */
  public RabbitMqSourceBuilder withPrefetch(int messages) {
    return with("prefetch", messages);
  }

  /** How a message is written, such as {@code json}. */
  public RabbitMqSourceBuilder withFormat(String format) {
    return with("format", format);
  }
}
