package io.fluxcore.domain.expression.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A set of physical rows, by which others are told apart without branches. */
public final class RowMarks {
  private byte[] marks = new byte[0];

  /** Empties the set, for rows below {@code rowCount}. */
  public void reset(int rowCount) {
    if (marks.length < rowCount) {
      marks = new byte[rowCount];
    } else {
      Arrays.fill(marks, 0, rowCount, (byte) 0);
    }
  }

  /** Adds the first {@code count} of these rows. */
  public void add(int[] rows, int count) {
    for (int i = 0; i < count; i++) {
      marks[rows[i]] = 1;
    }
  }

  /** The rows of a selection that are in the set (or are not), into {@code out}. */
  public int select(boolean wanted, int @Nullable [] selection, int count, int[] out) {
    int flip = Bits.of(!wanted);
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += marks[row] ^ flip;
    }
    return found;
  }
}
