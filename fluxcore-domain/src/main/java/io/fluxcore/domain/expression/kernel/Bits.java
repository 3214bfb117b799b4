package io.fluxcore.domain.expression.kernel;

/**
 * Comparisons that give 1 or 0 by arithmetic. A loop that adds them to a count has no branch to
 * mispredict, which is worth a factor of ten where a test passes for about half of the rows. The
 * formulas are those of Warren, "Hacker's Delight", section 2-12.
 */
final class Bits {
  private Bits() {}

  static int of(boolean value) {
    return value ? 1 : 0;
  }

  static int equal(long a, long b) {
    long difference = a ^ b;
    return (int) (~(difference | -difference) >>> 63);
  }

  static int less(long a, long b) {
    return (int) (((a & ~b) | (~(a ^ b) & (a - b))) >>> 63);
  }

  /** Of unsigned numbers. */
  static int atMostUnsigned(long a, long b) {
    return (int) (((~a | b) & ((a ^ b) | ~(b - a))) >>> 63);
  }

  /**
   * A long for a double such that the order of the longs is that of the doubles, -0.0 before 0.0;
   * every NaN is outside of the infinities.
   */
  static long ordered(double value) {
    long bits = Double.doubleToRawLongBits(value);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  /** As {@link #ordered}, with -0.0 equal to 0.0, and all NaN equal and after infinity. */
  static long comparable(double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }
}
