package io.fluxcore.domain.sort;

import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Envelope;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.state.StateSerializer;
import io.fluxcore.domain.state.ValueCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A run of sorted rows in snapshots: i32 rows, u8 parts of the envelope that are there, the
 * source's name if it is; then per row i64 timestamp, u8 kind, the fields as {@link ValueCodec}
 * writes them, and the parts of the envelope in the order of its record. Columns are matched by
 * position: the layout's version changes with the schema.
 */
final class RunSerializer implements StateSerializer<Object> {
  private static final int SOURCE = 1;
  private static final int IDS = 2;
  private static final int TYPES = 4;
  private static final int KEYS = 8;
  private static final int PRIORITIES = 16;
  private static final int HEADERS = 32;

  private final Schema schema;

  RunSerializer(Schema schema) {
    this.schema = schema;
  }

  /** Names the fields, so that runs of other fields are refused and not misread. */
  @Override
  public String id() {
    return "sorted-run " + schema;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public long estimatedBytes(Object value) {
    return ((EventBatch) value).estimatedBytes();
  }

  @Override
  public void write(Object value, DataOutput out) throws IOException {
    EventBatch run = (EventBatch) value;
    Envelope envelope = run.envelope();
    int parts = parts(envelope);
    out.writeInt(run.size());
    out.writeByte(parts);
    if (envelope.source() != null) {
      ValueCodec.write(DataType.STRING, envelope.source(), out);
    }
    for (int row = 0; row < run.size(); row++) {
      out.writeLong(run.timestamps()[row]);
      out.writeByte(run.rowKind(row).code());
      for (int c = 0; c < schema.size(); c++) {
        ValueCodec.write(schema.type(c), run.column(c).get(row), out);
      }
      writeEnvelope(envelope, row, out);
    }
  }

  private static int parts(Envelope envelope) {
    return (envelope.source() == null ? 0 : SOURCE)
        | (envelope.ids() == null ? 0 : IDS)
        | (envelope.types() == null ? 0 : TYPES)
        | (envelope.keys() == null ? 0 : KEYS)
        | (envelope.priorities() == null ? 0 : PRIORITIES)
        | (envelope.headers() == null ? 0 : HEADERS);
  }

  private static void writeEnvelope(Envelope envelope, int row, DataOutput out) throws IOException {
    writeText(envelope.ids(), row, out);
    writeText(envelope.types(), row, out);
    writeText(envelope.keys(), row, out);
    if (envelope.priorities() != null) {
      out.writeInt(envelope.priorities()[row]);
    }
    if (envelope.headers() != null) {
      ValueCodec.write(DataType.NESTED, envelope.headers()[row], out);
    }
  }

  private static void writeText(@Nullable StringColumn column, int row, DataOutput out)
      throws IOException {
    if (column != null) {
      ValueCodec.write(DataType.STRING, column.get(row), out);
    }
  }

  @Override
  public Object read(DataInput in, int version) throws IOException {
    int rows = in.readInt();
    int parts = in.readUnsignedByte();
    String source = (parts & SOURCE) == 0 ? null : (String) ValueCodec.read(DataType.STRING, in);
    EnvelopeBuilder envelope = new EnvelopeBuilder(parts, rows);
    EventBatchBuilder builder = new EventBatchBuilder(schema, rows);
    for (int row = 0; row < rows; row++) {
      long timestamp = in.readLong();
      RowKind kind = RowKind.of(in.readByte());
      for (int c = 0; c < schema.size(); c++) {
        builder.column(c).append(ValueCodec.read(schema.type(c), in));
      }
      builder.endRow(timestamp, kind);
      envelope.read(row, in);
    }
    return builder.build().withEnvelope(envelope.build(source));
  }

  /** Collects the parts of an envelope. */
  private static final class EnvelopeBuilder {
    private final @Nullable ColumnBuilder ids;
    private final @Nullable ColumnBuilder types;
    private final @Nullable ColumnBuilder keys;
    private final int @Nullable [] priorities;
    private final @Nullable Map<String, String> @Nullable [] headers;

    @SuppressWarnings("unchecked")
    EnvelopeBuilder(int parts, int rows) {
      ids = (parts & IDS) == 0 ? null : new ColumnBuilder(DataType.STRING, rows);
      types = (parts & TYPES) == 0 ? null : new ColumnBuilder(DataType.STRING, rows);
      keys = (parts & KEYS) == 0 ? null : new ColumnBuilder(DataType.STRING, rows);
      priorities = (parts & PRIORITIES) == 0 ? null : new int[rows];
      headers = (parts & HEADERS) == 0 ? null : (Map<String, String>[]) new Map<?, ?>[rows];
    }

    void read(int row, DataInput in) throws IOException {
      readText(ids, in);
      readText(types, in);
      readText(keys, in);
      if (priorities != null) {
        priorities[row] = in.readInt();
      }
      if (headers != null && ValueCodec.read(DataType.NESTED, in) instanceof Map<?, ?> values) {
        Map<String, String> texts = new LinkedHashMap<>();
        values.forEach((key, value) -> texts.put((String) key, Objects.toString(value)));
        headers[row] = texts;
      }
    }

    private static void readText(@Nullable ColumnBuilder column, DataInput in) throws IOException {
      if (column != null) {
        column.append(ValueCodec.read(DataType.STRING, in));
      }
    }

    Envelope build(@Nullable String source) {
      return new Envelope(
          ids == null ? null : (StringColumn) ids.build(),
          source,
          types == null ? null : (StringColumn) types.build(),
          keys == null ? null : (StringColumn) keys.build(),
          priorities,
          headers);
    }
  }
}
