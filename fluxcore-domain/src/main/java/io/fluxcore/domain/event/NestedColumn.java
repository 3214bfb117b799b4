package io.fluxcore.domain.event;

import org.jspecify.annotations.Nullable;

/** NESTED values: lists, maps and JSON scalars as {@link DataType} lists them; never modified. */
public final class NestedColumn extends Column {
  private final @Nullable Object[] values;

  public NestedColumn(int size, @Nullable Object[] values, long @Nullable [] nulls) {
    super(DataType.NESTED, size, nulls);
    this.values = values;
  }

  /** The value of a row that is not null. */
  public Object value(int row) {
    Object value = values[row];
    if (value == null) {
      throw new IllegalStateException("row " + row + " is null");
    }
    return value;
  }

  @Override
  Object boxed(int row) {
    return value(row);
  }

  @Override
  public NestedColumn gather(int[] rows, int count) {
    @Nullable Object[] result = new @Nullable Object[count];
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      if (row >= 0 && !isNull(row)) {
        result[i] = values[row];
      }
    }
    return new NestedColumn(count, result, gatherNulls(rows, count));
  }

  @Override
  public long estimatedBytes() {
    return 128L * size();
  }
}
