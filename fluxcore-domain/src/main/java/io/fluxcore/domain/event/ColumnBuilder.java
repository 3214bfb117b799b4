package io.fluxcore.domain.event;

import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects the values of one column row by row. A typed {@code append} fits the column's type or
 * throws {@link ClassCastException}; hot decoders use {@link #appendLong}, {@link #appendDouble},
 * {@link #appendBoolean} and {@link #appendString}, edges use {@link #append(Object)}. After {@link
 * #build()} the builder is empty and may be filled again. Not thread-safe.
 */
public final class ColumnBuilder {
  private final DataType type;
  private final int firstCapacity;
  private int capacity;
  private int size;
  private long @Nullable [] nulls;
  private long[] longs = new long[0];
  private double[] doubles = new double[0];
  private boolean[] booleans = new boolean[0];
  private @Nullable Object[] objects = new @Nullable Object[0];
  private final @Nullable TextCollector texts;

  public ColumnBuilder(DataType type, int capacity) {
    this.type = type;
    this.firstCapacity = Math.max(1, capacity);
    this.capacity = firstCapacity;
    this.texts = type.kind() == DataType.Kind.STRING ? new TextCollector(this.capacity) : null;
    allocate();
  }

  private void allocate() {
    if (isLongs()) {
      longs = new long[capacity];
      return;
    }
    switch (type.kind()) {
      case DOUBLE -> doubles = new double[capacity];
      case BOOLEAN -> booleans = new boolean[capacity];
      case DECIMAL, BYTES, NESTED -> objects = new @Nullable Object[capacity];
      default -> {} // text is collected elsewhere
    }
  }

  /** Whether values are held as longs: also decimals whose unscaled values fit. */
  private boolean isLongs() {
    return type.isLongBacked() || isCompactDecimal();
  }

  private boolean isCompactDecimal() {
    return type.kind() == DataType.Kind.DECIMAL
        && type.precision() <= DecimalColumn.MAX_COMPACT_PRECISION;
  }

  private void ensureRoom() {
    if (size < capacity) {
      return;
    }
    capacity = Math.multiplyExact(capacity, 2);
    if (nulls != null) {
      nulls = Arrays.copyOf(nulls, (capacity + 63) >>> 6);
    }
    if (texts != null) {
      texts.grow(capacity);
    } else if (isLongs()) {
      longs = Arrays.copyOf(longs, capacity);
    } else if (type.kind() == DataType.Kind.DOUBLE) {
      doubles = Arrays.copyOf(doubles, capacity);
    } else if (type.kind() == DataType.Kind.BOOLEAN) {
      booleans = Arrays.copyOf(booleans, capacity);
    } else {
      objects = Arrays.copyOf(objects, capacity);
    }
  }

  /** So that one large column does not make all that come after it as large. */
  private void shrink() {
    capacity = Math.max(firstCapacity, capacity >>> 1);
    if (texts != null) {
      texts.grow(capacity);
    }
  }

  public DataType type() {
    return type;
  }

  public int size() {
    return size;
  }

  public void appendNull() {
    ensureRoom();
    if (nulls == null) {
      nulls = NullBits.create(capacity);
    }
    if (texts != null) {
      texts.addNull(size);
    }
    NullBits.set(nulls, size++);
  }

  /**
   * For LONG, DATE and both timestamps, in the unit of {@link DataType}, and for the unscaled value
   * of a decimal of at most {@link DecimalColumn#MAX_COMPACT_PRECISION} digits.
   */
  public void appendLong(long value) {
    ensureRoom();
    longs[size++] = value;
  }

  public void appendDouble(double value) {
    ensureRoom();
    doubles[size++] = value;
  }

  public void appendBoolean(boolean value) {
    ensureRoom();
    booleans[size++] = value;
  }

  public void appendString(@Nullable String value) {
    if (value == null) {
      appendNull();
      return;
    }
    ensureRoom();
    texts().add(size++, value);
  }

  /** For STRING: well-formed UTF-8, of which no {@link String} is made. */
  public void appendUtf8(byte[] bytes, int from, int length) {
    ensureRoom();
    texts().addUtf8(size++, bytes, from, length);
  }

  private TextCollector texts() {
    if (texts == null) {
      throw new ClassCastException("a string for a column of type " + type);
    }
    return texts;
  }

  /** The value of a row of a column of the same type, which may be null. */
  public void append(Column column, int row) {
    if (column.isNull(row)) {
      appendNull();
    } else if (column instanceof LongColumn values) {
      appendLong(values.value(row));
    } else if (column instanceof DoubleColumn values) {
      appendDouble(values.value(row));
    } else if (column instanceof BooleanColumn values) {
      appendBoolean(values.value(row));
    } else if (column instanceof StringColumn values) {
      appendString(values.value(row));
    } else if (column instanceof DecimalColumn values && values.isCompact()) {
      appendLong(values.unscaled()[row]);
    } else {
      appendObject(column.boxed(row));
    }
  }

  /**
   * Any value of {@link Values}' class for the type, or null.
   *
   * @throws ArithmeticException if a decimal has more digits than the type, before or after the
   *     point
   */
  public void append(@Nullable Object value) {
    if (value == null) {
      appendNull();
      return;
    }
    switch (type.kind()) {
      case LONG, DATE, TIMESTAMP, TIMESTAMP_TZ -> appendLong(Values.toLong(type, value));
      case DOUBLE -> appendDouble(((Number) value).doubleValue());
      case BOOLEAN -> appendBoolean((Boolean) value);
      case STRING -> appendString((String) value);
      case DECIMAL -> appendDecimal(fitting((BigDecimal) value));
      case BYTES -> appendObject((byte[]) value);
      case NESTED -> appendObject(value);
    }
  }

  /** Here rather than in {@link #build()}, so that one bad value costs one row. */
  private BigDecimal fitting(BigDecimal value) {
    BigDecimal scaled = value.setScale(type.scale());
    if (scaled.precision() > type.precision()) {
      throw new ArithmeticException(value + " does not fit " + type);
    }
    return scaled;
  }

  private void appendDecimal(BigDecimal scaled) {
    if (isCompactDecimal()) {
      appendLong(scaled.unscaledValue().longValueExact());
    } else {
      appendObject(scaled);
    }
  }

  private void appendObject(Object value) {
    ensureRoom();
    objects[size++] = value;
  }

  /** Takes the last value back. */
  public void removeLast() {
    size--;
    if (nulls != null) {
      nulls[size >>> 6] &= ~(1L << size);
    }
  }

  /** The column of the values so far; the builder starts anew. */
  public Column build() {
    int count = size;
    long[] bits = nulls;
    Column column =
        switch (type.kind()) {
          case LONG, DATE, TIMESTAMP, TIMESTAMP_TZ -> new LongColumn(type, count, longs, bits);
          case DOUBLE -> new DoubleColumn(count, doubles, bits);
          case BOOLEAN -> new BooleanColumn(count, booleans, bits);
          case STRING -> texts().build(count, bits);
          case DECIMAL -> {
            if (isCompactDecimal()) {
              yield DecimalColumn.compact(type, count, longs, bits);
            }
            @Nullable BigDecimal[] decimals = new @Nullable BigDecimal[count];
            for (int i = 0; i < count; i++) {
              decimals[i] = NullBits.isSet(bits, i) ? null : (BigDecimal) objects[i];
            }
            yield DecimalColumn.of(type, count, decimals, bits);
          }
          case BYTES -> {
            byte[][] bytes = new byte[count][];
            for (int i = 0; i < count; i++) {
              Object value = objects[i];
              if (value != null && !NullBits.isSet(bits, i)) {
                bytes[i] = (byte[]) value;
              }
            }
            yield new BytesColumn(count, bytes, bits);
          }
          case NESTED -> new NestedColumn(count, objects, bits);
        };
    size = 0;
    nulls = null;
    if (capacity > firstCapacity && count < capacity >>> 2) {
      shrink();
    }
    allocate();
    return column;
  }
}
