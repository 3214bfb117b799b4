package io.fluxcore.domain.state;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.StringColumn;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One column of the keys of a table, by slot. */
abstract sealed class KeyStore {
  /** Room for this many slots. */
  static KeyStore create(DataType type, int slots) {
    if (type.isLongBacked()) {
      return new Longs(type, slots);
    }
    return type.kind() == DataType.Kind.STRING ? new Strings(slots) : new Boxed(type, slots);
  }

  abstract void store(int slot, Column column, int row);

  abstract boolean holds(int slot, Column column, int row);

  /** Marks the rows whose value is not that of their slot; whether there were none. */
  boolean compare(Column column, int[] rows, int count, int[] slots, boolean[] differs) {
    boolean same = true;
    for (int i = 0; i < count; i++) {
      if (!holds(slots[i], column, rows[i])) {
        differs[i] = true;
        same = false;
      }
    }
    return same;
  }

  abstract Column column(int[] slots, int count);

  abstract void grow(int slots);

  /** Lets go of what the first slots hold. */
  abstract void clear(int used);

  /** Values held as long. */
  static final class Longs extends KeyStore {
    private final DataType type;
    private long[] values;
    private long @Nullable [] nulls;

    Longs(DataType type, int slots) {
      this.type = type;
      this.values = new long[slots];
    }

    @Override
    void store(int slot, Column column, int row) {
      values[slot] = ((LongColumn) column).value(row);
      boolean isNull = column.isNull(row);
      if (isNull && nulls == null) {
        nulls = NullBits.create(values.length);
      }
      if (nulls != null) {
        nulls[slot >>> 6] &= ~(1L << slot);
        if (isNull) {
          NullBits.set(nulls, slot);
        }
      }
    }

    @Override
    boolean holds(int slot, Column column, int row) {
      boolean isNull = NullBits.isSet(nulls, slot);
      return isNull == column.isNull(row)
          && (isNull || values[slot] == ((LongColumn) column).value(row));
    }

    @Override
    boolean compare(Column column, int[] rows, int count, int[] slots, boolean[] differs) {
      if (nulls != null || column.nulls() != null) {
        return super.compare(column, rows, count, slots, differs);
      }
      long[] theirs = ((LongColumn) column).values();
      boolean same = true;
      for (int i = 0; i < count; i++) {
        if (values[slots[i]] != theirs[rows[i]]) {
          differs[i] = true;
          same = false;
        }
      }
      return same;
    }

    @Override
    Column column(int[] slots, int count) {
      return new LongColumn(type, values.length, values, nulls).gather(slots, count);
    }

    @Override
    void grow(int slots) {
      values = Arrays.copyOf(values, slots);
      if (nulls != null) {
        nulls = Arrays.copyOf(nulls, (slots + 63) >>> 6);
      }
    }

    @Override
    void clear(int used) {
      nulls = null;
    }
  }

  /** Strings; null is null. */
  static final class Strings extends KeyStore {
    private @Nullable String[] values;

    Strings(int slots) {
      values = new @Nullable String[slots];
    }

    @Override
    void store(int slot, Column column, int row) {
      values[slot] = column.isNull(row) ? null : ((StringColumn) column).value(row);
    }

    @Override
    boolean holds(int slot, Column column, int row) {
      String value = values[slot];
      if (value == null || column.isNull(row)) {
        return value == null && column.isNull(row);
      }
      return ((StringColumn) column).equalTo(row, value);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the same reference in most rows; others are compared
    boolean compare(Column column, int[] rows, int count, int[] slots, boolean[] differs) {
      if (column.nulls() != null || !(column instanceof StringColumn.OfStrings strings)) {
        return super.compare(column, rows, count, slots, differs);
      }
      @Nullable String[] theirs = strings.values();
      boolean same = true;
      for (int i = 0; i < count; i++) {
        String a = values[slots[i]];
        String b = theirs[rows[i]];
        if (a != b && (a == null || !a.equals(b))) {
          differs[i] = true;
          same = false;
        }
      }
      return same;
    }

    @Override
    Column column(int[] slots, int count) {
      @Nullable String[] result = new @Nullable String[count];
      long[] nulls = null;
      for (int i = 0; i < count; i++) {
        String value = values[slots[i]];
        result[i] = value;
        if (value == null) {
          nulls = nulls == null ? NullBits.create(count) : nulls;
          NullBits.set(nulls, i);
        }
      }
      return StringColumn.of(count, result, nulls);
    }

    @Override
    void grow(int slots) {
      values = Arrays.copyOf(values, slots);
    }

    @Override
    void clear(int used) {
      Arrays.fill(values, 0, used, null);
    }
  }

  /** Values of any other type, boxed; a zero has no sign, since both signs are one key. */
  static final class Boxed extends KeyStore {
    private final DataType type;
    private @Nullable Object[] values;

    Boxed(DataType type, int slots) {
      this.type = type;
      this.values = new @Nullable Object[slots];
    }

    @Override
    void store(int slot, Column column, int row) {
      Object value = column.get(row);
      values[slot] = value instanceof Double number ? (Double) (number + 0.0) : value;
    }

    @Override
    boolean holds(int slot, Column column, int row) {
      Object mine = values[slot];
      Object theirs = column.get(row);
      if (mine instanceof Double a && theirs instanceof Double b) {
        return (a + 0.0 == b + 0.0) || a.equals(b);
      }
      if (mine instanceof byte[] a && theirs instanceof byte[] b) {
        return Arrays.equals(a, b);
      }
      return Objects.equals(mine, theirs);
    }

    @Override
    Column column(int[] slots, int count) {
      ColumnBuilder builder = new ColumnBuilder(type, count);
      for (int i = 0; i < count; i++) {
        builder.append(values[slots[i]]);
      }
      return builder.build();
    }

    @Override
    void grow(int slots) {
      values = Arrays.copyOf(values, slots);
    }

    @Override
    void clear(int used) {
      Arrays.fill(values, 0, used, null);
    }
  }
}
