package io.fluxcore.architecture.planted.libraries.debezium.adapters.in.file;

import io.debezium.engine.DebeziumEngine;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  DebeziumEngine<?> library;
}
