package io.fluxcore.domain.event;

import org.jspecify.annotations.Nullable;

/** LONG, DATE, TIMESTAMP and TIMESTAMP_TZ values; units as in {@link DataType}. */
public final class LongColumn extends Column {
  private final long[] values;

  public LongColumn(DataType type, int size, long[] values, long @Nullable [] nulls) {
    super(type, size, nulls);
    if (!type.isLongBacked()) {
      throw new IllegalArgumentException(type + " is not held as long");
    }
    this.values = values;
  }

  public LongColumn(int size, long[] values) {
    this(DataType.LONG, size, values, null);
  }

  public long[] values() {
    return values;
  }

  public long value(int row) {
    return values[row];
  }

  @Override
  Object boxed(int row) {
    return Values.ofLong(type(), values[row]);
  }

  @Override
  public LongColumn gather(int[] rows, int count) {
    long[] result = new long[count];
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      result[i] = row < 0 ? 0 : values[row];
    }
    return new LongColumn(type(), count, result, gatherNulls(rows, count));
  }

  @Override
  public long estimatedBytes() {
    return 8L * size();
  }
}
