package io.fluxcore.architecture.planted.clock.infrastructure;

/** Allowed: a host reads the clock, and passes it in. */
final class WellBehaved {

  long now() {
    return System.nanoTime();
  }
}
