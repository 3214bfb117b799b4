package io.fluxcore.domain.process;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Values;
import io.fluxcore.domain.state.ObjectBytes;
import io.fluxcore.domain.state.StateSerializer;
import io.fluxcore.domain.state.ValueCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The serializer of state whose values are of a field's type, and the type of the keys of maps.
 * Immutable.
 *
 * @param <T> the class of {@link Values} that the type has
 */
public final class ValueType<T> implements StateSerializer<T> {
  public static final ValueType<Boolean> BOOLEAN = new ValueType<>(DataType.BOOLEAN);
  public static final ValueType<Long> LONG = new ValueType<>(DataType.LONG);
  public static final ValueType<Double> DOUBLE = new ValueType<>(DataType.DOUBLE);
  public static final ValueType<String> STRING = new ValueType<>(DataType.STRING);
  public static final ValueType<byte[]> BYTES = new ValueType<>(DataType.BYTES);
  public static final ValueType<LocalDate> DATE = new ValueType<>(DataType.DATE);
  public static final ValueType<LocalDateTime> TIMESTAMP = new ValueType<>(DataType.TIMESTAMP);
  public static final ValueType<Instant> TIMESTAMP_TZ = new ValueType<>(DataType.TIMESTAMP_TZ);

  /** Lists, maps with strings as keys, strings, numbers and booleans, in each other. */
  public static final ValueType<Object> NESTED = new ValueType<>(DataType.NESTED);

  private final DataType type;

  private ValueType(DataType type) {
    this.type = type;
  }

  /** Decimals of a scale, which values must have. */
  public static ValueType<BigDecimal> decimal(int precision, int scale) {
    return new ValueType<>(DataType.decimal(precision, scale));
  }

  public DataType dataType() {
    return type;
  }

  @Override
  public String id() {
    return "fluxcore." + type;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void write(T value, DataOutput out) throws IOException {
    ValueCodec.write(type, value, out);
  }

  @Override
  @SuppressWarnings("unchecked")
  public T read(DataInput in, int version) throws IOException {
    return (T) Objects.requireNonNull(ValueCodec.read(type, in));
  }

  /**
   * A value that can be held.
   *
   * @throws IllegalArgumentException if it is of another class or scale
   */
  T check(T value) {
    if (!Values.isOf(type, value)
        || (value instanceof BigDecimal decimal
            && type.kind() == DataType.Kind.DECIMAL
            && decimal.scale() != type.scale())) {
      throw new IllegalArgumentException(type + " does not hold " + value);
    }
    return value;
  }

  @Override
  public long estimatedBytes(T value) {
    return ObjectBytes.ofValue(value);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ValueType<?> o && type.equals(o.type);
  }

  @Override
  public int hashCode() {
    return type.hashCode();
  }

  @Override
  public String toString() {
    return type.toString();
  }
}
