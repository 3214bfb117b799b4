package io.fluxcore.adapters.in.generator;

import io.fluxcore.domain.event.Values;
import java.time.Duration;
import java.time.Instant;

/** Which event stands at an index, and what its time is. Immutable. */
final class EventTimes {
  /** How far back a duplicate's original lies at most. */
  private static final long WINDOW = 100;

  private final Mixer delays;
  private final Mixer repeats;
  private final long startMicros;
  private final long stepNanos;
  private final double outOfOrder;
  private final long maxDelayMicros;
  private final double duplicates;

  EventTimes(
      long seed,
      Instant start,
      Duration step,
      double outOfOrder,
      Duration maxDelay,
      double duplicates) {
    this.delays = Mixer.of(seed, "$delay");
    this.repeats = Mixer.of(seed, "$duplicate");
    this.startMicros = Values.micros(start);
    this.stepNanos = step.toNanos();
    this.outOfOrder = outOfOrder;
    this.maxDelayMicros = maxDelay.toNanos() / 1000;
    this.duplicates = duplicates;
  }

  boolean hasDuplicates() {
    return duplicates > 0;
  }

  /** The index of the event that stands here: this one, or an earlier one that it repeats. */
  long original(long index) {
    long at = index;
    if (at > 0 && isDuplicate(at)) {
      at -= 1 + Mixer.below(repeats.bits(~at), Math.min(at, WINDOW));
      while (at > 0 && isDuplicate(at)) {
        at--;
      }
    }
    return at;
  }

  private boolean isDuplicate(long index) {
    return repeats.fraction(index) < duplicates;
  }

  /** Microseconds since the epoch. */
  long micros(long original) {
    long time = startMicros + scaled(original);
    if (outOfOrder > 0 && maxDelayMicros > 0 && delays.fraction(original) < outOfOrder) {
      time -= 1 + Mixer.below(delays.bits(~original), maxDelayMicros);
    }
    return time;
  }

  /**
   * An index before which all events are earlier than a time, as large as it can be told without
   * looking at each event: delays and repetitions only make events earlier.
   */
  long firstAt(Instant time) {
    long wanted = Values.micros(time);
    if (startMicros >= wanted) {
      return 0;
    }
    long low = 0; // earlier than wanted
    long high = 1;
    while (startMicros + scaled(high) < wanted) {
      low = high;
      if (high > (Long.MAX_VALUE >> 2) / Math.max(1, stepNanos / 1000 + 1)) {
        return high; // no event is so late
      }
      high <<= 1;
    }
    while (high - low > 1) {
      long middle = (low + high) >>> 1;
      if (startMicros + scaled(middle) < wanted) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** index × step without overflow on the way. */
  private long scaled(long index) {
    return stepNanos % 1000 == 0
        ? index * (stepNanos / 1000)
        : index * (stepNanos / 1000)
            + index / 1000 * (stepNanos % 1000)
            + index % 1000 * (stepNanos % 1000) / 1000;
  }
}
