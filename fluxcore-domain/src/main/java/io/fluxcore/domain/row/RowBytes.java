package io.fluxcore.domain.row;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.state.ValueCodec;
import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reading and writing numbers, big endian, in the arrays of encoded rows. */
public final class RowBytes {
  private static final int READ_BYTES = 1 << 20;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private RowBytes() {}

  public static long longAt(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at);
  }

  public static void putLong(byte[] bytes, int at, long value) {
    LONGS.set(bytes, at, value);
  }

  public static int intAt(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at);
  }

  public static void putInt(byte[] bytes, int at, int value) {
    INTS.set(bytes, at, value);
  }

  /** A length of seven bits a byte. */
  static int lengthAt(byte[] bytes, int at) {
    int length = bytes[at] & 0x7F;
    for (int shift = 7; bytes[at] < 0; shift += 7) {
      at++;
      length |= (bytes[at] & 0x7F) << shift;
    }
    return length;
  }

  /** Bytes of a length. */
  static int lengthSize(int length) {
    return length == 0 ? 1 : (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 6) / 7;
  }

  /** Spreads like bytes over all 32 bits: the multiplication of FNV-1a, eight bytes at a time. */
  static int hash(byte[] bytes, int from, int length) {
    long hash = 0xCBF29CE484222325L ^ length;
    int i = 0;
    for (; i + Long.BYTES <= length; i += Long.BYTES) {
      hash = (hash ^ longAt(bytes, from + i)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 32;
    }
    for (; i < length; i++) {
      hash = (hash ^ bytes[from + i]) * 0x100000001B3L;
    }
    return (int) (hash ^ (hash >>> 32));
  }

  static @Nullable Object nested(byte[] bytes, int from, int length) {
    try {
      return ValueCodec.read(
          DataType.NESTED, new DataInputStream(new ByteArrayInputStream(bytes, from, length)));
    } catch (IOException e) {
      throw new UncheckedIOException("an encoded row does not hold the nested value it claims", e);
    }
  }

  /**
   * Reads bytes into an array that is at least as long as they are, this one if it is. A length
   * that is not true ends with the input, before it has taken much memory.
   */
  static byte[] read(DataInput in, byte[] room, int length) throws IOException {
    if (length < 0) {
      throw new IOException("a row claims " + length + " bytes");
    }
    byte[] row =
        room.length < Math.min(length, READ_BYTES) ? new byte[Math.min(length, READ_BYTES)] : room;
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
}
