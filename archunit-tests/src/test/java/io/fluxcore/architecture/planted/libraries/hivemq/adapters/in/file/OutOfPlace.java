package io.fluxcore.architecture.planted.libraries.hivemq.adapters.in.file;

import com.hivemq.client.mqtt.MqttClient;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  MqttClient library;
}
