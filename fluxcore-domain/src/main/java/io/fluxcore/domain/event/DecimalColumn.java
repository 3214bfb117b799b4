package io.fluxcore.domain.event;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * DECIMAL(p,s) values. Up to 18 digits are held as unscaled {@code long}s ({@link #isCompact()}).
 * Of more digits they are {@link BigDecimal}s of the column's scale, or {@code long}s as well where
 * all of them happen to fit ({@link #longs()}), which says nothing of other columns of the type.
 */
public final class DecimalColumn extends Column {
  /** The largest precision whose unscaled value fits a {@code long}. */
  public static final int MAX_COMPACT_PRECISION = 18;

  private final long @Nullable [] unscaled;
  private final @Nullable BigDecimal @Nullable [] wide;

  private DecimalColumn(
      DataType type,
      int size,
      long @Nullable [] unscaled,
      @Nullable BigDecimal @Nullable [] wide,
      long @Nullable [] nulls) {
    super(type, size, nulls);
    this.unscaled = unscaled;
    this.wide = wide;
  }

  /** A compact column; the precision is at most {@link #MAX_COMPACT_PRECISION}. */
  public static DecimalColumn compact(
      DataType type, int size, long[] unscaled, long @Nullable [] nulls) {
    if (type.kind() != DataType.Kind.DECIMAL || type.precision() > MAX_COMPACT_PRECISION) {
      throw new IllegalArgumentException(type + " is not a compact decimal");
    }
    return new DecimalColumn(type, size, unscaled, null, nulls);
  }

  /** A column of any precision whose values, times ten to the power of the scale, are these. */
  public static DecimalColumn ofLongs(
      DataType type, int size, long[] unscaled, long @Nullable [] nulls) {
    if (type.kind() != DataType.Kind.DECIMAL) {
      throw new IllegalArgumentException(type + " is not a decimal");
    }
    return new DecimalColumn(type, size, unscaled, null, nulls);
  }

  /**
   * A column of these values, brought to the type's scale; compact where the precision allows.
   *
   * @throws ArithmeticException if a value would lose digits
   */
  public static DecimalColumn of(
      DataType type, int size, @Nullable BigDecimal[] values, long @Nullable [] nulls) {
    if (type.precision() <= MAX_COMPACT_PRECISION) {
      long[] longs = new long[size];
      for (int i = 0; i < size; i++) {
        BigDecimal value = values[i];
        if (value != null && !NullBits.isSet(nulls, i)) {
          longs[i] = value.setScale(type.scale()).unscaledValue().longValueExact();
        }
      }
      return compact(type, size, longs, nulls);
    }
    @Nullable BigDecimal[] scaled = new @Nullable BigDecimal[size];
    for (int i = 0; i < size; i++) {
      BigDecimal value = values[i];
      if (value != null && !NullBits.isSet(nulls, i)) {
        scaled[i] = value.setScale(type.scale());
      }
    }
    return new DecimalColumn(type, size, null, scaled, nulls);
  }

  /** Whether all values of the type fit a {@code long}. */
  public boolean isCompact() {
    return type().precision() <= MAX_COMPACT_PRECISION;
  }

  /** The unscaled values of a compact column. */
  public long[] unscaled() {
    if (unscaled == null || !isCompact()) {
      throw new IllegalStateException(type() + " is not compact");
    }
    return unscaled;
  }

  /** The unscaled values, if they are held so; always of a compact column. */
  public long @Nullable [] longs() {
    return unscaled;
  }

  /** The value of a row that is not null. */
  public BigDecimal value(int row) {
    if (unscaled != null) {
      return BigDecimal.valueOf(unscaled[row], type().scale());
    }
    BigDecimal value = wide == null ? null : wide[row];
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
  public DecimalColumn gather(int[] rows, int count) {
    long @Nullable [] bits = gatherNulls(rows, count);
    if (unscaled != null) {
      long[] result = new long[count];
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        result[i] = row < 0 ? 0 : unscaled[row];
      }
      return new DecimalColumn(type(), count, result, null, bits);
    }
    @Nullable BigDecimal[] result = new @Nullable BigDecimal[count];
    for (int i = 0; i < count; i++) {
      if (!NullBits.isSet(bits, i)) {
        result[i] = value(rows[i]);
      }
    }
    return new DecimalColumn(type(), count, null, result, bits);
  }

  @Override
  public long estimatedBytes() {
    return (unscaled != null ? 8L : 56L) * size();
  }
}
