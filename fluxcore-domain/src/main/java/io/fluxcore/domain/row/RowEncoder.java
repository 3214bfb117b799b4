package io.fluxcore.domain.row;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.state.ValueCodec;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * Holds the bytes of one row at a time: encode it, then append it to a {@link RowBuffer} or look
 * for it there. Not thread-safe.
 */
public final class RowEncoder {
  private static final int FIRST_BYTES = 128;

  private final RowCodec codec;
  private byte[] bytes = new byte[FIRST_BYTES];
  private int length;
  private int hash;

  /** Whether the hash is that of the row; not every owner asks for it. */
  private boolean isHashed;

  public RowEncoder(RowCodec codec) {
    this.codec = codec;
  }

  /**
   * Takes a row in place of the one before.
   *
   * @param columns of the types of the codec's schema, in its order
   * @param row physical row
   */
  public RowEncoder encode(Column[] columns, int row) {
    length = 0;
    codec.encode(columns, row, this);
    isHashed = false;
    return this;
  }

  /** A copy of the row that stays as it is. */
  public EncodedRow toRow(long timestamp) {
    return new EncodedRow(Arrays.copyOf(bytes, length), hash(), timestamp);
  }

  /** Bytes of the row. */
  public int length() {
    return length;
  }

  int hash() {
    if (!isHashed) {
      hash = RowBytes.hash(bytes, 0, length);
      isHashed = true;
    }
    return hash;
  }

  byte[] array() {
    return bytes;
  }

  /** Copies the bytes of the row to where they are to begin. */
  public void copyTo(byte[] target, int at) {
    System.arraycopy(bytes, 0, target, at, length);
  }

  /** Whether bytes are those of the row. */
  public boolean equalTo(byte[] others, int from, int size) {
    return Arrays.equals(bytes, 0, length, others, from, from + size);
  }

  private int reserve(int more) {
    int at = length;
    int needed = Math.addExact(at, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16L, needed * 2L));
    }
    length = needed;
    return at;
  }

  /** Zeros, which begin where it returns. */
  int skip(int count) {
    int at = reserve(count);
    Arrays.fill(bytes, at, at + count, (byte) 0);
    return at;
  }

  void setBit(int at, int bit) {
    bytes[at + (bit >>> 3)] |= (byte) (1 << (bit & 7));
  }

  void writeByte(int value) {
    int at = reserve(1);
    bytes[at] = (byte) value;
  }

  void writeLong(long value) {
    int at = reserve(Long.BYTES);
    RowBytes.putLong(bytes, at, value);
  }

  void writeLength(int value) {
    int rest = value;
    while (rest >>> 7 != 0) {
      writeByte(rest | 0x80);
      rest >>>= 7;
    }
    writeByte(rest);
  }

  void writeBytes(byte[] source, int from, int count) {
    int at = reserve(count);
    System.arraycopy(source, from, bytes, at, count);
  }

  void writeText(StringColumn column, int row) {
    if (column instanceof StringColumn.OfUtf8 utf8) {
      int from = utf8.offsets()[row];
      int to = utf8.offsets()[row + 1];
      if (RowCodec.isAscii(utf8.bytes(), from, to)) {
        writeLength(Math.multiplyExact(to - from, 2));
        writeBytes(utf8.bytes(), from, to - from);
        return;
      }
    }
    writeText(column.value(row));
  }

  private void writeText(String text) {
    int count = text.length();
    int begin = length;
    writeLength(Math.multiplyExact(count, 2));
    int at = reserve(count);
    for (int i = 0; i < count; i++) {
      char unit = text.charAt(i);
      if (unit >= 0x80) {
        length = begin;
        writeWide(text);
        return;
      }
      bytes[at + i] = (byte) unit;
    }
  }

  private void writeWide(String text) {
    byte[] encoded = ValueCodec.textBytes(text);
    int isNoUtf8 = ValueCodec.hasUnpairedSurrogate(text) ? 1 : 0;
    writeLength(Math.multiplyExact(encoded.length, 2) + isNoUtf8);
    writeBytes(encoded, 0, encoded.length);
  }

  void writeNested(Object value) {
    try {
      ByteArrayOutputStream buffer = new ByteArrayOutputStream();
      ValueCodec.writeKey(DataType.NESTED, value, new DataOutputStream(buffer));
      byte[] encoded = buffer.toByteArray();
      writeLength(encoded.length);
      writeBytes(encoded, 0, encoded.length);
    } catch (IOException e) {
      throw new UncheckedIOException("a nested value cannot be encoded: " + value, e);
    }
  }
}
