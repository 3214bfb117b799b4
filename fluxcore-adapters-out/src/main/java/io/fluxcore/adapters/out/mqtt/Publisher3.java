package io.fluxcore.adapters.out.mqtt;

import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3Connect;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** A connection of version 3.1.1. */
final class Publisher3 extends Publisher {
  private final MqttSink sink;
  private final Mqtt3AsyncClient client;

  Publisher3(MqttSink sink, String clientId) {
    super(sink);
    this.sink = sink;
    var builder =
        Mqtt3Client.builder()
            .transportConfig(MqttTransport.of(sink.server()))
            .executorConfig(MqttTransport.executor())
            .addDisconnectedListener(context -> disconnected());
    this.client = (clientId.isEmpty() ? builder : builder.identifier(clientId)).buildAsync();
  }

  @Override
  CompletableFuture<?> connecting() {
    var connect =
        Mqtt3Connect.builder().cleanSession(true).keepAlive((int) sink.keepAlive().toSeconds());
    String user = sink.server().user();
    if (user != null) {
      String password = sink.server().password().read();
      var access = connect.simpleAuth().username(user);
      connect =
          (password == null ? access : access.password(password.getBytes(StandardCharsets.UTF_8)))
              .applySimpleAuth();
    }
    return client.connect(connect.build());
  }

  @Override
  CompletableFuture<?> publish(Outgoing message) {
    return client.publish(
        Mqtt3Publish.builder()
            .topic(message.topic)
            .payload(message.bytes)
            .qos(Publisher5.qos(sink.qos()))
            .retain(sink.retain())
            .build());
  }

  @Override
  CompletableFuture<?> disconnecting() {
    return client.disconnect();
  }
}
