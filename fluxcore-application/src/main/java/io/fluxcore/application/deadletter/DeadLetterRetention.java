package io.fluxcore.application.deadletter;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many letters of one job are kept. Beyond that the oldest go: those that were replayed first,
 * then those that wait, which are counted.
 *
 * @param letters most letters
 * @param bytes most bytes, as {@link DeadLetter#estimatedBytes} counts them
 * @param age how long after its last failure a letter is kept; null: for ever
 */
public record DeadLetterRetention(int letters, long bytes, @Nullable Duration age) {
  private static final long USUAL_BYTES = 64L << 20;

  public DeadLetterRetention {
    if (letters < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          "a retention of " + letters + " letters and " + bytes + " bytes keeps nothing");
    }
    if (age != null && (age.isZero() || age.isNegative())) {
      throw new IllegalArgumentException("age is " + age + ", must be positive");
    }
  }

  /** So many letters, {@value #USUAL_BYTES} bytes, of any age. */
  public static DeadLetterRetention ofLetters(int letters) {
    return new DeadLetterRetention(letters, USUAL_BYTES, null);
  }
}
