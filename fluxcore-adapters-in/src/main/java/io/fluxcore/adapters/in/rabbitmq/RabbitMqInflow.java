package io.fluxcore.adapters.in.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.fluxcore.adapters.in.backlog.Backlog;
import io.fluxcore.adapters.in.backlog.Inflow;
import io.fluxcore.adapters.in.backlog.KeptConnection;
import io.fluxcore.adapters.in.backlog.Message;
import io.fluxcore.adapters.in.backlog.MessageInflow;
import io.fluxcore.application.connector.SplitPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Consumes a queue. The client library's own recovery is off: it would go on with the tags of a
 * channel that is gone. Instead, each connection has a channel and a consumer of its own, and what
 * was not acknowledged on the last one comes again.
 */
final class RabbitMqInflow implements Inflow {
  /** The usual priority, which streams do not have: so the server refuses them. */
  private static final Map<String, Object> NO_STREAM = Map.of("x-priority", 0);

  private final RabbitMqSource source;
  private final ConnectionFactory factory;
  private final MessageInflow<Delivery> messages;
  private final KeptConnection connection;
  private final ExecutorService acknowledging;
  private final Queue<Held> held = new ConcurrentLinkedQueue<>();
  private @Nullable Channel current;

  /**
   * By what a message is acknowledged.
   *
   * @param tag counts the messages of a channel
   */
  record Delivery(Channel channel, long tag) {}

  /** Messages that a checkpoint holds. */
  private record Held(List<Delivery> deliveries, Consumer<Predicate<Delivery>> confirmed) {}

  private RabbitMqInflow(
      RabbitMqSource source, @Nullable SplitPosition position, Runnable arrived) {
    this.source = source;
    this.factory = RabbitMqConnections.factory(source.server(), source.virtualHost());
    this.acknowledging =
        Executors.newSingleThreadExecutor(
            RabbitMqConnections.threads("acknowledging of " + source.queue()));
    this.messages =
        source
            .backlog()
            .open(
                source.queue().toString(),
                position,
                source.prefetch(),
                arrived,
                source.backlog().isSpooled() ? this::acknowledge : this::acknowledgeLater);
    this.connection =
        new KeptConnection(source.queue() + " at " + source.server(), this::consume, arrived);
  }

  static RabbitMqInflow open(
      RabbitMqSource source, @Nullable SplitPosition position, Runnable arrived) {
    RabbitMqInflow inflow = new RabbitMqInflow(source, position, arrived);
    inflow.connection.start();
    return inflow;
  }

  /** One connection, from its beginning to its end. */
  private void consume(Runnable connected) throws IOException, InterruptedException {
    Connection open = RabbitMqConnections.open(factory, source.server(), "fluxcore source");
    try {
      CompletableFuture<String> end = new CompletableFuture<>();
      Channel channel = RabbitMqConnections.channel(open);
      channel.addShutdownListener(why -> end.complete(String.valueOf(why.getMessage())));
      RabbitMqConnections.find(channel, source.queue());
      if (!source.backlog().isSpooled()) {
        channel.txSelect();
      }
      channel.basicQos(source.prefetch());
      begin(channel);
      RabbitMqConnections.consume(channel, source.queue(), NO_STREAM, new Deliveries(channel, end));
      connected.run();
      throw new IOException(end.get());
    } catch (ShutdownSignalException e) {
      throw new IOException(e.getMessage(), e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      open.abort(RabbitMqConnections.CLOSE_MILLIS);
    }
  }

  private synchronized void begin(Channel channel) {
    current = channel;
    messages.forget();
  }

  /** What an earlier connection still hands over comes again on this one. */
  private synchronized void deliver(Channel channel, long tag, Message message) {
    if (channel == current) {
      messages.offer(message, new Delivery(channel, tag));
    }
  }

  /** Hands over what comes. */
  private final class Deliveries extends DefaultConsumer {
    private final CompletableFuture<String> end;

    Deliveries(Channel channel, CompletableFuture<String> end) {
      super(channel);
      this.end = end;
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      deliver(
          getChannel(),
          envelope.getDeliveryTag(),
          DeliveredMessage.of(envelope, properties, body, source.byMessageId()));
    }

    @Override
    public void handleCancel(String tag) {
      end.complete("the server has cancelled the consumer: the queue was deleted or has moved");
    }
  }

  /** Those that are in the spool. */
  private void acknowledge(List<Delivery> deliveries, Consumer<Predicate<Delivery>> confirmed) {
    for (int i = 0; i < deliveries.size(); i++) {
      Delivery last = deliveries.get(i);
      boolean isLast =
          i + 1 == deliveries.size() || deliveries.get(i + 1).channel() != last.channel();
      if (isLast) {
        try {
          last.channel().basicAck(last.tag(), true);
        } catch (IOException | AlreadyClosedException e) {
          // The connection is gone, and its thread says so; they come again, and are known.
        }
      }
    }
  }

  private void acknowledgeLater(
      List<Delivery> deliveries, Consumer<Predicate<Delivery>> confirmed) {
    held.add(new Held(deliveries, confirmed));
    try {
      acknowledging.execute(this::acknowledgeHeld);
    } catch (RejectedExecutionException e) {
      // It is closed: they come again, and are known.
    }
  }

  /** All that wait, in one transaction, so that it is certain that the server knows. */
  private void acknowledgeHeld() {
    List<Held> all = new ArrayList<>();
    for (Held next = held.poll(); next != null; next = held.poll()) {
      all.add(next);
    }
    Channel channel = current();
    if (all.isEmpty() || channel == null) {
      return;
    }
    try {
      for (Held one : all) {
        for (Delivery delivery : one.deliveries()) {
          if (delivery.channel() == channel) {
            channel.basicAck(delivery.tag(), false);
          }
        }
      }
      channel.txCommit();
      all.forEach(one -> one.confirmed().accept(delivery -> delivery.channel() == channel));
    } catch (IOException | ShutdownSignalException e) {
      // As above.
    }
  }

  private synchronized @Nullable Channel current() {
    return current;
  }

  @Override
  public Backlog backlog() {
    return messages.backlog();
  }

  @Override
  public SplitPosition position() {
    return messages.position();
  }

  @Override
  public int takeDuplicates() {
    return messages.takeDuplicates();
  }

  @Override
  public void check() {
    connection.check();
    messages.check();
  }

  @Override
  public void close() {
    acknowledging.shutdown();
    try {
      if (!acknowledging.awaitTermination(
          RabbitMqConnections.CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        acknowledging.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // First, so that what is in the spool is acknowledged on this connection still.
    messages.close();
    connection.close();
  }
}
