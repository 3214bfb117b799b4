package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NestedColumn;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * Rows as bytes, for the time in which they wait for their checkpoint. A row is a byte that says
 * whether it is written or deleted, its timestamp and then a value per field: a byte that says
 * whether it is there, and 8 bytes for integers, dates, timestamps and floating-point numbers, one
 * for booleans, length and bytes for strings (UTF-8), bytes and the unscaled value of decimals. Not
 * thread-safe.
 */
final class RowChunk {
  private static final byte WRITTEN = 0;
  private static final byte DELETED = 1;
  private static final byte NULL = 0;
  private static final byte VALUE = 1;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);
  private int rows;

  int size() {
    return bytes.size();
  }

  int rows() {
    return rows;
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }

  void clear() {
    bytes.reset();
    rows = 0;
  }

  void add(EventBatch batch, int row) {
    try {
      out.writeByte(batch.rowKind(row) == RowKind.DELETE ? DELETED : WRITTEN);
      out.writeLong(batch.timestamps()[row]);
      for (Column column : batch.columns()) {
        if (column.isNull(row)) {
          out.writeByte(NULL);
        } else {
          out.writeByte(VALUE);
          write(column, row);
        }
      }
      rows++;
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }

  private void write(Column column, int row) throws IOException {
    if (column instanceof LongColumn longs) {
      out.writeLong(longs.values()[row]);
    } else if (column instanceof DoubleColumn doubles) {
      out.writeDouble(doubles.values()[row]);
    } else if (column instanceof BooleanColumn booleans) {
      out.writeBoolean(booleans.value(row));
    } else if (column instanceof StringColumn strings) {
      writeBytes(strings.value(row).getBytes(StandardCharsets.UTF_8));
    } else if (column instanceof DecimalColumn decimals) {
      writeBytes(decimals.value(row).unscaledValue().toByteArray());
    } else if (column instanceof BytesColumn binary) {
      writeBytes(binary.value(row));
    } else if (column instanceof NestedColumn) {
      throw new IllegalStateException("a nested value was not refused");
    }
  }

  private void writeBytes(byte[] value) throws IOException {
    out.writeInt(value.length);
    out.write(value);
  }

  /**
   * The rows of a chunk: insertions and deletions.
   *
   * @param hasKinds whether rows begin with the byte that says which; not in chunks of old
   * @throws IOException if it is not one of this schema
   */
  static EventBatch read(Schema schema, byte[] chunk, int rows, boolean hasKinds)
      throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(chunk));
    EventBatchBuilder builder = new EventBatchBuilder(schema, Math.max(1, rows));
    for (int row = 0; row < rows; row++) {
      boolean isDeleted = hasKinds && in.readByte() == DELETED;
      long timestamp = in.readLong();
      for (int i = 0; i < schema.size(); i++) {
        ColumnBuilder column = builder.column(i);
        if (in.readByte() == NULL) {
          column.appendNull();
        } else {
          read(in, schema.type(i), column);
        }
      }
      builder.endRow(timestamp, isDeleted ? RowKind.DELETE : RowKind.INSERT);
    }
    if (in.read() >= 0) {
      throw new IOException("there are bytes after its " + rows + " rows");
    }
    return builder.build();
  }

  private static void read(DataInputStream in, DataType type, ColumnBuilder column)
      throws IOException {
    switch (type.kind()) {
      case LONG, DATE, TIMESTAMP, TIMESTAMP_TZ -> column.appendLong(in.readLong());
      case DOUBLE -> column.appendDouble(in.readDouble());
      case BOOLEAN -> column.appendBoolean(in.readBoolean());
      case STRING -> column.appendString(new String(readBytes(in), StandardCharsets.UTF_8));
      case BYTES -> column.append(readBytes(in));
      case DECIMAL -> column.append(new BigDecimal(new BigInteger(readBytes(in)), type.scale()));
      case NESTED -> throw new IOException("a nested value");
    }
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new EOFException("a value of " + length + " bytes");
    }
    return in.readNBytes(length);
  }
}
