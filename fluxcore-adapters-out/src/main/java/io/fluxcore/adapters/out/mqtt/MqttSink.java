package io.fluxcore.adapters.out.mqtt;

import io.fluxcore.adapters.out.format.MessageEncoder;
import io.fluxcore.application.connector.ServerAddress;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Topics that messages go to.
 *
 * @param isVersion5 else 3.1.1
 * @param clientId beginning of the writers' names; null: the broker names them
 * @param batchSize most messages that wait to be acknowledged
 */
record MqttSink(
    ServerAddress server,
    boolean isVersion5,
    @Nullable String clientId,
    TopicPattern topic,
    Schema schema,
    int qos,
    boolean retain,
    List<String> propertyFields,
    @Nullable String contentType,
    int batchSize,
    Duration acknowledgeTimeout,
    Duration keepAlive,
    MessageEncoder.Factory encoders)
    implements Sink {

  @Override
  public @Nullable DeliveryGuarantee guarantee() {
    return qos == 0 ? DeliveryGuarantee.AT_MOST_ONCE : null;
  }

  @Override
  public void check() {
    Publisher publisher = publisher("check");
    try {
      publisher.connect();
    } catch (IOException e) {
      throw MqttErrors.unreachable(
          "the broker " + server + " cannot be reached now: " + e.getMessage(),
          "see whether it runs; a job waits for it",
          e);
    } finally {
      publisher.close();
    }
  }

  /** One that is not connected. */
  Publisher publisher(String name) {
    String id = clientId == null ? "" : clientId + "-" + name;
    return isVersion5 ? new Publisher5(this, id) : new Publisher3(this, id);
  }

  @Override
  public Changes takes() {
    return encoders.takes();
  }

  @Override
  public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
    return new MqttWriter(this, encoders.create(), Integer.toString(subtask));
  }
}
