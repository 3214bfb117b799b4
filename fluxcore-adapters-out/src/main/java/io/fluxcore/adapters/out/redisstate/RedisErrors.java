package io.fluxcore.adapters.out.redisstate;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Errors of Redis as FluxCore's.
 *
 * @param operatorId whose state is concerned
 * @param address of Redis, without user and password
 */
record RedisErrors(String operatorId, String address) {
  private static final String AGAIN = "the job goes on from its last checkpoint as its restart";

  /** Answers of one that starts, is busy with a script, or became a replica. */
  private static final List<String> NOT_NOW =
      List.of("LOADING", "BUSY", "READONLY", "MASTERDOWN", "TRYAGAIN");

  /** There is no connection, or no more. */
  FluxCoreException unreachable(String what, @Nullable Throwable cause) {
    return failed(
        ErrorCategory.EXTERNAL,
        "FLX-REDIS-0001",
        "Redis at " + address + " cannot be used: " + what,
        AGAIN + " strategy says; see that Redis runs there and fluxcore.state.redis.* name it",
        cause);
  }

  /** An answer that says no. */
  FluxCoreException refused(String answer) {
    if (answer.startsWith("OOM")) {
      return failed(
          ErrorCategory.RESOURCE,
          "FLX-REDIS-0002",
          "Redis at " + address + " is full: " + answer,
          "raise its maxmemory, or give the job another state backend; " + AGAIN + " strategy says",
          null);
    }
    if (NOT_NOW.stream().anyMatch(answer::startsWith)) {
      return unreachable("it answers " + answer, null);
    }
    return failed(
        ErrorCategory.EXTERNAL,
        "FLX-REDIS-0005",
        "Redis at " + address + " refused a command: " + answer,
        "see that the user of fluxcore.state.redis.* may read and write keys of its prefix",
        null);
  }

  /** What was stored is not there any more, or must be taken to be gone. */
  FluxCoreException gone(String what) {
    return failed(
        ErrorCategory.EXTERNAL,
        "FLX-REDIS-0003",
        "the state in Redis at " + address + " is gone: " + what,
        AGAIN + " strategy says, with its state written anew",
        null);
  }

  /** A Redis that would lose state. */
  FluxCoreException unsuitable(String what, String remedy) {
    return failed(
        ErrorCategory.EXTERNAL,
        "FLX-REDIS-0004",
        "Redis at " + address + " cannot keep state: " + what,
        remedy,
        null);
  }

  /** An address that is none. */
  FluxCoreException noAddress(IllegalArgumentException e) {
    return failed(
        ErrorCategory.USER,
        "FLX-REDIS-0006",
        "'" + address + "' is no address of Redis: " + e.getMessage(),
        "write redis://host:port/database, or rediss://… for TLS, in fluxcore.state.redis.uri",
        e);
  }

  private FluxCoreException failed(
      ErrorCategory category,
      String code,
      String message,
      String remedy,
      @Nullable Throwable cause) {
    return new FluxCoreException(
        category,
        List.of(Diagnostic.error(code, Place.of("operator '" + operatorId + "'"), message, remedy)),
        cause);
  }
}
