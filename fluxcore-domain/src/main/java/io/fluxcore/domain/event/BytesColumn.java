package io.fluxcore.domain.event;

import org.jspecify.annotations.Nullable;

/** BYTES values, each an array of its own that must not be written. */
public final class BytesColumn extends Column {
  private final byte[] @Nullable [] values;

  public BytesColumn(int size, byte[] @Nullable [] values, long @Nullable [] nulls) {
    super(DataType.BYTES, size, nulls);
    this.values = values;
  }

  /** The bytes of a row that is not null. */
  public byte[] value(int row) {
    byte[] value = values[row];
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
  public BytesColumn gather(int[] rows, int count) {
    byte[] @Nullable [] result = new byte[count][];
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      if (row >= 0 && !isNull(row)) {
        result[i] = values[row];
      }
    }
    return new BytesColumn(count, result, gatherNulls(rows, count));
  }

  @Override
  public long estimatedBytes() {
    long bytes = 0;
    for (int i = 0; i < size(); i++) {
      byte[] value = values[i];
      bytes += value == null ? 4 : 20L + value.length;
    }
    return bytes;
  }
}
