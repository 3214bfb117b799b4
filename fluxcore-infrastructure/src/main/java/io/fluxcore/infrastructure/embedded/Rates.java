package io.fluxcore.infrastructure.embedded;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * How fast numbers change, over the last few seconds: the difference to a sample of about {@value
 * #SPAN_MILLIS} ms ago. Time is passed in; where it goes back, or has hardly gone on, there are no
 * rates. Not thread-safe.
 */
final class Rates {
  private static final long SPAN_MILLIS = 5_000;
  private static final long STEP_MILLIS = 1_000;
  private static final double MILLIS_PER_SECOND = 1_000;

  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(long atMillis, Map<String, Long> numbers) {}

  void clear() {
    samples.clear();
  }

  /** Whether it is time for a sample. */
  boolean isDue(long nowMillis) {
    return samples.isEmpty() || nowMillis - samples.getLast().atMillis() >= STEP_MILLIS;
  }

  void sample(long nowMillis, Map<String, Long> numbers) {
    samples.addLast(new Sample(nowMillis, new HashMap<>(numbers)));
    while (samples.size() > 1 && nowMillis - second().atMillis() >= SPAN_MILLIS) {
      samples.removeFirst();
    }
  }

  private Sample second() {
    return samples.stream().skip(1).findFirst().orElseThrow();
  }

  /** By how much a number has risen in a second; 0 where that is not known. */
  double perSecond(String name, long nowMillis, long value) {
    for (Sample sample : samples) {
      Long before = sample.numbers().get(name);
      if (before != null) {
        long elapsed = nowMillis - sample.atMillis();
        return elapsed < STEP_MILLIS
            ? 0
            : Math.max(0, (value - before) * MILLIS_PER_SECOND / elapsed);
      }
    }
    return 0;
  }
}
