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
}
