package io.fluxcore.domain.expression.kernel;

import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.event.StringColumn.OfUtf8;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Comparisons of two string columns; null rows are not in the result. */
public final class TextPairs {
  private TextPairs() {}

  /** Rows whose strings are equal, or are not. */
  public static int equal(
      StringColumn a,
      StringColumn b,
      boolean wanted,
      int @Nullable [] selection,
      int count,
      int[] out) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      if (!a.isNull(row) && !b.isNull(row) && equal(a, b, row) == wanted) {
        out[found++] = row;
      }
    }
    return found;
  }

  /** Rows in which the first string comes before the second, or does not. */
  public static int less(
      StringColumn a,
      StringColumn b,
      boolean wanted,
      int @Nullable [] selection,
      int count,
      int[] out) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      if (!a.isNull(row) && !b.isNull(row) && compare(a, b, row) < 0 == wanted) {
        out[found++] = row;
      }
    }
    return found;
  }

  private static boolean equal(StringColumn a, StringColumn b, int row) {
    if (a instanceof OfUtf8 x && b instanceof OfUtf8 y) {
      return Arrays.equals(
          x.bytes(),
          x.offsets()[row],
          x.offsets()[row + 1],
          y.bytes(),
          y.offsets()[row],
          y.offsets()[row + 1]);
    }
    return a.value(row).equals(b.value(row));
  }

  private static int compare(StringColumn a, StringColumn b, int row) {
    if (a instanceof OfUtf8 x && b instanceof OfUtf8 y) {
      return Arrays.compareUnsigned(
          x.bytes(),
          x.offsets()[row],
          x.offsets()[row + 1],
          y.bytes(),
          y.offsets()[row],
          y.offsets()[row + 1]);
    }
    return TextOrder.compare(a.value(row), b.value(row));
  }
}
