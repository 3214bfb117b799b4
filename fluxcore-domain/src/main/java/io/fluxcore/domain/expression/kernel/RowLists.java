package io.fluxcore.domain.expression.kernel;

import io.fluxcore.domain.event.NullBits;
import org.jspecify.annotations.Nullable;

/** Ascending lists of physical rows, held in the first entries of an array. */
public final class RowLists {
  private RowLists() {}

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
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += NullBits.isSet(nulls, row) == wanted ? 1 : 0;
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
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += values[row] == wanted ? 1 : 0;
    }
    return dropNulls(out, found, nulls);
  }

  /** The rows of a selection that are not in the list {@code taken}, into {@code out}. */
  public static int without(
      int @Nullable [] selection, int count, int[] taken, int takenCount, int[] out) {
    int left = 0;
    int next = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      if (next < takenCount && taken[next] == row) {
        next++;
      } else {
        out[left++] = row;
      }
    }
    return left;
  }

  /** Two lists without common rows in one, ascending. */
  public static int merge(int[] a, int countA, int[] b, int countB, int[] out) {
    int i = 0;
    int j = 0;
    for (int k = 0; k < countA + countB; k++) {
      boolean fromA = j >= countB || (i < countA && a[i] < b[j]);
      out[k] = fromA ? a[i++] : b[j++];
    }
    return countA + countB;
  }
}
