package io.fluxcore.architecture.planted.technology.application;

import java.util.function.Supplier;

/** Allowed: the JDK. */
final class WellBehaved {
  Supplier<String> supplier;
}
