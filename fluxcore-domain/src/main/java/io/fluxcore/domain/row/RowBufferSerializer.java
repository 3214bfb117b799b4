package io.fluxcore.domain.row;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.state.StateSerializer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A {@link RowBuffer} in snapshots: i32 rows, then per row i64 timestamp, i64 tag, i32 length and
 * the bytes of {@link RowCodec}. The id names the schema, so that rows of other fields are refused
 * and not misread.
 */
public final class RowBufferSerializer implements StateSerializer<Object> {
  private final String id;

  public RowBufferSerializer(Schema schema) {
    this.id = "rows " + schema;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public int version() {
    return RowCodec.VERSION;
  }

  @Override
  public void write(Object value, DataOutput out) throws IOException {
    ((RowBuffer) value).write(out);
  }

  @Override
  public Object read(DataInput in, int version) throws IOException {
    RowBuffer rows = new RowBuffer();
    byte[] row = new byte[0];
    for (int left = in.readInt(); left > 0; left--) {
      long timestamp = in.readLong();
      long tag = in.readLong();
      int length = in.readInt();
      row = RowBytes.read(in, row, length);
      rows.append(row, length, timestamp, tag);
    }
    return rows;
  }

  @Override
  public long estimatedBytes(Object value) {
    return ((RowBuffer) value).estimatedBytes();
  }
}
