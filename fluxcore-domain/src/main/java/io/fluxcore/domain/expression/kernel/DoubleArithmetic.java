package io.fluxcore.domain.expression.kernel;

import org.jspecify.annotations.Nullable;

/** IEEE 754 arithmetic of doubles, which never fails: division by zero is infinite or NaN. */
public final class DoubleArithmetic {
  private DoubleArithmetic() {}

  public static void add(
      double[] a, double[] b, double[] out, int @Nullable [] selection, int count) {
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[row] = a[row] + b[row];
    }
  }

  public static void subtract(
      double[] a, double[] b, double[] out, int @Nullable [] selection, int count) {
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[row] = a[row] - b[row];
    }
  }

  public static void multiply(
      double[] a, double[] b, double[] out, int @Nullable [] selection, int count) {
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[row] = a[row] * b[row];
    }
  }

  public static void divide(
      double[] a, double[] b, double[] out, int @Nullable [] selection, int count) {
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[row] = a[row] / b[row];
    }
  }

  public static void remainder(
      double[] a, double[] b, double[] out, int @Nullable [] selection, int count) {
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[row] = a[row] % b[row];
    }
  }

  /** Longs as doubles. */
  public static void widen(long[] values, double[] out, int @Nullable [] selection, int count) {
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[row] = values[row];
    }
  }
}
