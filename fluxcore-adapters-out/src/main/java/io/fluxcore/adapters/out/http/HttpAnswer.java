package io.fluxcore.adapters.out.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is answered.
 *
 * @param headers the first value of each, by name in lower case
 * @param text the body, or as much of it as was read
 */
public record HttpAnswer(int status, Map<String, String> headers, String text) {
  private static final int LONGEST_REASON = 1_000;

  /** Too many requests, and what stands before a server that is not there. */
  private static final Set<Integer> NOT_NOW = Set.of(408, 425, 429, 502, 503, 504);

  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /** Whether the status says that the same request may be taken later. */
  public boolean isForNow() {
    return NOT_NOW.contains(status);
  }

  /** A header, or null. */
  public @Nullable String header(String lowerCaseName) {
    return headers.get(lowerCaseName);
  }

  /** For a person. */
  public String reason() {
    String body = text.strip();
    return "status "
        + status
        + (body.isEmpty()
            ? ""
            : ": " + (body.length() > LONGEST_REASON ? body.substring(0, LONGEST_REASON) : body));
  }

  /** How long the server asks to be left alone; zero: it does not. */
  Duration retryAfter(Instant now) {
    String value = header("retry-after");
    if (value == null) {
      return Duration.ZERO;
    }
    try {
      return Duration.ofSeconds(Math.max(0, Long.parseLong(value.strip())));
    } catch (NumberFormatException e) {
      return untilDate(value, now);
    }
  }

  private static Duration untilDate(String value, Instant now) {
    try {
      Instant then =
          ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO;
    } catch (DateTimeException e) {
      return Duration.ZERO; // neither seconds nor a date: as if it were not there
    }
  }
}
