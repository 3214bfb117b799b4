package io.fluxcore.architecture.planted.libraries.debezium.adapters.in.cdc;

import io.debezium.engine.DebeziumEngine;

/** Allowed: a library in its folder. */
final class WellBehaved {
  DebeziumEngine<?> library;
}
