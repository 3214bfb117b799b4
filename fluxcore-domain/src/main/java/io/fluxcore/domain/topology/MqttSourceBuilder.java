package io.fluxcore.domain.topology;

import java.util.List;

/** Collects the settings of an MQTT source. Not thread-safe. */
public final class MqttSourceBuilder extends SourceBuilder<MqttSourceBuilder> {
  MqttSourceBuilder() {
    super("mqtt", null);
  }

  /** The broker: {@code tcp://host:1883}, without password. */
  public MqttSourceBuilder withUri(String uri) {
    return with("uri", uri);
  }

  /** Who comes. */
  public MqttSourceBuilder withUser(String user, String password) {
    return with("user", user).with("password", password);
  }

  /** The name by which the broker knows the session. */
  public MqttSourceBuilder withClientId(String clientId) {
    return with("clientId", clientId);
  }

  /** The filters of topics to subscribe to. */
  public MqttSourceBuilder withTopic(String... filters) {
    return with("topic", List.of(filters));
  }

  /** The quality of service: 0, 1 or 2. */
  public MqttSourceBuilder withQos(int qos) {
    return with("qos", qos);
  }

  /** Acknowledges messages when they are in this directory, until a checkpoint holds them. */
  public MqttSourceBuilder withSpool(String directory) {
    return with("spool", directory);
  }

  /** Acknowledges messages with the checkpoint that holds what came of them. */
  public MqttSourceBuilder withAcknowledgeOnCheckpoint() {
    return with("acknowledge", "checkpoint");
  }

  /** How a message is written, such as {@code json}. */
  public MqttSourceBuilder withFormat(String format) {
    return with("format", format);
  }
}
