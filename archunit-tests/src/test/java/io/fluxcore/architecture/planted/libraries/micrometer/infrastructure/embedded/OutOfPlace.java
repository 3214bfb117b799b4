package io.fluxcore.architecture.planted.libraries.micrometer.infrastructure.embedded;

import io.micrometer.core.instrument.MeterRegistry;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  MeterRegistry library;
}
