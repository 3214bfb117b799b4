package io.fluxcore.domain.event;

import org.jspecify.annotations.Nullable;

/** DOUBLE values. */
public final class DoubleColumn extends Column {
  private final double[] values;

  public DoubleColumn(int size, double[] values, long @Nullable [] nulls) {
    super(DataType.DOUBLE, size, nulls);
    this.values = values;
  }

  public double[] values() {
    return values;
  }

  public double value(int row) {
    return values[row];
  }

  @Override
  Object boxed(int row) {
    return values[row];
  }

  @Override
  public DoubleColumn gather(int[] rows, int count) {
    double[] result = new double[count];
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      result[i] = row < 0 ? 0 : values[row];
    }
    return new DoubleColumn(count, result, gatherNulls(rows, count));
  }

  @Override
  public long estimatedBytes() {
    return 8L * size();
  }
}
