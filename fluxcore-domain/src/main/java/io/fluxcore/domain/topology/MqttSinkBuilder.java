package io.fluxcore.domain.topology;

/** Collects the settings of an MQTT sink. Not thread-safe. */
public final class MqttSinkBuilder extends SinkBuilder<MqttSinkBuilder> {
  MqttSinkBuilder() {
    super("mqtt", null);
  }

  /** The broker: {@code tcp://host:1883}, without password. */
  public MqttSinkBuilder withUri(String uri) {
    return with("uri", uri);
  }

  /** Who comes. */
  public MqttSinkBuilder withUser(String user, String password) {
    return with("user", user).with("password", password);
  }

  /** The topic; {@code {field}} in it stands for the value of that field. */
  public MqttSinkBuilder withTopic(String topic) {
    return with("topic", topic);
  }

  /** The quality of service: 0, 1 or 2. */
  public MqttSinkBuilder withQos(int qos) {
    return with("qos", qos);
  }

  /** Whether the broker keeps the last message of a topic for who comes later. */
  public MqttSinkBuilder withRetain(boolean retain) {
    return with("retain", retain);
  }

  /** How a message is written, such as {@code json}. */
  public MqttSinkBuilder withFormat(String format) {
    return with("format", format);
  }
}
