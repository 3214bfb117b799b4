package io.fluxcore.adapters.out.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A channel on which the server confirms what is published. One thread publishes, those of the
 * client library tell what the server says.
 */
final class PublishingChannel implements AutoCloseable {
  /**
   * What may be on its way: more could block the thread that publishes, and cannot be taken back.
   */
  private static final long MAX_UNCONFIRMED_BYTES = 1 << 20;

  private final RabbitMqSink sink;
  private final Connection connection;
  private final Channel channel;

  // What follows is guarded by this.
  private final TreeMap<Long, Outgoing> unconfirmed = new TreeMap<>();
  private long unconfirmedBytes;
  private boolean isRefused;
  private @Nullable String blocked;
  private @Nullable ShutdownSignalException end;

  private PublishingChannel(RabbitMqSink sink, Connection connection, Channel channel) {
    this.sink = sink;
    this.connection = connection;
    this.channel = channel;
  }

  /**
   * Connects.
   *
   * @throws IOException if the server cannot be reached now
   */
  static PublishingChannel open(RabbitMqSink sink, ConnectionFactory factory, String name)
      throws IOException {
    Connection connection = RabbitMqConnections.open(factory, sink.server(), name);
    try {
      RabbitMqConnections.find(connection, sink.exchange());
      Channel channel = RabbitMqConnections.channel(connection);
      PublishingChannel result = new PublishingChannel(sink, connection, channel);
      connection.addBlockedListener(result::blocked, () -> result.blocked(null));
      channel.addConfirmListener(
          (tag, multiple) -> result.answered(tag, multiple, true),
          (tag, multiple) -> result.answered(tag, multiple, false));
      channel.addReturnListener(
          (code, text, exchange, routingKey, properties, body) ->
              result.returned(routingKey, body));
      channel.addShutdownListener(result::ended);
      channel.confirmSelect();
      return result;
    } catch (ShutdownSignalException e) {
      connection.abort(RabbitMqConnections.CLOSE_MILLIS);
      throw RabbitMqConnections.asIo(e);
    } catch (IOException | RuntimeException e) {
      connection.abort(RabbitMqConnections.CLOSE_MILLIS);
      throw e;
    }
  }

  synchronized boolean isOpen() {
    return end == null && channel.isOpen();
  }

  private synchronized void blocked(@Nullable String reason) {
    blocked = reason;
    notifyAll();
  }

  private synchronized void answered(long tag, boolean multiple, boolean isTaken) {
    NavigableMap<Long, Outgoing> those =
        multiple ? unconfirmed.headMap(tag, true) : unconfirmed.subMap(tag, true, tag, true);
    for (Outgoing message : those.values()) {
      message.state = isTaken ? Outgoing.State.CONFIRMED : Outgoing.State.NEW;
      isRefused |= !isTaken;
      unconfirmedBytes -= message.bytes.length;
    }
    those.clear();
    notifyAll();
  }

  /** Comes before the confirmation. */
  private synchronized void returned(String routingKey, byte[] body) {
    for (Outgoing message : unconfirmed.values()) {
      if (!message.isReturned && message.says(routingKey, body)) {
        message.isReturned = true;
        return;
      }
    }
  }

  private synchronized void ended(ShutdownSignalException why) {
    end = why;
    notifyAll();
  }

  /** Publishes messages, and waits until all are confirmed; what has gone wrong, or null. */
  @Nullable String publish(List<Outgoing> messages) {
    long deadline = System.nanoTime() + sink.confirmTimeout().toNanos();
    synchronized (this) {
      isRefused = false;
    }
    try {
      for (Outgoing message : messages) {
        if (message.state == Outgoing.State.NEW) {
          String problem = await(MAX_UNCONFIRMED_BYTES, deadline);
          if (problem != null) {
            return problem;
          }
          begin(message);
          channel.basicPublish(
              sink.exchange(),
              message.routingKey,
              sink.mandatory(),
              message.properties,
              message.bytes);
        }
      }
      String problem = await(0, deadline);
      return problem == null && isRefused() ? "the server refuses to take messages" : problem;
    } catch (IOException | ShutdownSignalException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private synchronized boolean isRefused() {
    return isRefused;
  }

  private synchronized void begin(Outgoing message) {
    message.state = Outgoing.State.PUBLISHED;
    message.isReturned = false;
    unconfirmed.put(channel.getNextPublishSeqNo(), message);
    unconfirmedBytes += message.bytes.length;
  }

  /** Waits until no more than so many bytes are unconfirmed; what is in the way, or null. */
  private synchronized @Nullable String await(long bytes, long deadline) {
    try {
      while (bytes == 0 ? !unconfirmed.isEmpty() : unconfirmedBytes > bytes) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (end != null) {
          return why(end);
        }
        if (left <= 0) {
          return giveUp();
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
    if (end != null && bytes > 0) {
      return why(end);
    }
    return blocked != null && bytes > 0 ? giveUp() : null;
  }

  private String giveUp() {
    return blocked == null
        ? "it has not confirmed in " + sink.confirmTimeout()
        : "it takes no messages now: " + blocked;
  }

  /** An exchange that is gone, or a message that is refused, will not do next time either. */
  private String why(ShutdownSignalException signal) {
    if (signal.getReason() instanceof AMQP.Channel.Close close) {
      throw RabbitMqConnections.refused(close, sink.exchange(), signal);
    }
    return String.valueOf(signal.getMessage());
  }

  @Override
  public void close() {
    connection.abort(RabbitMqConnections.CLOSE_MILLIS);
  }
}
