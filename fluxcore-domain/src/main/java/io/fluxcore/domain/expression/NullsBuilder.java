package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.NullBits;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The nulls of a result: those of its operands, which are not written, and more. */
final class NullsBuilder {
  private final int rowCount;
  private long @Nullable [] bits;
  private boolean own;

  NullsBuilder(long @Nullable [] inherited, int rowCount) {
    this.bits = inherited;
    this.rowCount = rowCount;
  }

  boolean isSet(int row) {
    return NullBits.isSet(bits, row);
  }

  void set(int row) {
    long[] target = bits;
    if (!own || target == null) {
      target = target == null ? NullBits.create(rowCount) : target.clone();
      bits = target;
      own = true;
    }
    NullBits.set(target, row);
  }

  /** Takes back what {@link #set} said; of a builder that inherited nothing. */
  void clear(int row) {
    if (bits != null) {
      bits[row >>> 6] &= ~(1L << row);
    }
  }

  long @Nullable [] bits() {
    return bits;
  }

  /** With null in the rows that are not evaluated, which hold no object. */
  long @Nullable [] bitsOf(Rows rows) {
    if (rows.selection() == null) {
      return bits;
    }
    long[] result = NullBits.create(rowCount);
    Arrays.fill(result, -1L);
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.row(i);
      if (!isSet(row)) {
        result[row >>> 6] &= ~(1L << row);
      }
    }
    return result;
  }
}
