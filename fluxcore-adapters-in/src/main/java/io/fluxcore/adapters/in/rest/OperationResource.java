package io.fluxcore.adapters.in.rest;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that was asked of a job and takes its time.
 *
 * @param type SUSPEND, RESUME, RESTART, RESCALE, SAVEPOINT, REPLAY or STATE_AS_OF
 * @param status PENDING, RUNNING, SUCCEEDED, FAILED or CANCELLED
 * @param result what came of it, by name
 * @param error why it failed, or null
 */
record OperationResource(
    String id,
    String type,
    String jobId,
    String status,
    OperationProgressResource progress,
    Map<String, String> result,
    @Nullable OperationErrorResource error,
    Instant startedAt,
    Instant changedAt) {

  /**
   * How far it is.
   *
   * @param percent 0 to 100
   * @param step what is being done
   */
  record OperationProgressResource(int percent, String step) {}

  /** Why it failed. */
  record OperationErrorResource(String code, String message, String hint) {}
}
