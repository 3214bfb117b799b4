package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decodes messages of Avro straight into columns. Not thread-safe. */
final class AvroDecoder implements RecordDecoder {
  private final RowAssembler rows;
  private final @Nullable SchemaIds<AvroPlan> byId;
  private final @Nullable AvroPlan only;

  /** Of its own for kept records, which are read on other threads. */
  private final @Nullable SchemaIds<AvroPlan> byIdOfKept;

  private final AvroInput in = new AvroInput();
  private final AvroInput defaults = new AvroInput();

  /**
   * A decoder.
   *
   * @param byId finds the plan of a message by the number in front of it; null: there is only one
   */
  AvroDecoder(
      Schema wanted, @Nullable SchemaIds<AvroPlan> byId, @Nullable AvroPlan only, boolean keepRaw) {
    this.rows = new RowAssembler(wanted, keepRaw ? this::members : null);
    this.byId = byId;
    this.byIdOfKept = byId == null ? null : byId.copy();
    this.only = only;
  }

  @Override
  public void decode(RecordSlices records, BadRecords bad) {
    for (int r = 0; r < records.count(); r++) {
      try {
        position(byId, in, records.bytes(), records.start(r), records.end(r))
            .read(in, defaults, rows);
        rows.endRow(records, r);
      } catch (BadValue e) {
        rows.abandonRow();
        bad.bad(r, e.code(), e.text());
      }
    }
  }

  /** Goes to the beginning of a message; the plan that it is read by. */
  private AvroPlan position(
      @Nullable SchemaIds<AvroPlan> ids, AvroInput input, byte[] bytes, int from, int to) {
    if (ids == null) {
      if (only == null) {
        throw new IllegalStateException("no plan");
      }
      input.reset(bytes, from, to);
      return only;
    }
    AvroPlan plan = ids.of(bytes, from, to);
    input.reset(bytes, from + SchemaIds.PREFIX, to);
    return plan;
  }

  private synchronized Map<String, @Nullable Object> members(byte[] record) {
    AvroInput input = new AvroInput();
    try {
      return position(byIdOfKept, input, record, 0, record.length).members(input);
    } catch (BadValue e) {
      throw new RecordException(e.code(), "the record is not Avro: " + e.text(), e);
    }
  }

  @Override
  public int rows() {
    return rows.rows();
  }

  @Override
  public EventBatch build() {
    return rows.build();
  }
}
