package io.fluxcore.adapters.in.rest;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Answers to requests that carried a key, for a day and in memory, so that a client that got no
 * answer can ask again without doing a thing twice. Errors are not kept: the same request may be
 * made again. Thread-safe.
 *
 * @param <T> what is answered
 */
final class IdempotencyKeys<T> {
  private static final Duration KEPT = Duration.ofHours(24);
  private static final int MOST = 10_000;
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

  private final InstantSource time;
  private final Map<String, Entry<T>> entries = new LinkedHashMap<>();

  IdempotencyKeys(InstantSource time) {
    this.time = time;
  }

  /**
   * The answer to a request: the one given before, or the action's.
   *
   * @param fingerprint equal for equal requests
   */
  T answer(String key, String fingerprint, Supplier<T> action) {
    if (!KEY.matcher(key).matches()) {
      throw Refused.parameter(
          "Idempotency-Key", "a key is 1 to 255 visible ASCII characters", "send a UUID");
    }
    T known = claim(key, fingerprint);
    if (known != null) {
      return known;
    }
    @Nullable T answer = null;
    try {
      answer = action.get();
      return answer;
    } finally {
      settle(key, fingerprint, answer);
    }
  }

  private synchronized @Nullable T claim(String key, String fingerprint) {
    forgetOld();
    Entry<T> entry = entries.get(key);
    if (entry == null) {
      entries.put(key, new Entry<>(fingerprint, null, time.instant()));
      return null;
    }
    if (!entry.fingerprint().equals(fingerprint)) {
      throw new Refused(
          HttpStatus.UNPROCESSABLE_CONTENT,
          "FLX-REST-0010",
          "the Idempotency-Key '" + key + "' came with another request before",
          "use a new key for a new request");
    }
    if (entry.answer() == null) {
      throw new Refused(
              HttpStatus.CONFLICT,
              "FLX-REST-0011",
              "the request with the Idempotency-Key '" + key + "' is still being worked on",
              "ask again in a moment")
          .retryAfter(1);
    }
    return entry.answer();
  }

  private synchronized void settle(String key, String fingerprint, @Nullable T answer) {
    entries.remove(key);
    if (answer != null) {
      entries.put(key, new Entry<>(fingerprint, answer, time.instant()));
    }
  }

  /** Oldest first, as a settled entry moves to the end; those being worked on stay. */
  private void forgetOld() {
    Instant horizon = time.instant().minus(KEPT);
    Iterator<Entry<T>> oldest = entries.values().iterator();
    int surplus = entries.size() - MOST;
    while (oldest.hasNext()) {
      Entry<T> entry = oldest.next();
      if (surplus <= 0 && !entry.at().isBefore(horizon)) {
        return;
      }
      if (entry.answer() != null) {
        oldest.remove();
        surplus--;
      }
    }
  }

  private record Entry<T>(String fingerprint, @Nullable T answer, Instant at) {}
}
