package io.fluxcore.adapters.in.mqtt;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5RetainHandling;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscribe;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscription;
import io.fluxcore.adapters.in.backlog.Message;
import io.fluxcore.adapters.in.backlog.MessageProperties;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A session of version 5. */
final class MqttSession5 implements MqttSession {
  private final MqttSource.Session session;
  private final Listener listener;
  private final Mqtt5AsyncClient client;

  MqttSession5(MqttSource.Session session, Listener listener) {
    this.session = session;
    this.listener = listener;
    this.client =
        Mqtt5Client.builder()
            .identifier(session.clientId())
            .transportConfig(MqttTransport.of(session.server()))
            .executorConfig(MqttTransport.executor())
            .addDisconnectedListener(context -> listener.disconnected(context.getCause()))
            .buildAsync();
  }

  @Override
  public CompletableFuture<Boolean> connect() {
    var connect =
        Mqtt5Connect.builder()
            .cleanStart(false)
            .sessionExpiryInterval(session.expiry().toSeconds())
            .keepAlive((int) session.keepAlive().toSeconds())
            .restrictions()
            .receiveMaximum(session.receiveMaximum())
            .applyRestrictions();
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
    List<Mqtt5Subscription> subscriptions =
        session.filters().stream()
            .map(
                filter ->
                    Mqtt5Subscription.builder()
                        .topicFilter(filter)
                        .qos(qos(session.qos()))
                        .retainHandling(
                            filter.startsWith("$share/")
                                ? Mqtt5RetainHandling.DO_NOT_SEND
                                : Mqtt5RetainHandling.SEND_IF_SUBSCRIPTION_DOES_NOT_EXIST)
                        .build())
            .toList();
    return client
        .subscribe(Mqtt5Subscribe.builder().addSubscriptions(subscriptions).build())
        .thenAccept(answer -> {});
  }

  static MqttQos qos(int code) {
    MqttQos qos = MqttQos.fromCode(code);
    if (qos == null) {
      throw new IllegalArgumentException("quality of service " + code);
    }
    return qos;
  }

  @Override
  public void receive() {
    client.publishes(
        MqttGlobalPublishFilter.ALL,
        publish -> listener.arrived(message(publish), publish::acknowledge),
        true);
  }

  private Message message(Mqtt5Publish publish) {
    Map<String, String> headers = new HashMap<>();
    publish.getContentType().ifPresent(type -> headers.put("content-type", type.toString()));
    publish.getResponseTopic().ifPresent(topic -> headers.put("response-topic", topic.toString()));
    if (publish.isRetain()) {
      headers.put("retained", "true");
    }
    publish
        .getUserProperties()
        .asList()
        .forEach(
            property -> headers.put(property.getName().toString(), property.getValue().toString()));
    String idProperty = session.idProperty();
    return new Message(
        publish.getPayloadAsBytes(),
        MqttTransport.nowMicros(),
        new MessageProperties(
            idProperty == null ? null : headers.get(idProperty),
            publish.getTopic().toString(),
            headers));
  }

  @Override
  public CompletableFuture<Void> disconnect() {
    return client.disconnect();
  }
}
