package io.fluxcore.domain.expression.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Comparisons of two columns: equal and less, each as wanted or not; the other four come of
 * exchanging operands. Doubles are ordered as in PostgreSQL: NaN equals NaN and is greater than
 * every number, and -0.0 equals 0.0. Rows with nulls are to be dropped by the caller.
 */
public final class Comparisons {
  private Comparisons() {}

  public static int equal(
      long[] a, long[] b, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    int flip = Bits.of(!wanted);
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += Bits.equal(a[row], b[row]) ^ flip;
    }
    return found;
  }

  public static int less(
      long[] a, long[] b, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    int flip = Bits.of(!wanted);
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += Bits.less(a[row], b[row]) ^ flip;
    }
    return found;
  }

  public static int equal(
      double[] a, double[] b, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    int flip = Bits.of(!wanted);
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += Bits.equal(Bits.comparable(a[row]), Bits.comparable(b[row])) ^ flip;
    }
    return found;
  }

  public static int less(
      double[] a, double[] b, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    int flip = Bits.of(!wanted);
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += Bits.less(Bits.comparable(a[row]), Bits.comparable(b[row])) ^ flip;
    }
    return found;
  }

  public static int equal(
      boolean[] a, boolean[] b, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    int flip = Bits.of(!wanted);
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += (Bits.of(a[row]) ^ Bits.of(b[row]) ^ 1) ^ flip;
    }
    return found;
  }

  public static int less(
      boolean[] a, boolean[] b, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    int flip = Bits.of(!wanted);
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += ((1 - Bits.of(a[row])) & Bits.of(b[row])) ^ flip;
    }
    return found;
  }
}
