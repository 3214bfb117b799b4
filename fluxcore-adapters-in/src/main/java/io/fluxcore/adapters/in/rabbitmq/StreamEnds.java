package io.fluxcore.adapters.in.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The offsets of the first and last message that a stream has. AMQP has no question for them, so
 * they are read.
 */
final class StreamEnds {
  /** There is no message, or the server is slow. */
  static final long NONE = -1;

  private static final int PREFETCH = 1_000;
  private static final long ANSWER_MILLIS = 2_000;
  private static final long QUIET_MILLIS = 200;

  private StreamEnds() {}

  /** Offset of the oldest message. */
  static long first(Connection connection, RabbitMqSource.Queue queue)
      throws IOException, InterruptedException {
    return read(connection, queue, StreamPosition.EARLIEST.argument(), 1);
  }

  /**
   * Offset of the newest message, or a later one: the server gives messages by the chunks that it
   * has written them in, and those that come while it does.
   */
  static long last(Connection connection, RabbitMqSource.Queue queue)
      throws IOException, InterruptedException {
    return read(connection, queue, "last", Long.MAX_VALUE);
  }

  private static long read(
      Connection connection, RabbitMqSource.Queue queue, Object from, long most)
      throws IOException, InterruptedException {
    BlockingQueue<Seen> given = new LinkedBlockingQueue<>();
    Channel channel = RabbitMqConnections.channel(connection);
    try {
      channel.basicQos(PREFETCH);
      RabbitMqConnections.consume(
          channel, queue, Map.of(StreamInflow.OFFSET_ARGUMENT, from), new Looking(channel, given));
      long found = NONE;
      long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS);
      Seen seen = given.poll(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
      for (long count = 1; seen != null; count++) {
        found = Math.max(found, seen.offset());
        // Chunks that are written meanwhile are not waited for to the last.
        if (count == most || System.nanoTime() - until > 0) {
          break;
        }
        channel.basicAck(seen.tag(), true);
        seen = given.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
      }
      return found;
    } finally {
      channel.abort();
    }
  }

  /** A message that was given. */
  private record Seen(long offset, long tag) {}

  private static final class Looking extends DefaultConsumer {
    private final BlockingQueue<Seen> given;

    Looking(Channel channel, BlockingQueue<Seen> given) {
      super(channel);
      this.given = given;
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      given.add(new Seen(DeliveredMessage.offset(properties), envelope.getDeliveryTag()));
    }
  }
}
