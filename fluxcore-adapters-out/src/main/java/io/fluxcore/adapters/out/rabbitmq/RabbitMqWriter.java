package io.fluxcore.adapters.out.rabbitmq;

import com.rabbitmq.client.ConnectionFactory;
import io.fluxcore.adapters.out.format.MessageEncoder;
import io.fluxcore.adapters.out.format.TextValues;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Publishes messages, and keeps each until the server has confirmed it: what it has not is
 * published again, on this connection or the next one.
 */
final class RabbitMqWriter implements SinkWriter {
  private static final String UNROUTABLE = "FLX-RABBITMQ-0007";
  private static final String TOO_LARGE = "FLX-RABBITMQ-0008";
  private static final String NO_KEY = "FLX-RABBITMQ-0009";

  private final RabbitMqSink sink;
  private final MessageEncoder encoder;
  private final String name;
  private final ConnectionFactory factory;
  private final TextValues texts = new TextValues();
  private final List<Outgoing> pending = new ArrayList<>();
  private RecordFailures failures = RecordFailures.FAIL;
  private @Nullable PublishingChannel channel;

  RabbitMqWriter(RabbitMqSink sink, MessageEncoder encoder, String name) {
    this.sink = sink;
    this.encoder = encoder;
    this.name = name;
    this.factory = sink.factory();
  }

  @Override
  public void write(EventBatch batch, RecordFailures newFailures) {
    failures = newFailures;
    if (pending.size() >= sink.batchSize()) {
      flush();
    }
    encoder.encode(batch, failures);
    for (int i = 0; i < encoder.count(); i++) {
      int row = encoder.row(i);
      byte[] bytes = encoder.bytes(i);
      String routingKey = sink.shape().routingKey(batch, row, texts);
      if (routingKey == null) {
        failures.failed(
            batch, row, new RecordException(NO_KEY, "the field of the routing key is null"));
      } else if (bytes.length > sink.maxMessageBytes()) {
        failures.failed(
            batch,
            row,
            new RecordException(
                TOO_LARGE,
                "the message has "
                    + bytes.length
                    + " bytes, more than the "
                    + sink.maxMessageBytes()
                    + " of maxMessageBytes"));
      } else {
        pending.add(
            new Outgoing(
                batch, row, routingKey, sink.shape().properties(batch, row, texts), bytes));
      }
    }
  }

  @Override
  public void flush() {
    if (pending.isEmpty()) {
      return;
    }
    String problem = publish();
    List<Outgoing> unconfirmed = new ArrayList<>();
    List<Outgoing> unroutable = new ArrayList<>();
    for (Outgoing message : pending) {
      if (message.state != Outgoing.State.CONFIRMED) {
        unconfirmed.add(message);
      } else if (message.isReturned) {
        unroutable.add(message);
      }
    }
    pending.clear();
    pending.addAll(unconfirmed);
    for (Outgoing message : unroutable) {
      failures.failed(
          message.batch,
          message.row,
          new RecordException(
              UNROUTABLE,
              "no queue takes the routing key '"
                  + message.routingKey
                  + "' of exchange '"
                  + sink.exchange()
                  + "'"));
    }
    if (problem != null) {
      throw unreachable(problem, null);
    }
  }

  /** Publishes what is pending, and waits for the server; what has gone wrong, or null. */
  private @Nullable String publish() {
    PublishingChannel open = channel;
    if (open == null || !open.isOpen()) {
      close();
      for (Outgoing message : pending) {
        if (message.state != Outgoing.State.CONFIRMED) {
          message.state = Outgoing.State.NEW;
        }
      }
      try {
        open = PublishingChannel.open(sink, factory, "fluxcore sink " + name);
      } catch (IOException e) {
        throw unreachable(e.toString(), e);
      }
      channel = open;
    }
    try {
      return open.publish(pending);
    } finally {
      if (!open.isOpen()) {
        close();
      }
    }
  }

  private TransientSinkException unreachable(String why, @Nullable Throwable cause) {
    return RabbitMqConnections.unreachable(
        pending.size() + " messages are not confirmed by the server " + sink.server() + ": " + why,
        "they are published again until they are",
        cause);
  }

  @Override
  public void close() {
    PublishingChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }
}
