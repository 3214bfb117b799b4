package io.fluxcore.domain.expression.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The test {@code low <= value <= high}, or its contrary, which NaN passes: NaN is greater than
 * every number. Every comparison of a double with a constant number is one of these.
 *
 * @param low least value inside, not NaN
 * @param high greatest value inside, not NaN
 * @param inside whether values inside pass
 */
public record DoubleRange(double low, double high, boolean inside) {
  private static final DoubleRange NONE = new DoubleRange(1, 0, true);

  public DoubleRange negated() {
    return new DoubleRange(low, high, !inside);
  }

  public static DoubleRange equalTo(double value) {
    return new DoubleRange(value, value, true);
  }

  public static DoubleRange atMost(double value) {
    return new DoubleRange(Double.NEGATIVE_INFINITY, value, true);
  }

  public static DoubleRange below(double value) {
    return value == Double.NEGATIVE_INFINITY ? NONE : atMost(Math.nextDown(value));
  }

  /** The rows of a selection whose value passes, into {@code out}. */
  public int select(double[] values, int @Nullable [] selection, int count, int[] out) {
    if (low > high) {
      return inside ? 0 : RowLists.all(selection, count, out);
    }
    long from = Bits.ordered(low == 0 ? -0.0 : low);
    long width = Bits.ordered(high == 0 ? 0.0 : high) - from;
    int flip = Bits.of(!inside);
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += Bits.atMostUnsigned(Bits.ordered(values[row]) - from, width) ^ flip;
    }
    return found;
  }
}
