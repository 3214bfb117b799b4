package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;

/**
 * Rows of one schema as bytes, a line or a message each. Dates are ISO-8601, timestamps too ({@code
 * 2026-01-31T10:00:00.123456}, with {@code Z} where they are instants), bytes are Base64, decimals
 * keep their scale. Not thread-safe.
 */
public interface RowEncoder {
  /** What stands before the first row, if anything. */
  void encodeHeader(RowBuffer out);

  /** The selected rows of a batch; a row that cannot be encoded is told to {@code failures}. */
  void encode(EventBatch batch, RecordFailures failures, RowBuffer out);

  /** JSON lines: an object a row with the fields in the schema's order, nulls included. */
  static RowEncoder json(Schema schema, RowKinds rowKinds) {
    return new JsonRowEncoder(schema, rowKinds);
  }

  /**
   * One field only: the text of its values, or bytes as they are. Null gives no bytes.
   *
   * @param field its ordinal
   * @param text whether bytes are written as text too, in Base64
   */
  static RowEncoder value(int field, boolean text) {
    return new ValueRowEncoder(field, text);
  }

  /** CSV; nested values are JSON texts. */
  static RowEncoder csv(Schema schema, RowKinds rowKinds, CsvStyle style) {
    return new CsvRowEncoder(schema, rowKinds, style);
  }
}
