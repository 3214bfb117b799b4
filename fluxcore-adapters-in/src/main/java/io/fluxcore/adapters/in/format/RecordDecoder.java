package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.EventBatch;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of records. Rows gather until {@link #build}; their timestamps are {@link
 * EventBatch#NO_TIMESTAMP}. Not thread-safe.
 */
public interface RecordDecoder {
  /**
   * Decodes records, each either to one row or to one call of {@code bad}; but see {@link
   * #recordsOfRows}.
   */
  void decode(RecordSlices records, BadRecords bad);

  /**
   * For each row since the last {@link #build}, the number of the record that it came from, within
   * the slices at hand; null where every record that is not bad makes one row. A record that tells
   * of a change may make two rows, or none.
   */
  default int @Nullable [] recordsOfRows() {
    return null;
  }

  /** Rows since the last {@link #build}. */
  int rows();

  /** The rows so far as a batch; the decoder starts anew. */
  EventBatch build();

  /** Told of records that cannot be decoded. */
  @FunctionalInterface
  interface BadRecords {
    /**
     * A record is bad.
     *
     * @param record number within the slices at hand
     */
    void bad(int record, String code, String message);
  }
}
