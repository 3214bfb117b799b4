package io.fluxcore.domain.event;

import org.jspecify.annotations.Nullable;

/** One bit a row, set where the value is null; {@code null} instead of an array means no nulls. */
public final class NullBits {
  private NullBits() {}

  /** An array for this many rows, no bit set. */
  public static long[] create(int rows) {
    return new long[(rows + 63) >>> 6];
  }

  public static boolean isSet(long @Nullable [] bits, int row) {
    return bits != null && (bits[row >>> 6] & (1L << row)) != 0;
  }

  public static void set(long[] bits, int row) {
    bits[row >>> 6] |= 1L << row;
  }

  /** Rows that are null in either. Returns an argument itself where the other has no nulls. */
  public static long @Nullable [] or(long @Nullable [] a, long @Nullable [] b) {
    if (a == null) {
      return b;
    }
    if (b == null || a == b) {
      return a;
    }
    long[] longer = a.length >= b.length ? a : b;
    long[] shorter = longer == a ? b : a;
    long[] result = longer.clone();
    for (int i = 0; i < shorter.length; i++) {
      result[i] |= shorter[i];
    }
    return result;
  }
}
