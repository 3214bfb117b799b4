package io.fluxcore.domain.event;

import org.jspecify.annotations.Nullable;

/**
 * The events of a batch in the source's own form, decoded lazily: what an opaque lambda over an
 * open schema reads, and what a dead letter keeps. Indexed by the physical row of the batch.
 */
public interface RawRecords {
  /**
   * The field of a record as a NESTED value, or null where it is null or absent.
   *
   * @throws io.fluxcore.domain.error.RecordException if the record cannot be decoded
   */
  @Nullable Object field(int row, String name);

  /** The record as it was read. */
  byte[] bytes(int row);

  /** These rows, in this order. */
  RawRecords gather(int[] rows, int count);
}
