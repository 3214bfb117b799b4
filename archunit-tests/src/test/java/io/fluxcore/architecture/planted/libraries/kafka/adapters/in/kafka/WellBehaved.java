package io.fluxcore.architecture.planted.libraries.kafka.adapters.in.kafka;

import org.apache.kafka.common.TopicPartition;

/** Allowed: a library in its folder. */
final class WellBehaved {
  TopicPartition library;
}
