package io.fluxcore.infrastructure.outside;

import io.fluxcore.domain.expression.Outside;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** The clock of this machine, and random numbers that are good for anything but secrets. */
public final class MachineOutside implements Outside {
  /** It has no settings. */
  public MachineOutside() {}

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long random() {
    return ThreadLocalRandom.current().nextLong();
  }
}
