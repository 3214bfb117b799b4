package io.fluxcore.domain.topology;

/** Collects the settings of an MQTT source. Not thread-safe. */
public final class MqttSourceBuilder extends SourceBuilder<MqttSourceBuilder> {
  MqttSourceBuilder() {
    super("mqtt", null);
  }

  /** The broker: {@code tcp://host:1883}. */
  public MqttSourceBuilder withUri(String uri) {
    return with("uri", uri);
  }

  /** The topic filter to subscribe to. */
  public MqttSourceBuilder withTopic(String filter) {
    return with("topic", filter);
  }
}
