package io.fluxcore.architecture.planted.libraries.amqp.adapters.in.file;

import com.rabbitmq.client.Channel;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  Channel library;
}
