package io.fluxcore.domain.job;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;

/**
 * An {@link ErrorBreaker} at work: is told now and then what has been counted, and says when it is
 * too much. The window is seen in {@value #STEPS} steps. Counts of before the first call do not
 * matter. Time is passed in. Not thread-safe.
 */
public final class ErrorRate {
  private static final int STEPS = 20;

  private final ErrorBreaker breaker;
  private final long windowMillis;
  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(long atMillis, long rows, long failures) {}

  public ErrorRate(ErrorBreaker breaker) {
    this.breaker = breaker;
    this.windowMillis = breaker.window().toMillis();
  }

  /**
   * Takes a reading.
   *
   * @param rows that sources have read in all
   * @param failures of all operators in all
   * @return why the job is to be suspended, if it is
   */
  public Optional<String> observe(long nowMillis, long rows, long failures) {
    while (!samples.isEmpty() && isOutside(nowMillis)) {
      samples.removeFirst();
    }
    if (samples.isEmpty() || nowMillis - samples.getLast().atMillis() >= windowMillis / STEPS) {
      samples.addLast(new Sample(nowMillis, rows, failures));
    }
    Sample first = samples.getFirst();
    return judge(rows - first.rows(), failures - first.failures());
  }

  /** Whether the window begins behind the first sample even without it; or time went back. */
  private boolean isOutside(long nowMillis) {
    if (nowMillis < samples.getLast().atMillis()) {
      return true;
    }
    Sample second = samples.stream().skip(1).findFirst().orElse(null);
    return second != null && nowMillis - second.atMillis() >= windowMillis;
  }

  private Optional<String> judge(long rows, long failures) {
    if (failures > breaker.failures()) {
      return Optional.of(
          failures
              + " rows failed within "
              + breaker.window()
              + ", more than the "
              + breaker.failures()
              + " that are allowed");
    }
    if (breaker.share() < 1 && rows >= breaker.rows() && failures > breaker.share() * rows) {
      return Optional.of(
          failures
              + " failures with "
              + rows
              + " rows read within "
              + breaker.window()
              + ", more than the share of "
              + String.format(Locale.ROOT, "%s", breaker.share())
              + " that is allowed");
    }
    return Optional.empty();
  }
}
