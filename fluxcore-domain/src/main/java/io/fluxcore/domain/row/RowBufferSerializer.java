package io.fluxcore.domain.row;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.state.StateSerializer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * A {@link RowBuffer} in snapshots: i32 rows, then per row i64 timestamp, i64 tag, i32 length and
 * the bytes of {@link RowCodec}. The id names the schema, so that rows of other fields are refused
 * and not misread.
 */
public final class RowBufferSerializer implements StateSerializer<Object> {
  private static final int READ_BYTES = 1 << 20;

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
      if (length < 0) {
        throw new IOException("a row claims " + length + " bytes");
      }
      if (row.length < Math.min(length, READ_BYTES)) {
        row = new byte[Math.min(length, READ_BYTES)];
      }
      row = read(in, row, length);
      rows.append(row, length, timestamp, tag);
    }
    return rows;
  }

  /** A length that is not true ends with the input, before it has taken much memory. */
  private static byte[] read(DataInput in, byte[] room, int length) throws IOException {
    byte[] row = room;
    int read = 0;
    while (read < length) {
      if (read == row.length) {
        row = Arrays.copyOf(row, (int) Math.min(length, 2L * read));
      }
      int more = Math.min(length, row.length) - read;
      in.readFully(row, read, more);
      read += more;
    }
    return row;
  }

  @Override
  public long estimatedBytes(Object value) {
    return ((RowBuffer) value).estimatedBytes();
  }
}
