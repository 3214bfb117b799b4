package io.fluxcore.adapters.in.mqtt;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3Connect;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscribe;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscription;
import io.fluxcore.adapters.in.backlog.Message;
import io.fluxcore.adapters.in.backlog.MessageProperties;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A session of version 3.1.1. */
final class MqttSession3 implements MqttSession {
  private final MqttSource.Session session;
  private final Listener listener;
  private final Mqtt3AsyncClient client;

  MqttSession3(MqttSource.Session session, Listener listener) {
    this.session = session;
    this.listener = listener;
    this.client =
        Mqtt3Client.builder()
            .identifier(session.clientId())
            .transportConfig(MqttTransport.of(session.server()))
            .executorConfig(MqttTransport.executor())
            .addDisconnectedListener(context -> listener.disconnected(context.getCause()))
            .buildAsync();
  }

  @Override
  public CompletableFuture<Boolean> connect() {
    var connect =
        Mqtt3Connect.builder()
            .cleanSession(session.expiry().isZero())
            .keepAlive((int) session.keepAlive().toSeconds());
    String user = session.server().user();
    if (user != null) {
      String password = session.server().password().read();
      var access = connect.simpleAuth().username(user);
      connect =
          (password == null ? access : access.password(password.getBytes(StandardCharsets.UTF_8)))
              .applySimpleAuth();
    }
    return client.connect(connect.build()).thenApply(answer -> answer.isSessionPresent());
  }

  @Override
  public CompletableFuture<Void> subscribe() {
    List<Mqtt3Subscription> subscriptions =
        session.filters().stream()
            .map(
                filter ->
                    Mqtt3Subscription.builder()
                        .topicFilter(filter)
                        .qos(MqttSession5.qos(session.qos()))
                        .build())
            .toList();
    return client
        .subscribe(Mqtt3Subscribe.builder().addSubscriptions(subscriptions).build())
        .thenAccept(answer -> {});
  }

  @Override
  public void receive() {
    client.publishes(
        MqttGlobalPublishFilter.ALL,
        publish -> listener.arrived(message(publish), publish::acknowledge),
        true);
  }

  private static Message message(Mqtt3Publish publish) {
    return new Message(
        publish.getPayloadAsBytes(),
        MqttTransport.nowMicros(),
        new MessageProperties(
            null,
            publish.getTopic().toString(),
            publish.isRetain() ? Map.of("retained", "true") : Map.of()));
  }

  @Override
  public CompletableFuture<Void> disconnect() {
    return client.disconnect();
  }
}
