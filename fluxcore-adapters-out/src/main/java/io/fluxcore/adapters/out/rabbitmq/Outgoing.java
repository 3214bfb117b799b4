package io.fluxcore.adapters.out.rabbitmq;

import com.rabbitmq.client.AMQP;
import io.fluxcore.domain.event.EventBatch;
import java.util.Arrays;

/** A message on its way out, and the row that it was made of. */
final class Outgoing {
  final EventBatch batch;
  final int row;
  final String routingKey;
  final AMQP.BasicProperties properties;
  final byte[] bytes;

  volatile State state = State.NEW;

  /** Whether no queue takes it; known before it is confirmed. */
  volatile boolean isReturned;

  /** How far it has come. */
  enum State {
    /** To be published, again if need be. */
    NEW,
    PUBLISHED,
    CONFIRMED
  }

  Outgoing(
      EventBatch batch, int row, String routingKey, AMQP.BasicProperties properties, byte[] bytes) {
    this.batch = batch;
    this.row = row;
    this.routingKey = routingKey;
    this.properties = properties;
    this.bytes = bytes;
  }

  /** Whether it says this; the server does not tell which of several that do. */
  boolean says(String itsRoutingKey, byte[] body) {
    return routingKey.equals(itsRoutingKey) && Arrays.equals(bytes, body);
  }
}
