package io.fluxcore.domain.operator;

import java.time.Duration;

/**
 * How often and after which delays something is tried again.
 *
 * @param attempts how often it is tried again after the first failure
 * @param initial delay before the first of them
 * @param maximum largest delay
 * @param factor from one delay to the next
 */
public record RetryPolicy(int attempts, Duration initial, Duration maximum, double factor) {
  /** More attempts than this do not become more helpful. */
  public static final int MAX_ATTEMPTS = 100;

  private static final double USUAL_FACTOR = 2;

  public RetryPolicy {
    check(
        attempts >= 1 && attempts <= MAX_ATTEMPTS,
        "attempts is " + attempts + ", must be 1.." + MAX_ATTEMPTS);
    check(
        !initial.isNegative() && !initial.isZero(), "initial is " + initial + ", must be positive");
    check(
        maximum.compareTo(initial) >= 0,
        "maximum is " + maximum + ", must not be shorter than initial (" + initial + ")");
    check(factor >= 1 && factor <= 1_000, "factor is " + factor + ", must be 1..1000");
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** With delays that double up to a maximum. */
  public static RetryPolicy backOff(int attempts, Duration initial, Duration maximum) {
    return new RetryPolicy(attempts, initial, maximum, USUAL_FACTOR);
  }

  /** With one delay. */
  public static RetryPolicy fixedDelay(int attempts, Duration delay) {
    return new RetryPolicy(attempts, delay, delay, 1);
  }

  /**
   * The delay before an attempt.
   *
   * @param attempt from 1
   */
  public Duration delayBefore(int attempt) {
    double millis = initial.toMillis() * Math.pow(factor, attempt - 1);
    return millis >= maximum.toMillis() ? maximum : Duration.ofMillis(Math.max(1, (long) millis));
  }

  /** All delays together: how long a row keeps those behind it waiting at most. */
  public Duration longestWait() {
    Duration sum = Duration.ZERO;
    for (int attempt = 1; attempt <= attempts; attempt++) {
      sum = sum.plus(delayBefore(attempt));
    }
    return sum;
  }

  @Override
  public String toString() {
    return "retry " + attempts + " times after " + initial + ".." + maximum;
  }
}
