package io.fluxcore.domain.event;

import org.jspecify.annotations.Nullable;

/** BOOLEAN values. */
public final class BooleanColumn extends Column {
  private final boolean[] values;

  public BooleanColumn(int size, boolean[] values, long @Nullable [] nulls) {
    super(DataType.BOOLEAN, size, nulls);
    this.values = values;
  }

  public boolean[] values() {
    return values;
  }

  public boolean value(int row) {
    return values[row];
  }

  @Override
  Object boxed(int row) {
    return values[row];
  }

  @Override
  public BooleanColumn gather(int[] rows, int count) {
    boolean[] result = new boolean[count];
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      result[i] = row >= 0 && values[row];
    }
    return new BooleanColumn(count, result, gatherNulls(rows, count));
  }

  @Override
  public long estimatedBytes() {
    return size();
  }
}
