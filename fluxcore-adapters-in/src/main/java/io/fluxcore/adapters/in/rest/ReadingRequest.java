package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.results.SubscribeOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which results are to be read.
 *
 * @param sql a query over materialised views, in place of a job; or null
 * @param job id or name
 * @param node the node to read, or null: the only sink
 * @param latest how many of the latest rows to begin with, or null: none
 * @param limit rows after which to end, or null: none
 * @param timeoutMs after which to end, or null: none
 */
record ReadingRequest(
    @Nullable String sql,
    @Nullable String job,
    @Nullable String node,
    @Nullable Integer latest,
    @Nullable Long limit,
    @Nullable Long timeoutMs) {
  private static final long MAX_TIMEOUT_MS = Duration.ofDays(1).toMillis();

  /**
   * Finds everything that cannot be.
   *
   * @throws Refused if there is anything
   */
  void check() {
    List<Problem.Fault> faults = new ArrayList<>();
    if (sql != null) {
      if (sql.isBlank()) {
        faults.add(Problem.Fault.at("/sql", "holds no query"));
      }
      for (String other : ofAJob()) {
        faults.add(Problem.Fault.at("/" + other, "is of a job, and a query is given"));
      }
    } else if (job == null || job.isEmpty()) {
      faults.add(Problem.Fault.at("/job", "names no job"));
    }
    int begin = Objects.requireNonNullElse(latest, 0);
    if (begin < 0 || begin > SubscribeOptions.MAX_LATEST) {
      faults.add(
          Problem.Fault.at(
              "/latest", "is " + begin + ", must be 0 to " + SubscribeOptions.MAX_LATEST));
    }
    if (limit != null && limit < 1) {
      faults.add(Problem.Fault.at("/limit", "is " + limit + ", must be at least 1"));
    }
    if (timeoutMs != null && (timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS)) {
      faults.add(
          Problem.Fault.at("/timeoutMs", "is " + timeoutMs + ", must be 1 to " + MAX_TIMEOUT_MS));
    }
    if (!faults.isEmpty()) {
      throw Refused.invalid(
          faults, "send {\"job\":\"name\"} or {\"sql\":\"SELECT …\"}, and what else is to be said");
    }
  }

  private List<String> ofAJob() {
    List<String> given = new ArrayList<>();
    if (job != null) {
      given.add("job");
    }
    if (node != null) {
      given.add("node");
    }
    if (latest != null) {
      given.add("latest");
    }
    return given;
  }

  @Nullable String query() {
    return sql;
  }

  SubscribeOptions options() {
    return SubscribeOptions.of(Objects.requireNonNullElse(node, ""))
        .withLatest(Objects.requireNonNullElse(latest, 0));
  }

  String jobName() {
    return Objects.requireNonNull(job);
  }

  long rows() {
    return Objects.requireNonNullElse(limit, Long.MAX_VALUE);
  }

  @Nullable Duration timeout() {
    return timeoutMs == null ? null : Duration.ofMillis(timeoutMs);
  }
}
