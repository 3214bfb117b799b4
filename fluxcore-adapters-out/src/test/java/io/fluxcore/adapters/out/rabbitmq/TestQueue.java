package io.fluxcore.adapters.out.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.fluxcore.application.kit.RabbitMqServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A durable queue of a test's server, and what was taken from it. */
final class TestQueue {
  private final RabbitMqServer server;
  private final String name;
  private final List<GetResponse> taken = new ArrayList<>();

  TestQueue(RabbitMqServer server, String name) {
    this.server = server;
    this.name = name;
    with(channel -> channel.queueDeclare(name, true, false, false, Map.of()));
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
      return action.on(channel);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** All messages that have ever been in it. */
  List<GetResponse> messages() {
    with(
        channel -> {
          for (GetResponse next = channel.basicGet(name, true);
              next != null;
              next = channel.basicGet(name, true)) {
            taken.add(next);
          }
          return true;
        });
    return taken;
  }
}
