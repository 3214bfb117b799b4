package io.fluxcore.architecture.planted.libraries.kafka.adapters.in.file;

import org.apache.kafka.common.TopicPartition;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  TopicPartition library;
}
