package io.fluxcore.architecture.planted.clock.application;

import java.util.function.LongSupplier;

/** Planted: the clock by method reference. */
final class RefersToTheClock {

  LongSupplier ticker() {
    return System::nanoTime;
  }
}
