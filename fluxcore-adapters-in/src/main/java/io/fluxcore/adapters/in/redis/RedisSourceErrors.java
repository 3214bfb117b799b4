package io.fluxcore.adapters.in.redis;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Redis refuses, in words that help. */
final class RedisSourceErrors {
  static final String NO_ANSWER = "FLX-REDIS-0012";
  static final String REFUSED = "FLX-REDIS-0021";
  static final String NO_STREAM = "FLX-REDIS-0022";
  static final String FAILED = "FLX-REDIS-0023";
  static final String LOST = "FLX-REDIS-0024";
  static final String ANOTHER_STREAM = "FLX-REDIS-0025";
  static final String POSITION = "FLX-REDIS-0026";
  static final String NO_PAYLOAD = "FLX-REDIS-0102";

  /** Answers of one that starts, is busy with a script, or has lost its master. */
  private static final List<String> NOT_NOW =
      List.of("LOADING", "BUSY", "MASTERDOWN", "TRYAGAIN", "CLUSTERDOWN", "ERR max number of");

  private static final List<String> NO_ACCESS =
      List.of("NOAUTH", "WRONGPASS", "NOPERM", "ERR AUTH", "ERR invalid password");

  private RedisSourceErrors() {}

  /** The answer of Redis that an error was made of, or null if it answered nothing. */
  static @Nullable String answer(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof RedisCommandExecutionException answer) {
        return String.valueOf(answer.getMessage());
      }
    }
    return null;
  }

  /** Whether the same command may be carried out later. */
  static boolean isForNow(String answer) {
    return NOT_NOW.stream().anyMatch(answer::startsWith);
  }

  static boolean isNoStream(String answer) {
    return answer.startsWith("ERR no such key");
  }

  /** What an answer that is for good means. */
  static FluxCoreException of(
      RedisSettings settings, String stream, String answer, Throwable cause) {
    if (NO_ACCESS.stream().anyMatch(answer::startsWith)) {
      return exception(
          ErrorCategory.USER,
          REFUSED,
          "user",
          "cannot read from Redis at " + settings.uri() + ": " + answer,
          "give the user and password that it expects, with the right to read the streams"
              + " (xread, xinfo, type, multi, exec)",
          cause);
    }
    if (answer.startsWith("WRONGTYPE")) {
      return notAStream(settings, stream, "another kind", cause);
    }
    return exception(
        ErrorCategory.EXTERNAL,
        FAILED,
        "uri",
        "cannot read '" + stream + "' from Redis at " + settings.uri() + ": " + answer,
        "see what is said there",
        cause);
  }

  static FluxCoreException noAnswer(RedisSettings settings, String answer, Throwable cause) {
    return exception(
        ErrorCategory.EXTERNAL,
        NO_ANSWER,
        "uri",
        "Redis at " + settings.uri() + " does not answer now: " + answer,
        "see whether it runs; a job waits for it",
        cause);
  }

  static FluxCoreException notAStream(
      RedisSettings settings, String stream, String type, @Nullable Throwable cause) {
    return exception(
        ErrorCategory.USER,
        NO_STREAM,
        "stream",
        "'" + stream + "' in Redis at " + settings.uri() + " is no stream but of " + type,
        "name a stream, or take the key away",
        cause);
  }

  static FluxCoreException lost(String code, String stream, String what) {
    return exception(
        ErrorCategory.EXTERNAL,
        code,
        stream,
        what,
        "set onLostEntries to earliest or latest to go on without them, or start anew",
        null);
  }

  static FluxCoreException position(String stream, String text, Throwable cause) {
    return exception(
        ErrorCategory.EXTERNAL,
        POSITION,
        stream,
        "'" + text + "' is no position in a stream",
        "start from a checkpoint of this source",
        cause);
  }

  private static FluxCoreException exception(
      ErrorCategory category,
      String code,
      String place,
      String message,
      String remedy,
      @Nullable Throwable cause) {
    return new FluxCoreException(
        category, List.of(Diagnostic.error(code, Place.of(place), message, remedy)), cause);
  }
}
