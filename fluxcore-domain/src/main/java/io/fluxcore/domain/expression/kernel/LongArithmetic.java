package io.fluxcore.domain.expression.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Exact arithmetic of longs. A loop does not stop at an overflow: it gathers the sign of trouble
 * and returns whether there was any, in a null row perhaps; the caller then looks row by row.
 */
public final class LongArithmetic {
  private LongArithmetic() {}

  public static boolean add(long[] a, long[] b, long[] out, int @Nullable [] selection, int count) {
    long trouble = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      long x = a[row];
      long y = b[row];
      long sum = x + y;
      out[row] = sum;
      trouble |= (x ^ sum) & (y ^ sum);
    }
    return trouble < 0;
  }

  public static boolean subtract(
      long[] a, long[] b, long[] out, int @Nullable [] selection, int count) {
    long trouble = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      long x = a[row];
      long y = b[row];
      long difference = x - y;
      out[row] = difference;
      trouble |= (x ^ y) & (x ^ difference);
    }
    return trouble < 0;
  }

  public static boolean multiply(
      long[] a, long[] b, long[] out, int @Nullable [] selection, int count) {
    long trouble = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      long x = a[row];
      long y = b[row];
      long product = x * y;
      out[row] = product;
      trouble |= Math.multiplyHigh(x, y) ^ (product >> 63);
    }
    return trouble != 0;
  }

  /** Products with one number. */
  public static boolean multiply(
      long[] a, long factor, long[] out, int @Nullable [] selection, int count) {
    long trouble = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      long x = a[row];
      long product = x * factor;
      out[row] = product;
      trouble |= Math.multiplyHigh(x, factor) ^ (product >> 63);
    }
    return trouble != 0;
  }

  /** Truncated quotients; 0 where the quotient does not exist, which is trouble. */
  public static boolean divide(
      long[] a, long[] b, long[] out, int @Nullable [] selection, int count) {
    boolean trouble = false;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      long x = a[row];
      long y = b[row];
      boolean bad = y == 0 || (y == -1 && x == Long.MIN_VALUE);
      trouble |= bad;
      out[row] = bad ? 0 : x / y;
    }
    return trouble;
  }

  /** Remainders with the sign of the dividend; 0 where the divisor is 0, which is trouble. */
  public static boolean remainder(
      long[] a, long[] b, long[] out, int @Nullable [] selection, int count) {
    boolean trouble = false;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      long y = b[row];
      trouble |= y == 0;
      out[row] = y == 0 ? 0 : a[row] % y;
    }
    return trouble;
  }
}
