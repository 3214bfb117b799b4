package io.fluxcore.adapters.out.redis;

import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.error.RecordException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Redis refuses, in words that help. */
final class RedisSinkErrors {
  static final String REFUSED = "FLX-REDIS-0011";
  static final String NO_ANSWER = "FLX-REDIS-0012";
  static final String FAILED = "FLX-REDIS-0013";
  static final String ROW = "FLX-REDIS-0101";

  /** Answers of one that is full, starts, is busy with a script, or became a replica. */
  private static final List<String> NOT_NOW =
      List.of(
          "OOM", "LOADING", "BUSY", "READONLY", "MASTERDOWN", "TRYAGAIN", "MISCONF", "NOREPLICAS");

  private static final List<String> NO_ACCESS =
      List.of("NOAUTH", "WRONGPASS", "NOPERM", "ERR AUTH", "ERR invalid password");

  private RedisSinkErrors() {}

  /** Whether the same command may be taken later. */
  static boolean isForNow(String answer) {
    return NOT_NOW.stream().anyMatch(answer::startsWith);
  }

  static boolean isNoAccess(String answer) {
    return NO_ACCESS.stream().anyMatch(answer::startsWith);
  }

  static FluxCoreException refused(RedisAddress address, String answer, Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.USER,
        List.of(
            Diagnostic.error(
                REFUSED,
                Place.of("user"),
                "cannot use Redis at " + address.uri() + ": " + answer,
                "give the user and password that it expects, with the right to use the keys")),
        cause);
  }

  static TransientSinkException noAnswer(
      RedisAddress address, String reason, int taken, @Nullable Throwable cause) {
    return new TransientSinkException(
        Diagnostic.error(
            NO_ANSWER,
            Place.of("uri"),
            "cannot reach Redis at " + address.uri() + " now: " + reason,
            "see whether it runs, can be reached, and has room"),
        taken,
        cause);
  }

  static FluxCoreException failed(RedisAddress address, String reason, Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                FAILED,
                Place.of("uri"),
                "cannot write to Redis at " + address.uri() + ": " + reason,
                "see what is said there")),
        cause);
  }

  static RecordException row(String key, String answer) {
    return new RecordException(ROW, "Redis does not accept the row for '" + key + "': " + answer);
  }
}
