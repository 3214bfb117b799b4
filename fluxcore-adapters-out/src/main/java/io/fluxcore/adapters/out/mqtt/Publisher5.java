package io.fluxcore.adapters.out.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperties;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperty;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** A connection of version 5. */
final class Publisher5 extends Publisher {
  private final MqttSink sink;
  private final Mqtt5AsyncClient client;

  Publisher5(MqttSink sink, String clientId) {
    super(sink);
    this.sink = sink;
    var builder =
        Mqtt5Client.builder()
            .transportConfig(MqttTransport.of(sink.server()))
            .executorConfig(MqttTransport.executor())
            .addDisconnectedListener(context -> disconnected());
    this.client = (clientId.isEmpty() ? builder : builder.identifier(clientId)).buildAsync();
  }

  @Override
  CompletableFuture<?> connecting() {
    var connect =
        Mqtt5Connect.builder().cleanStart(true).keepAlive((int) sink.keepAlive().toSeconds());
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
    var publish =
        Mqtt5Publish.builder()
            .topic(message.topic)
            .payload(message.bytes)
            .qos(qos(sink.qos()))
            .retain(sink.retain());
    if (!message.properties.isEmpty()) {
      publish =
          publish.userProperties(
              Mqtt5UserProperties.of(
                  message.properties.entrySet().stream()
                      .map(one -> Mqtt5UserProperty.of(one.getKey(), one.getValue()))
                      .toList()));
    }
    return client
        .publish(publish.contentType(sink.contentType()).build())
        .thenCompose(Publisher5::outcome);
  }

  private static CompletableFuture<?> outcome(Mqtt5PublishResult result) {
    return result
        .getError()
        .<CompletableFuture<?>>map(CompletableFuture::failedFuture)
        .orElseGet(() -> CompletableFuture.completedFuture(result));
  }

  static MqttQos qos(int code) {
    MqttQos qos = MqttQos.fromCode(code);
    if (qos == null) {
      throw new IllegalArgumentException("quality of service " + code);
    }
    return qos;
  }

  @Override
  CompletableFuture<?> disconnecting() {
    return client.disconnect();
  }
}
