package io.fluxcore.architecture.planted.libraries.micrometer.infrastructure.metrics;

import io.micrometer.core.instrument.MeterRegistry;

/** Allowed: a library in its folder. */
final class WellBehaved {
  MeterRegistry library;
}
