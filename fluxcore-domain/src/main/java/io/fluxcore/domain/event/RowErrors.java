package io.fluxcore.domain.event;

import io.fluxcore.domain.error.RecordException;

/**
 * Told of each row of a batch that cannot be processed. The operator that owns the call counts the
 * row and handles it by its error policy; the kernel goes on with the other rows.
 */
@FunctionalInterface
public interface RowErrors {
  /** Lets the error of the first bad row end the call. */
  RowErrors THROW =
      (row, error) -> {
        throw error;
      };

  /**
   * Says that a row is bad.
   *
   * @param row physical row of the batch at hand
   */
  void failed(int row, RecordException error);

  /**
   * Says that a row is bad which was tried several times.
   *
   * @param attempts how often, from 1
   */
  default void failed(int row, RecordException error, int attempts) {
    failed(row, error);
  }

  /**
   * After user code threw for a row: waits, and tells whether to call it again. What is wrong with
   * the row itself, and is said by a {@link RecordException}, stays wrong.
   *
   * @param attempts how often it was called for this row, from 1
   */
  default boolean again(Exception thrown, int attempts) {
    return false;
  }
}
