package io.fluxcore.domain.expression.kernel;

import io.fluxcore.domain.event.NullBits;
import org.jspecify.annotations.Nullable;

/** Ascending lists of physical rows, held in the first entries of an array. */
public final class RowLists {
  private RowLists() {}

  /** All rows of a selection, into {@code out}. */
  static int all(int @Nullable [] selection, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = selection == null ? i : selection[i];
    }
    return count;
  }

  /** Takes rows that are null out of a list, in place; the rows that are left. */
  public static int dropNulls(int[] rows, int count, long @Nullable [] nulls) {
    if (nulls == null) {
      return count;
    }
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      rows[kept] = row;
      kept += 1 - (int) ((nulls[row >>> 6] >>> row) & 1);
    }
    return kept;
  }

  /** The rows of a selection that are null (or are not), into {@code out}. */
  public static int selectNulls(
      long @Nullable [] nulls, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    int flip = Bits.of(!wanted);
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += Bits.of(NullBits.isSet(nulls, row)) ^ flip;
    }
    return found;
  }

  /** The rows of a selection whose value is the wanted one and not null, into {@code out}. */
  public static int selectBooleans(
      boolean[] values,
      long @Nullable [] nulls,
      boolean wanted,
      int @Nullable [] selection,
      int count,
      int[] out) {
    int flip = Bits.of(!wanted);
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += Bits.of(values[row]) ^ flip;
    }
    return dropNulls(out, found, nulls);
  }
}
