package io.fluxcore.architecture.planted.technology.domain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Allowed: the JDK, arrays of it, and nullness annotations. */
final class WellBehaved {
  @Nullable Duration duration;
  long[][] numbers = new long[1][1];
}
