package io.fluxcore.adapters.in.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperties;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.fluxcore.application.kit.MosquittoServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** Publishes to a test's broker; each call has a connection of its own. */
final class TestTopic {
  private TestTopic() {}

  static void with(MosquittoServer server, Consumer<Mqtt5BlockingClient> action) {
    Mqtt5BlockingClient client =
        Mqtt5Client.builder().serverHost("127.0.0.1").serverPort(server.port()).buildBlocking();
    client.connect();
    try {
      action.accept(client);
    } finally {
      client.disconnect();
    }
  }

  /** Messages with quality of service 1, which the broker has when this returns. */
  static void publish(MosquittoServer server, String topic, long fromId, long toId) {
    with(
        server,
        client -> {
          for (long id = fromId; id < toId; id++) {
            client.publish(message(topic, "{\"id\":" + id + "}", "m" + id));
          }
        });
  }

  static Mqtt5Publish message(String topic, String text, String id) {
    return Mqtt5Publish.builder()
        .topic(topic)
        .payload(text.getBytes(StandardCharsets.UTF_8))
        .qos(MqttQos.AT_LEAST_ONCE)
        .userProperties(Mqtt5UserProperties.builder().add("id", id).build())
        .build();
  }

  /** Takes a session away from the broker. */
  static void forget(MosquittoServer server, List<String> clientIds) {
    for (String id : clientIds) {
      Mqtt5BlockingClient client =
          Mqtt5Client.builder()
              .identifier(id)
              .serverHost("127.0.0.1")
              .serverPort(server.port())
              .buildBlocking();
      client.connectWith().cleanStart(true).sessionExpiryInterval(0).send();
      client.disconnect();
    }
  }
}
