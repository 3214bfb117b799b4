package io.fluxcore.domain.event;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The values of one field in a batch, one a row. Immutable once it is in a batch: the arrays that
 * subclasses hand out are shared and must not be written. Kernels switch on the subclass once per
 * batch and loop over the arrays; {@link #get(int)} boxes and is for edges and tests.
 *
 * <p>A null row's entry in the value array is unspecified (but present): check {@link #isNull}.
 */
public abstract sealed class Column
    permits BooleanColumn,
        BytesColumn,
        DecimalColumn,
        DoubleColumn,
        LongColumn,
        NestedColumn,
        StringColumn {
  private final DataType type;
  private final int size;
  private final long @Nullable [] nulls;

  Column(DataType type, int size, long @Nullable [] nulls) {
    this.type = type;
    this.size = size;
    this.nulls = nulls;
  }

  public final DataType type() {
    return type;
  }

  /** Physical rows. */
  public final int size() {
    return size;
  }

  /** One bit a row, set where null ({@link NullBits}); null when no row is null. Shared. */
  public final long @Nullable [] nulls() {
    return nulls;
  }

  public final boolean isNull(int row) {
    return NullBits.isSet(nulls, row);
  }

  /** The value as an object of {@link Values}, or null. */
  public final @Nullable Object get(int row) {
    return isNull(row) ? null : boxed(row);
  }

  abstract Object boxed(int row);

  /** Whether a row holds the same value as a row of another column of this type, or both none. */
  public final boolean isSame(int row, Column other, int otherRow) {
    if (isNull(row) || other.isNull(otherRow)) {
      return isNull(row) && other.isNull(otherRow);
    }
    if (this instanceof LongColumn a && other instanceof LongColumn b) {
      return a.value(row) == b.value(otherRow);
    }
    if (this instanceof DoubleColumn a && other instanceof DoubleColumn b) {
      return Double.doubleToLongBits(a.value(row)) == Double.doubleToLongBits(b.value(otherRow));
    }
    return Objects.deepEquals(boxed(row), other.boxed(otherRow));
  }

  /** These rows, in this order, as a new column of {@code count} rows; -1 gives a null row. */
  public abstract Column gather(int[] rows, int count);

  /** Bytes on the heap, about: for memory bounds, not for accounting. */
  public abstract long estimatedBytes();

  /** Null bits of the gathered rows, or null when none is null. */
  final long @Nullable [] gatherNulls(int[] rows, int count) {
    long[] result = null;
    for (int i = 0; i < count; i++) {
      if (rows[i] < 0 || NullBits.isSet(nulls, rows[i])) {
        if (result == null) {
          result = NullBits.create(count);
        }
        NullBits.set(result, i);
      }
    }
    return result;
  }
}
