package io.fluxcore.architecture.planted.libraries.hivemq.adapters.in.mqtt;

import com.hivemq.client.mqtt.MqttClient;

/** Allowed: a library in its folder. */
final class WellBehaved {
  MqttClient library;
}
