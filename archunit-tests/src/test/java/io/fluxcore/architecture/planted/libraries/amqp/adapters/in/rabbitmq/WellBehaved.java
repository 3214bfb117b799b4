package io.fluxcore.architecture.planted.libraries.amqp.adapters.in.rabbitmq;

import com.rabbitmq.client.Channel;

/** Allowed: a library in its folder. */
final class WellBehaved {
  Channel library;
}
