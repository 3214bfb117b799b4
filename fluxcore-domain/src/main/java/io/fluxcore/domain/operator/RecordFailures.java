package io.fluxcore.domain.operator;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;

/**
 * An operator's error policy at work: counts a row as failed and skips it, keeps it as a dead
 * letter, or fails the job.
 */
@FunctionalInterface
public interface RecordFailures {
  /** Fails the job at the first bad row. */
  RecordFailures FAIL =
      (batch, row, error) -> {
        throw error;
      };

  /**
   * Says that a row is bad.
   *
   * @param batch the batch that holds the row
   * @param row physical row
   * @throws RecordException under the policy "fail"
   */
  void failed(EventBatch batch, int row, RecordException error);

  /**
   * Says that a row is bad which was tried several times.
   *
   * @param attempts how often, from 1
   */
  default void failed(EventBatch batch, int row, RecordException error, int attempts) {
    failed(batch, row, error);
  }

  /** What may be tried again, and how. */
  default Retries retries() {
    return Retries.NONE;
  }

  /** The same for the rows of one batch. */
  default RowErrors of(EventBatch batch) {
    return (row, error) -> failed(batch, row, error);
  }
}
