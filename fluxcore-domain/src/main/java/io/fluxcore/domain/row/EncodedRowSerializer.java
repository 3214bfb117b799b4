package io.fluxcore.domain.row;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.state.StateSerializer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** An {@link EncodedRow} in snapshots: i64 timestamp, i32 length, the bytes of {@link RowCodec}. */
public final class EncodedRowSerializer implements StateSerializer<Object> {
  private final Schema schema;

  /** For rows of a schema, which are not read as those of another one. */
  public EncodedRowSerializer(Schema schema) {
    this.schema = schema;
  }

  @Override
  public String id() {
    return "row " + schema;
  }

  @Override
  public int version() {
    return RowCodec.VERSION;
  }

  @Override
  public long estimatedBytes(Object value) {
    return ((EncodedRow) value).estimatedBytes();
  }

  @Override
  public void write(Object value, DataOutput out) throws IOException {
    EncodedRow row = (EncodedRow) value;
    out.writeLong(row.timestamp());
    writeBytes(row.bytes(), out);
  }

  @Override
  public Object read(DataInput in, int version) throws IOException {
    long timestamp = in.readLong();
    return EncodedRow.of(readBytes(in), timestamp);
  }

  /** Writes i32 length and the bytes. */
  public static void writeBytes(byte[] bytes, DataOutput out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** Reads what {@link #writeBytes} wrote; a length that is not true takes no memory. */
  public static byte[] readBytes(DataInput in) throws IOException {
    int length = in.readInt();
    return Arrays.copyOf(RowBytes.read(in, new byte[0], length), length);
  }
}
