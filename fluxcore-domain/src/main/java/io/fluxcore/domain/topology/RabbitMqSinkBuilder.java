package io.fluxcore.domain.topology;

/** Collects the settings of a RabbitMQ sink. Not thread-safe. */
public final class RabbitMqSinkBuilder extends SinkBuilder<RabbitMqSinkBuilder> {
  RabbitMqSinkBuilder() {
    super("rabbitmq", null);
  }

  /** The server: {@code amqp://host:5672/vhost}, without password. */
  public RabbitMqSinkBuilder withUri(String uri) {
    return with("uri", uri);
  }

  /** Who comes. */
  public RabbitMqSinkBuilder withUser(String user, String password) {
    return with("user", user).with("password", password);
  }

  /** The exchange that messages go to. */
  public RabbitMqSinkBuilder withExchange(String exchange) {
    return with("exchange", exchange);
  }

  /** The routing key of all messages; for the default exchange the name of a queue. */
  public RabbitMqSinkBuilder withRoutingKey(String routingKey) {
    return with("routingKey", routingKey);
  }

  /** The field that holds the routing key of a row. */
  public RabbitMqSinkBuilder withRoutingKeyField(String field) {
    return with("routingKeyField", field);
  }

  /** The field that becomes the message id. */
  public RabbitMqSinkBuilder withIdField(String field) {
    return with("idField", field);
  }

  /** How a message is written, such as {@code json}. */
  public RabbitMqSinkBuilder withFormat(String format) {
    return with("format", format);
  }
}
