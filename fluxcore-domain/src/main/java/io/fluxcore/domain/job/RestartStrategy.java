package io.fluxcore.domain.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether and when a failed job starts again: a pure function of its failures.
 *
 * <p>What it takes is the times of the failures so far, oldest first, the newest last.
 */
public sealed interface RestartStrategy {
  /** Never again. */
  static RestartStrategy none() {
    return new None();
  }

  /**
   * A number of times, always after the same delay.
   *
   * @throws IllegalArgumentException if one of them is negative
   */
  static RestartStrategy fixedDelay(int attempts, Duration delay) {
    return new FixedDelay(attempts, delay);
  }

  /** Without end, each time after twice the delay, up to a minute by the hour. */
  static RestartStrategy exponentialBackoff(Duration initial, Duration maximum) {
    return new ExponentialBackoff(initial, maximum, 2.0, Duration.ofHours(1));
  }

  /** As long as there are no more than so many failures in an interval. */
  static RestartStrategy failureRate(int maxFailures, Duration interval, Duration delay) {
    return new FailureRate(maxFailures, interval, delay);
  }

  /**
   * The delay before the next start, or empty to give up.
   *
   * @param failures when the job failed, oldest first, this time included
   */
  Optional<Duration> afterFailure(List<Instant> failures);

  /** Never again. */
  record None() implements RestartStrategy {
    @Override
    public Optional<Duration> afterFailure(List<Instant> failures) {
      return Optional.empty();
    }
  }

  /**
   * A number of times, always after the same delay.
   *
   * @param attempts how often in the job's life
   */
  record FixedDelay(int attempts, Duration delay) implements RestartStrategy {
    public FixedDelay {
      atLeast("attempts", attempts, 0);
      notNegative("delay", delay);
    }

    @Override
    public Optional<Duration> afterFailure(List<Instant> failures) {
      return failures.size() <= attempts ? Optional.of(delay) : Optional.empty();
    }
  }

  /**
   * Without end; the delay grows with each failure and starts anew after a quiet time.
   *
   * @param initial first delay
   * @param maximum largest delay
   * @param factor from one delay to the next
   * @param quiet after this long without failure the delay is the initial one again
   */
  record ExponentialBackoff(Duration initial, Duration maximum, double factor, Duration quiet)
      implements RestartStrategy {
    public ExponentialBackoff {
      notNegative("initial", initial);
      notNegative("quiet", quiet);
      if (maximum.compareTo(initial) < 0) {
        throw new IllegalArgumentException("maximum " + maximum + " is below initial " + initial);
      }
      if (!(factor >= 1.0) || Double.isInfinite(factor)) {
        throw new IllegalArgumentException("factor " + factor + " is not a number from 1");
      }
    }

    @Override
    public Optional<Duration> afterFailure(List<Instant> failures) {
      int inARow = 0;
      for (int i = failures.size() - 1; i > 0; i--) {
        if (Duration.between(failures.get(i - 1), failures.get(i)).compareTo(quiet) >= 0) {
          break;
        }
        inARow++;
      }
      double millis = initial.toMillis() * Math.pow(factor, inARow);
      return Optional.of(
          millis >= maximum.toMillis() ? maximum : Duration.ofMillis(Math.round(millis)));
    }
  }

  /**
   * As long as failures stay rare.
   *
   * @param maxFailures in an interval that are gone on from
   * @param interval the interval
   * @param delay before each start
   */
  record FailureRate(int maxFailures, Duration interval, Duration delay)
      implements RestartStrategy {
    public FailureRate {
      atLeast("maxFailures", maxFailures, 1);
      notNegative("interval", interval);
      notNegative("delay", delay);
    }

    @Override
    public Optional<Duration> afterFailure(List<Instant> failures) {
      if (failures.isEmpty()) {
        return Optional.of(delay);
      }
      Instant since = failures.get(failures.size() - 1).minus(interval);
      long recent = failures.stream().filter(f -> f.isAfter(since)).count();
      return recent <= maxFailures ? Optional.of(delay) : Optional.empty();
    }
  }

  private static void atLeast(String what, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(what + " is " + value + ", must be at least " + least);
    }
  }

  private static void notNegative(String what, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(what + " is " + value + ", must not be negative");
    }
  }
}
