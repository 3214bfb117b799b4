package io.fluxcore.domain.expression.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Comparisons of two columns: equal and less, each as wanted or not; the other four come of
 * exchanging operands. Doubles are ordered as in PostgreSQL: NaN equals NaN and is greater than
 * every number, and -0.0 equals 0.0. Rows with nulls are to be dropped by the caller.
 */
@SuppressWarnings("ShortCircuitBoolean") // without branches
public final class Comparisons {
  private Comparisons() {}

  public static int equal(
      long[] a, long[] b, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += (a[row] == b[row]) == wanted ? 1 : 0;
    }
    return found;
  }

  public static int less(
      long[] a, long[] b, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += (a[row] < b[row]) == wanted ? 1 : 0;
    }
    return found;
  }

  public static int equal(
      double[] a, double[] b, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += equal(a[row], b[row]) == wanted ? 1 : 0;
    }
    return found;
  }

  public static int less(
      double[] a, double[] b, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += less(a[row], b[row]) == wanted ? 1 : 0;
    }
    return found;
  }

  public static int equal(
      boolean[] a, boolean[] b, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += (a[row] == b[row]) == wanted ? 1 : 0;
    }
    return found;
  }

  public static int less(
      boolean[] a, boolean[] b, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += (!a[row] & b[row]) == wanted ? 1 : 0;
    }
    return found;
  }

  static boolean equal(double a, double b) {
    return a == b | (Double.isNaN(a) & Double.isNaN(b));
  }

  /** NaN is not less than anything, and every number is less than NaN. */
  static boolean less(double a, double b) {
    return !(Double.isNaN(a) | a >= b);
  }

  /** In the order of {@link #less(double, double)}. */
  public static int compare(double a, double b) {
    return less(a, b) ? -1 : equal(a, b) ? 0 : 1;
  }
}
