package io.fluxcore.application.operation;

import io.fluxcore.domain.job.JobId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that was asked of a job and takes its time. Immutable: a reading.
 *
 * @param result what came of it, by name; empty until it has succeeded
 * @param error why it failed; null unless it did
 * @param started when it was asked for
 * @param changed when it last changed: once it is over, when that was
 */
public record Operation(
    OperationId id,
    OperationType type,
    JobId jobId,
    OperationStatus status,
    OperationProgress progress,
    Map<String, String> result,
    @Nullable OperationError error,
    Instant started,
    Instant changed) {
  public Operation {
    result = Map.copyOf(result);
    if ((status == OperationStatus.FAILED) != (error != null)) {
      throw new IllegalArgumentException("an operation has an error when it failed, and only then");
    }
  }

  /** An operation of which nothing is done yet. */
  static Operation pending(OperationId id, OperationType type, JobId jobId, Instant now) {
    return new Operation(
        id, type, jobId, OperationStatus.PENDING, OperationProgress.NONE, Map.of(), null, now, now);
  }

  Operation at(OperationProgress newProgress, Instant now) {
    return new Operation(
        id, type, jobId, OperationStatus.RUNNING, newProgress, result, null, started, now);
  }

  Operation succeeded(Map<String, String> newResult, Instant now) {
    OperationProgress done = new OperationProgress(100, "done");
    return new Operation(
        id, type, jobId, OperationStatus.SUCCEEDED, done, newResult, null, started, now);
  }

  Operation failed(OperationError newError, Instant now) {
    return new Operation(
        id, type, jobId, OperationStatus.FAILED, progress, result, newError, started, now);
  }

  Operation cancelled(Instant now) {
    return new Operation(
        id, type, jobId, OperationStatus.CANCELLED, progress, result, null, started, now);
  }
}
