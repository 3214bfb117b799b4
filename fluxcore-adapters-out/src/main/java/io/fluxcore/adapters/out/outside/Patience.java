package io.fluxcore.adapters.out.outside;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * For how long a sink tries again what another system does not take now: with pauses that rise from
 * 50 ms to 5 s. Begins when it is made. Not thread-safe.
 */
public final class Patience {
  private static final String INTERRUPTED = "FLX-SINK-0004";
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final long end;
  private long pauseMillis = FIRST_PAUSE_MILLIS;
  private int attempts = 1;

  public Patience(Duration whole) {
    end = System.nanoTime() + whole.toNanos();
  }

  /** How often was tried, from 1. */
  public int attempts() {
    return attempts;
  }

  /** Waits before another attempt; whether there is time for one. */
  public boolean again() {
    return again(Duration.ZERO);
  }

  /**
   * Waits before another attempt; whether there is time for one.
   *
   * @param asked how long the other system asks to be left alone, at least
   */
  public boolean again(Duration asked) {
    long leftMillis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    if (leftMillis <= 0 || asked.toMillis() > leftMillis) {
      return false;
    }
    try {
      TimeUnit.MILLISECONDS.sleep(Math.min(leftMillis, Math.max(pauseMillis, asked.toMillis())));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
    attempts++;
    return true;
  }

  /** The error of a thread that is told to end while it waits. */
  public static FluxCoreException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                INTERRUPTED,
                Place.of("sink"),
                "interrupted while another system was waited for",
                "")),
        e);
  }
}
