package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The columns of a batch in the making, and the records as they were where they are kept. */
final class RowAssembler {
  private final EventBatchBuilder builder;
  private final @Nullable Function<byte[], Map<String, @Nullable Object>> rawFields;
  private final int columns;
  private @Nullable RawBytes raw;

  /**
   * An assembler.
   *
   * @param rawFields how a kept record is decoded lazily; null: records are not kept
   */
  RowAssembler(Schema wanted, @Nullable Function<byte[], Map<String, @Nullable Object>> rawFields) {
    this.builder = new EventBatchBuilder(wanted);
    this.columns = wanted.size();
    this.rawFields = rawFields;
  }

  ColumnBuilder column(int ordinal) {
    return builder.column(ordinal);
  }

  /** How many columns there are. */
  int columns() {
    return columns;
  }

  int rows() {
    return builder.size();
  }

  /** Ends the row of a record, an insertion. */
  void endRow(RecordSlices records, int record) {
    endRow(records, record, RowKind.INSERT);
  }

  /** Ends a row of a record. */
  void endRow(RecordSlices records, int record, RowKind kind) {
    if (rawFields != null) {
      if (raw == null) {
        raw = new RawBytes();
      }
      raw.add(records.bytes(), records.start(record), records.end(record));
    }
    builder.endRow(EventBatch.NO_TIMESTAMP, kind);
  }

  void abandonRow() {
    builder.abandonRow();
  }

  EventBatch build() {
    EventBatch batch = builder.build();
    if (rawFields != null) {
      RawBytes kept = raw == null ? new RawBytes() : raw;
      raw = null;
      return batch.withRawRecords(kept.build(rawFields));
    }
    return batch;
  }
}
