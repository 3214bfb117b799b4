package io.fluxcore.domain.time;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as options and job files write them: {@code 500ms}, {@code 10s}, {@code 5m}, {@code
 * 1h}, {@code 2d}, or ISO-8601 ({@code PT1M30S}). Never negative.
 */
public final class DurationText {
  private static final Pattern SHORT =
      Pattern.compile("([0-9]+)\\s*(ns|us|ms|s|m|min|h|d)", Pattern.CASE_INSENSITIVE);

  private DurationText() {}

  /**
   * The duration of a text.
   *
   * @throws IllegalArgumentException if it is none; the message says how to write one
   */
  public static Duration parse(String text) {
    String trimmed = text.strip();
    try {
      Matcher matcher = SHORT.matcher(trimmed);
      if (matcher.matches()) {
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
          case "ns" -> Duration.ofNanos(amount);
          case "us" -> Duration.ofNanos(Math.multiplyExact(amount, 1_000L));
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m", "min" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        };
      }
      if (trimmed.equals("0")) {
        return Duration.ZERO;
      }
      Duration duration = Duration.parse(trimmed);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeParseException | NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException(problem(text), e);
    }
    throw new IllegalArgumentException(problem(text));
  }

  private static String problem(String text) {
    return "'" + text + "' is not a duration; write 500ms, 10s, 5m, 1h, 2d or ISO-8601 (PT1M30S)";
  }

  /** The shortest text that {@link #parse} reads back. */
  public static String format(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    if (duration.toNanosPart() % 1_000_000 != 0) {
      return duration.toString();
    }
    long millis;
    try {
      millis = duration.toMillis();
    } catch (ArithmeticException e) {
      return duration.toString();
    }
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
