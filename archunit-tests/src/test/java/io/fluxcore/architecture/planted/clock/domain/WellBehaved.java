package io.fluxcore.architecture.planted.clock.domain;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Random;

/** Allowed: time and seed are passed in. */
final class WellBehaved {

  List<Object> now(Clock clock, long seed) {
    Collections.shuffle(new ArrayList<>(List.of(1)), new Random(seed));
    return List.of(Instant.now(clock), clock.millis(), new Date(clock.millis()));
  }
}
