package io.fluxcore.adapters.in.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks for bytes eight at a time. */
final class LineEnds {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private LineEnds() {}

  /** The index behind the next {@code \n}, or {@link RecordFramer#NONE}. */
  static int next(byte[] bytes, int from, int to) {
    int at = indexOf(bytes, from, to, (byte) '\n');
    return at < 0 ? RecordFramer.NONE : at + 1;
  }

  /**
   * The index of a byte, or -1. The zero-byte test of Warren, Hacker's Delight, 6-1: the lowest
   * flagged byte is right, and little-endian order makes the lowest the first.
   */
  static int indexOf(byte[] bytes, int from, int to, byte wanted) {
    long pattern = (wanted & 0xFFL) * ONES;
    int i = from;
    for (; i <= to - 8; i += 8) {
      long difference = (long) LONGS.get(bytes, i) ^ pattern;
      long found = (difference - ONES) & ~difference & HIGHS;
      if (found != 0) {
        return i + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    for (; i < to; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** Whether all bytes are below 0x80. */
  static boolean isAscii(byte[] bytes, int from, int to) {
    int i = from;
    for (; i <= to - 8; i += 8) {
      if (((long) LONGS.get(bytes, i) & HIGHS) != 0) {
        return false;
      }
    }
    for (; i < to; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  static int count(byte[] bytes, int from, int to) {
    int lines = 0;
    for (int at = next(bytes, from, to); at > 0; at = next(bytes, at, to)) {
      lines++;
    }
    return lines;
  }
}
