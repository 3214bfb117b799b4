package io.fluxcore.domain.expression.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The test {@code low <= value <= high}, or its contrary. Every comparison of a long with a
 * constant is one of these, so one loop serves all.
 *
 * @param low least value inside
 * @param high greatest value inside; less than {@code low} when nothing is inside
 * @param inside whether values inside pass
 */
public record LongRange(long low, long high, boolean inside) {
  /** Passed by no value. */
  public static final LongRange NONE = new LongRange(1, 0, true);

  public LongRange negated() {
    return new LongRange(low, high, !inside);
  }

  public static LongRange equalTo(long value) {
    return new LongRange(value, value, true);
  }

  public static LongRange atMost(long value) {
    return new LongRange(Long.MIN_VALUE, value, true);
  }

  public static LongRange below(long value) {
    return value == Long.MIN_VALUE ? NONE : atMost(value - 1);
  }

  /** The rows of a selection whose value passes, into {@code out}. */
  public int select(long[] values, int @Nullable [] selection, int count, int[] out) {
    if (low > high) {
      return inside ? 0 : RowLists.all(selection, count, out);
    }
    return low == high
        ? selectEqual(values, selection, count, out)
        : selectBetween(values, selection, count, out);
  }

  private int selectBetween(long[] values, int @Nullable [] selection, int count, int[] out) {
    long from = low;
    long width = high - low;
    int flip = Bits.of(!inside);
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += Bits.atMostUnsigned(values[row] - from, width) ^ flip;
    }
    return found;
  }

  private int selectEqual(long[] values, int @Nullable [] selection, int count, int[] out) {
    long value = low;
    int flip = Bits.of(!inside);
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += Bits.equal(values[row], value) ^ flip;
    }
    return found;
  }

  /**
   * The rows of a selection whose remainder by the divisor passes, into {@code out}: what {@code x
   * % 123 = 0} comes down to, without a division or a column of remainders.
   */
  public int selectRemainders(
      LongDivisor divisor, long[] values, int @Nullable [] selection, int count, int[] out) {
    if (low > high) {
      return inside ? 0 : RowLists.all(selection, count, out);
    }
    long d = divisor.divisor();
    long multiplier = divisor.multiplier();
    long addend = divisor.addend();
    int shift = divisor.shift();
    long from = low;
    long width = high - low;
    int flip = Bits.of(!inside);
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      long x = values[row];
      long q = ((Math.multiplyHigh(multiplier, x) + (x & addend)) >> shift) + (x >>> 63);
      long remainder = x - q * d;
      out[found] = row;
      found += Bits.atMostUnsigned(remainder - from, width) ^ flip;
    }
    return found;
  }
}
