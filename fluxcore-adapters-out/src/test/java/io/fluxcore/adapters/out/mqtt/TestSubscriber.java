package io.fluxcore.adapters.out.mqtt;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.fluxcore.application.kit.MosquittoServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A session that is subscribed to topics, and what it was given. */
final class TestSubscriber {
  private static final String END = "end-of-test";

  private final MosquittoServer server;
  private final String name;
  private final List<Mqtt5Publish> received = new ArrayList<>();

  TestSubscriber(MosquittoServer server, String name) {
    this.server = server;
    this.name = name;
    Mqtt5BlockingClient client = connected();
    client.subscribeWith().topicFilter(name + "/#").qos(MqttQos.EXACTLY_ONCE).send();
    client.disconnect();
  }

  private Mqtt5BlockingClient connected() {
    Mqtt5BlockingClient client =
        Mqtt5Client.builder()
            .identifier(name)
            .serverHost("127.0.0.1")
            .serverPort(server.port())
            .buildBlocking();
    client.connectWith().cleanStart(false).sessionExpiryInterval(3600).send();
    return client;
  }

  /** All messages that the broker has given to the session until now. */
  List<Mqtt5Publish> messages() {
    Mqtt5BlockingClient client =
        Mqtt5Client.builder()
            .identifier(name)
            .serverHost("127.0.0.1")
            .serverPort(server.port())
            .buildBlocking();
    try (Mqtt5Publishes publishes = client.publishes(MqttGlobalPublishFilter.ALL, true)) {
      client.connectWith().cleanStart(false).sessionExpiryInterval(3600).send();
      client.publishWith().topic(name + "/" + END).qos(MqttQos.EXACTLY_ONCE).send();
      while (true) {
        Optional<Mqtt5Publish> next = publishes.receive(60, TimeUnit.SECONDS);
        Mqtt5Publish publish = next.orElseThrow();
        publish.acknowledge();
        if (publish.getTopic().toString().endsWith(END)) {
          return received;
        }
        received.add(publish);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      client.disconnect();
    }
  }
}
