package io.fluxcore.adapters.in.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.fluxcore.application.kit.RabbitMqServer;
import java.util.Map;

/** A durable queue of a test's server. Each call has a connection of its own. */
final class TestQueue {
  private final RabbitMqServer server;
  private final String name;

  TestQueue(RabbitMqServer server, String name) {
    this.server = server;
    this.name = name;
  }

  /** What is done on a channel. */
  @FunctionalInterface
  interface Action<T> {
    T on(Channel channel) throws Exception;
  }

  <T> T with(Action<T> action) {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(server.port());
    factory.setAutomaticRecoveryEnabled(false);
    try (Connection connection = factory.newConnection();
        Channel channel = connection.createChannel()) {
      channel.confirmSelect();
      T result = action.on(channel);
      channel.waitForConfirmsOrDie(60_000);
      return result;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  void declareEmpty() {
    with(
        channel -> {
          channel.queueDeclare(name, true, false, false, Map.of());
          return channel.queuePurge(name);
        });
  }

  void delete() {
    with(channel -> channel.queueDelete(name));
  }

  void publish(AMQP.BasicProperties properties, byte[] body) {
    with(
        channel -> {
          channel.basicPublish("", name, properties, body);
          return true;
        });
  }

  /** Messages that are not given to anybody. */
  long ready() {
    return with(channel -> channel.messageCount(name));
  }
}
