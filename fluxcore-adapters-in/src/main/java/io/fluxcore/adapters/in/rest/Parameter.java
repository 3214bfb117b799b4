package io.fluxcore.adapters.in.rest;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads values of the query string. */
final class Parameter {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m)");

  private Parameter() {}

  static int integer(String name, String text, int least, int most) {
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw notAnInteger(name, text, least, most);
    }
    throw notAnInteger(name, text, least, most);
  }

  private static Refused notAnInteger(String name, String text, int least, int most) {
    return Refused.parameter(
        name,
        "'" + text + "' is not a number from " + least + " to " + most,
        "give a number, such as " + name + "=" + Math.max(least, Math.min(most, 50)));
  }

  static boolean flag(String name, @Nullable String text) {
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true")) {
      return true;
    }
    throw Refused.parameter(name, "'" + text + "' is neither true nor false", "give true or false");
  }

  static Instant time(String name, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw Refused.parameter(
          name, "'" + text + "' is no time", "give a time such as 2026-03-01T12:00:00Z");
    }
  }

  static Duration duration(String name, String text, Duration most) {
    Matcher matcher = DURATION.matcher(text);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration duration =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
          };
      if (duration.compareTo(most) <= 0) {
        return duration;
      }
    }
    throw Refused.parameter(
        name,
        "'" + text + "' is not a time of up to " + most.toSeconds() + " s",
        "give a number with ms, s or m, such as " + name + "=20s");
  }
}
