package io.fluxcore.adapters.in.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.MessageProperties;
import io.fluxcore.application.kit.RabbitMqServer;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A stream of a test's server. */
final class TestStream {
  /** So that little is kept, and much is deleted at once. */
  static final Map<String, Object> SHORT =
      Map.of("x-max-length-bytes", 40_000, "x-stream-max-segment-size-bytes", 20_000);

  private final TestQueue queue;
  private final String name;

  TestStream(RabbitMqServer server, String name) {
    this.queue = new TestQueue(server, name);
    this.name = name;
  }

  /** Makes it. */
  TestStream declare(Map<String, Object> arguments) {
    Map<String, Object> all = new HashMap<>(arguments);
    all.put("x-queue-type", "stream");
    queue.with(channel -> channel.queueDeclare(name, true, false, false, all));
    return this;
  }

  void delete() {
    queue.delete();
  }

  /** Messages with an id as offsets have it, if they are the first ones. */
  void publish(long fromId, long toId) {
    publish(fromId, toId, "");
  }

  void publish(long fromId, long toId, String padding) {
    queue.with(
        channel -> {
          for (long id = fromId; id < toId; id++) {
            channel.basicPublish("", name, properties(id), json(id, padding));
          }
          return true;
        });
  }

  /**
   * Publishes when another one has made the stream: before, messages go nowhere, and while it is
   * made, the server ends the connection.
   */
  void publishWhenMade(long fromId, long toId) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try {
        queue.with(channel -> channel.queueDeclarePassive(name));
        publish(fromId, toId);
        return;
      } catch (IllegalStateException e) {
        if (System.nanoTime() > deadline || isServed()) {
          throw e;
        }
      }
    }
  }

  private static AMQP.BasicProperties properties(long id) {
    return MessageProperties.PERSISTENT_BASIC
        .builder()
        .messageId("m" + id)
        .timestamp(new Date(id * 1000))
        .build();
  }

  private static byte[] json(long id, String padding) {
    return ("{\"id\":" + id + ",\"name\":\"ü" + padding + "\"}").getBytes(StandardCharsets.UTF_8);
  }

  void publish(String text) {
    queue.publish(properties(0), text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Waits until a server that was started again serves it, which has messages: what is published
   * before is confirmed, and lost.
   */
  void awaitServed() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!isServed()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("'" + name + "' is not served");
      }
    }
  }

  private boolean isServed() {
    try {
      return first() != StreamEnds.NONE;
    } catch (IllegalStateException e) {
      return false; // not yet
    }
  }

  /** Offset of the oldest message. */
  long first() {
    return queue.with(
        channel ->
            StreamEnds.first(
                channel.getConnection(),
                new RabbitMqSource.Queue(name, true, false, true, Map.of())));
  }
}
