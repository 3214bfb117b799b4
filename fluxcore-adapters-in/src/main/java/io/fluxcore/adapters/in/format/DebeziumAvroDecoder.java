package io.fluxcore.adapters.in.format;

import io.fluxcore.adapters.in.format.ChangeFields.Change;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes Debezium's messages of Avro straight into columns. A message is looked through once for
 * where its rows are, since the kind of the change stands behind them. Not thread-safe.
 */
final class DebeziumAvroDecoder implements RecordDecoder {
  private final RowAssembler rows;
  private final ChangeFields fields;
  private final @Nullable SchemaIds<ChangeEnvelope> byId;
  private final @Nullable ChangeEnvelope only;

  /** Of its own for kept records, which are read on other threads. */
  private final @Nullable SchemaIds<ChangeEnvelope> byIdOfKept;

  private final AvroInput in = new AvroInput();
  private final AvroInput defaults = new AvroInput();
  private int[] recordsOfRows = new int[256];

  /**
   * A decoder.
   *
   * @param byId finds the envelope of a message by the number in front of it; null: there is only
   *     one
   */
  DebeziumAvroDecoder(
      Schema wanted,
      @Nullable SchemaIds<ChangeEnvelope> byId,
      @Nullable ChangeEnvelope only,
      boolean keepRaw) {
    this.rows = new RowAssembler(wanted, keepRaw ? this::members : null);
    this.fields = new ChangeFields(wanted);
    this.byId = byId;
    this.byIdOfKept = byId == null ? null : byId.copy();
    this.only = only;
  }

  @Override
  public void decode(RecordSlices records, BadRecords bad) {
    for (int r = 0; r < records.count(); r++) {
      try {
        decode(records, r);
      } catch (BadValue e) {
        rows.abandonRow();
        bad.bad(r, e.code(), e.text());
      }
    }
  }

  private void decode(RecordSlices records, int record) {
    if (records.start(record) == records.end(record)) {
      return; // a tombstone
    }
    ChangeEnvelope envelope =
        position(byId, in, records.bytes(), records.start(record), records.end(record));
    envelope.find(in);
    Change change = envelope.change();
    switch (change.op()) {
      case "c", "r" -> after(envelope, change, RowKind.INSERT, records, record);
      case "u" -> {
        if (envelope.hasBefore()) {
          check(envelope, change); // when it is bad, the row before must not stay
          row(envelope, false, change, RowKind.UPDATE_BEFORE, records, record);
        }
        after(envelope, change, RowKind.UPDATE_AFTER, records, record);
      }
      case "d" -> {
        if (!envelope.hasBefore()) {
          throw new BadValue(
              DebeziumDecoder.NO_ROWS,
              "a deletion that does not tell the row: 'before' is absent or null");
        }
        row(envelope, false, change, RowKind.DELETE, records, record);
      }
      case "t" ->
          throw new BadValue(
              DebeziumDecoder.NO_ROWS,
              "table " + change.table() + " was truncated, which no rows can tell");
      case "m" -> {}
      default -> throw new BadValue(BadValue.SYNTAX, "'op' is " + BadValue.shorten(change.op()));
    }
  }

  private void after(
      ChangeEnvelope envelope, Change change, RowKind kind, RecordSlices records, int record) {
    checkAfter(envelope, change);
    row(envelope, true, change, kind, records, record);
  }

  private static void checkAfter(ChangeEnvelope envelope, Change change) {
    if (!envelope.hasAfter()) {
      throw new BadValue(
          DebeziumDecoder.NO_ROWS,
          "a change of kind '" + change.op() + "' without a row: 'after' is absent or null");
    }
  }

  /** Whether the row after can be decoded; it is taken back. */
  private void check(ChangeEnvelope envelope, Change change) {
    checkAfter(envelope, change);
    envelope.read(true, in, defaults, rows);
    rows.abandonRow();
  }

  private void row(
      ChangeEnvelope envelope,
      boolean after,
      Change change,
      RowKind kind,
      RecordSlices records,
      int record) {
    envelope.read(after, in, defaults, rows);
    fields.replaceIn(rows, change);
    int row = rows.rows();
    if (row == recordsOfRows.length) {
      recordsOfRows = Arrays.copyOf(recordsOfRows, row * 2);
    }
    recordsOfRows[row] = record;
    rows.endRow(records, record, kind);
  }

  /** Goes to the beginning of a message; the envelope that it is read by. */
  private ChangeEnvelope position(
      @Nullable SchemaIds<ChangeEnvelope> ids, AvroInput input, byte[] bytes, int from, int to) {
    if (ids == null) {
      if (only == null) {
        throw new IllegalStateException("no envelope");
      }
      input.reset(bytes, from, to);
      return only;
    }
    ChangeEnvelope envelope = ids.of(bytes, from, to);
    input.reset(bytes, from + SchemaIds.PREFIX, to);
    return envelope;
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
  public int @Nullable [] recordsOfRows() {
    return Arrays.copyOf(recordsOfRows, rows.rows());
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
