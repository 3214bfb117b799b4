package io.fluxcore.domain.expression.kernel;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NestedColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.StringColumn;
import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A column that is put together of rows of other columns of its type, in any order. Rows that get
 * no value are null.
 */
public final class ColumnAssembler {
  private final DataType type;
  private final int size;
  private final long[] nulls;
  private final long[] longs;
  private final double[] doubles;
  private final boolean[] booleans;
  private final @Nullable Object[] objects;

  public ColumnAssembler(DataType type, int size) {
    this.type = type;
    this.size = size;
    nulls = NullBits.create(size);
    Arrays.fill(nulls, -1L);
    boolean compact =
        type.kind() == DataType.Kind.DECIMAL
            && type.precision() <= DecimalColumn.MAX_COMPACT_PRECISION;
    longs = new long[type.isLongBacked() || compact ? size : 0];
    doubles = new double[type.kind() == DataType.Kind.DOUBLE ? size : 0];
    booleans = new boolean[type.kind() == DataType.Kind.BOOLEAN ? size : 0];
    boolean object = longs.length + doubles.length + booleans.length == 0;
    objects =
        type.kind() == DataType.Kind.STRING
            ? new @Nullable String[size]
            : type.kind() == DataType.Kind.DECIMAL
                ? new @Nullable BigDecimal[object ? size : 0]
                : new @Nullable Object[object ? size : 0];
  }

  /** Copies these rows from the same rows of a column of this type, nulls included. */
  public void copy(Column source, int @Nullable [] selection, int count) {
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      long isNull = NullBits.isSet(source.nulls(), row) ? 1 : 0;
      nulls[row >>> 6] = (nulls[row >>> 6] & ~(1L << row)) | (isNull << row);
    }
    if (source instanceof LongColumn column) {
      copy(column.values(), selection, count);
    } else if (source instanceof DoubleColumn column) {
      copy(column.values(), selection, count);
    } else if (source instanceof BooleanColumn column) {
      copy(column.values(), selection, count);
    } else if (source instanceof DecimalColumn column && column.isCompact()) {
      copy(column.unscaled(), selection, count);
    } else {
      copyObjects(source, selection, count);
    }
  }

  private void copy(long[] values, int @Nullable [] selection, int count) {
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      longs[row] = values[row];
    }
  }

  private void copy(double[] values, int @Nullable [] selection, int count) {
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      doubles[row] = values[row];
    }
  }

  private void copy(boolean[] values, int @Nullable [] selection, int count) {
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      booleans[row] = values[row];
    }
  }

  private void copyObjects(Column source, int @Nullable [] selection, int count) {
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      if (!source.isNull(row)) {
        objects[row] = source.get(row);
      }
    }
  }

  /** The column; the assembler is done with. */
  public Column build() {
    return switch (type.kind()) {
      case LONG, DATE, TIMESTAMP, TIMESTAMP_TZ -> new LongColumn(type, size, longs, nulls);
      case DOUBLE -> new DoubleColumn(size, doubles, nulls);
      case BOOLEAN -> new BooleanColumn(size, booleans, nulls);
      case STRING -> StringColumn.of(size, (@Nullable String[]) objects, nulls);
      case DECIMAL ->
          type.precision() <= DecimalColumn.MAX_COMPACT_PRECISION
              ? DecimalColumn.compact(type, size, longs, nulls)
              : DecimalColumn.of(type, size, (@Nullable BigDecimal[]) objects, nulls);
      case BYTES -> new BytesColumn(size, bytes(), nulls);
      case NESTED -> new NestedColumn(size, objects, nulls);
    };
  }

  private byte[] @Nullable [] bytes() {
    byte[] @Nullable [] result = new byte[size][];
    for (int i = 0; i < size; i++) {
      if (objects[i] != null) {
        result[i] = (byte[]) objects[i];
      }
    }
    return result;
  }
}
