package io.fluxcore.domain.expression.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The test {@code x % divisor = 0} with one multiplication and no remainder: a multiple of an odd
 * number is mapped to a small number by its inverse modulo 2<sup>64</sup>, everything else to a
 * large one; powers of two are rotated out of sight. Granlund and Montgomery, "Division by
 * Invariant Integers using Multiplication" (1994), section 9, in the form for signed numbers of
 * Warren, "Hacker's Delight", section 10-17.
 *
 * @param inverse of the divisor's odd part, modulo 2<sup>64</sup>
 * @param addend moves the multiples that are negative above zero
 * @param rotation number of factors 2 in the divisor
 * @param limit largest image of a multiple, unsigned
 */
public record Divisibility(long inverse, long addend, int rotation, long limit) {
  private static final int NEWTON_STEPS = 5;

  /** Rows that are looked at to learn what to expect of the others. */
  private static final int SAMPLE = 128;

  /** One in so many is few: a wrong guess costs less than the arithmetic for twice as many. */
  private static final int FEW = 8;

  /**
   * By a divisor.
   *
   * @param divisor 2 or more
   */
  public static Divisibility by(long divisor) {
    if (divisor < 2) {
      throw new IllegalArgumentException(divisor + " is less than 2");
    }
    int twos = Long.numberOfTrailingZeros(divisor);
    long odd = divisor >> twos;
    if (odd == 1) {
      return new Divisibility(1, 0, twos, -1L >>> twos);
    }
    long inverse = odd; // right in the lowest three bits; each step doubles them
    for (int i = 0; i < NEWTON_STEPS; i++) {
      inverse *= 2 - odd * inverse;
    }
    long addend = (Long.MAX_VALUE / odd) & -(1L << twos);
    return new Divisibility(inverse, addend, twos, (2 * addend) >>> twos);
  }

  public boolean divides(long value) {
    long image = Long.rotateRight(value * inverse + addend, rotation);
    return Bits.atMostUnsigned(image, limit) != 0;
  }

  /**
   * The rows of a selection that are multiples, or those that are not, into {@code out}, which may
   * be the selection itself. The first rows tell whether the answer can be foreseen: a branch that
   * hardly ever goes the other way costs less than the arithmetic that does without one.
   */
  public int select(
      long[] values, boolean multiples, int @Nullable [] selection, int count, int[] out) {
    int sample = Math.min(count, SAMPLE);
    int found = unforeseen(values, multiples, selection, 0, sample, out, 0);
    boolean few = found <= sample / FEW;
    boolean nearlyAll = found >= sample - sample / FEW;
    return few || nearlyAll
        ? foreseen(values, multiples, selection, sample, count, out, found)
        : unforeseen(values, multiples, selection, sample, count, out, found);
  }

  private int unforeseen(
      long[] values,
      boolean multiples,
      int @Nullable [] selection,
      int from,
      int to,
      int[] out,
      int already) {
    long m = inverse;
    long a = addend;
    int r = rotation;
    long most = limit;
    int flip = Bits.of(!multiples);
    int found = already;
    for (int i = from; i < to; i++) {
      int row = selection == null ? i : selection[i];
      long image = Long.rotateRight(values[row] * m + a, r);
      out[found] = row;
      found += Bits.atMostUnsigned(image, most) ^ flip;
    }
    return found;
  }

  private int foreseen(
      long[] values,
      boolean multiples,
      int @Nullable [] selection,
      int from,
      int to,
      int[] out,
      int already) {
    long m = inverse;
    long a = addend;
    int r = rotation;
    long most = limit + Long.MIN_VALUE;
    int found = already;
    for (int i = from; i < to; i++) {
      int row = selection == null ? i : selection[i];
      long image = Long.rotateRight(values[row] * m + a, r) + Long.MIN_VALUE;
      if (image <= most == multiples) {
        out[found++] = row;
      }
    }
    return found;
  }
}
