package io.fluxcore.adapters.in.rest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Statements that are to be run, or checked.
 *
 * @param sql statements, each but the last ended by a semicolon
 * @param setup statements that define what {@code sql} names, or null: none; places in errors are
 *     those in {@code sql}, or in {@code setup} if they say so
 * @param limit of a query: rows after which to end, or null: none
 * @param timeoutMs of a query: after which to end, or null: none
 */
record SqlRequest(
    @Nullable String sql, @Nullable String setup, @Nullable Long limit, @Nullable Long timeoutMs) {
  private static final long MAX_TIMEOUT_MS = Duration.ofDays(1).toMillis();

  /**
   * Finds everything that cannot be.
   *
   * @throws Refused if there is anything
   */
  SqlRequest checked() {
    List<Problem.Fault> faults = new ArrayList<>();
    if (sql == null || sql.isBlank()) {
      faults.add(Problem.Fault.at("/sql", "holds no statement"));
    }
    if (limit != null && limit < 1) {
      faults.add(Problem.Fault.at("/limit", "is " + limit + ", must be at least 1"));
    }
    if (timeoutMs != null && (timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS)) {
      faults.add(
          Problem.Fault.at("/timeoutMs", "is " + timeoutMs + ", must be 1 to " + MAX_TIMEOUT_MS));
    }
    if (!faults.isEmpty()) {
      throw Refused.invalid(faults, "send {\"sql\":\"SELECT …\"}, and what else is to be said");
    }
    return this;
  }

  String script() {
    return Objects.requireNonNull(sql);
  }

  String definitions() {
    return Objects.requireNonNullElse(setup, "");
  }

  long rows() {
    return Objects.requireNonNullElse(limit, Long.MAX_VALUE);
  }

  @Nullable Duration timeout() {
    return timeoutMs == null ? null : Duration.ofMillis(timeoutMs);
  }
}
