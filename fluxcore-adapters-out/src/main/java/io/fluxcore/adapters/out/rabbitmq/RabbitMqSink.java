package io.fluxcore.adapters.out.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.fluxcore.adapters.out.format.MessageEncoder;
import io.fluxcore.application.connector.ServerAddress;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.changelog.Changes;
import java.io.IOException;
import java.time.Duration;

/**
 * An exchange that messages go to.
 *
 * @param exchange empty: the default one
 * @param mandatory whether messages that no queue takes come back
 * @param batchSize most messages that wait for their confirmation
 */
record RabbitMqSink(
    ServerAddress server,
    String virtualHost,
    String exchange,
    boolean mandatory,
    int batchSize,
    Duration confirmTimeout,
    int maxMessageBytes,
    MessageShape shape,
    MessageEncoder.Factory encoders)
    implements Sink {

  ConnectionFactory factory() {
    return RabbitMqConnections.factory(server, virtualHost);
  }

  @Override
  public void check() {
    ConnectionFactory factory = factory();
    try {
      Connection connection = RabbitMqConnections.open(factory, server, "fluxcore check");
      try {
        RabbitMqConnections.find(connection, exchange);
      } finally {
        connection.abort(RabbitMqConnections.CLOSE_MILLIS);
      }
    } catch (IOException e) {
      throw RabbitMqConnections.unreachable(
          "the server " + server + " cannot be reached now: " + e.getMessage(),
          "see whether it runs; a job waits for it",
          e);
    }
  }

  @Override
  public Changes takes() {
    return encoders.takes();
  }

  @Override
  public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
    return new RabbitMqWriter(this, encoders.create(), operatorId + " " + subtask);
  }
}
