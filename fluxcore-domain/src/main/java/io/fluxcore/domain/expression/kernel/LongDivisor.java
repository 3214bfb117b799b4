package io.fluxcore.domain.expression.kernel;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Division by a constant as a multiplication and a shift: Granlund and Montgomery, "Division by
 * Invariant Integers using Multiplication" (1994), in the form of Warren, "Hacker's Delight",
 * chapter 10. The quotient {@code q = ((multiplyHigh(multiplier, x) + (x & addend)) >> shift) + (x
 * >>> 63)} is truncated like Java's.
 *
 * @param divisor 2 or more
 * @param multiplier low 64 bits of the magic number
 * @param addend all ones where the magic number needs 64 bits and is negative as a long, else 0
 * @param shift of the high half
 */
public record LongDivisor(long divisor, long multiplier, long addend, int shift) {

  public static LongDivisor of(long divisor) {
    if (divisor < 2) {
      throw new IllegalArgumentException(divisor + " is less than 2");
    }
    BigInteger d = BigInteger.valueOf(divisor);
    BigInteger two63 = BigInteger.ONE.shiftLeft(63);
    BigInteger limit = two63.subtract(BigInteger.ONE).subtract(two63.mod(d));
    int p = 64;
    while (!isExact(p, d, limit)) {
      p++;
    }
    BigInteger power = BigInteger.ONE.shiftLeft(p);
    long magic = power.add(d).subtract(power.mod(d)).divide(d).longValue();
    return new LongDivisor(divisor, magic, magic < 0 ? -1L : 0L, p - 64);
  }

  private static boolean isExact(int p, BigInteger d, BigInteger limit) {
    BigInteger power = BigInteger.ONE.shiftLeft(p);
    return power.compareTo(limit.multiply(d.subtract(power.mod(d)))) > 0;
  }

  /** Truncated quotients. */
  public void divide(long[] values, long[] out, int @Nullable [] selection, int count) {
    long m = multiplier;
    long a = addend;
    int s = shift;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      long x = values[row];
      out[row] = ((Math.multiplyHigh(m, x) + (x & a)) >> s) + (x >>> 63);
    }
  }

  /** Remainders, with the sign of the value. */
  public void remainder(long[] values, long[] out, int @Nullable [] selection, int count) {
    long d = divisor;
    long m = multiplier;
    long a = addend;
    int s = shift;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      long x = values[row];
      long q = ((Math.multiplyHigh(m, x) + (x & a)) >> s) + (x >>> 63);
      out[row] = x - q * d;
    }
  }
}
