package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.state.StateSerializer;
import io.fluxcore.domain.state.ValueCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The aggregates of FluxCore's own whose state is an object. */
final class ObjectKernels {
  private ObjectKernels() {}

  /** Writes accumulators that are themselves field values. */
  private record ValueSerializer<A>(DataType type) implements StateSerializer<A> {
    @Override
    public String id() {
      return "value:" + type;
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public void write(A value, DataOutput out) throws IOException {
      ValueCodec.write(type, value, out);
    }

    @Override
    @SuppressWarnings("unchecked")
    public A read(DataInput in, int version) throws IOException {
      Object value = ValueCodec.read(type, in);
      if (value == null) {
        throw new IOException("null where a " + type + " accumulator is expected");
      }
      return (A) value;
    }
  }

  /** Sum of a DECIMAL field, exact. The scale is the field's. */
  static final class DecimalSum extends ObjectKernel<BigDecimal> {
    private final DataType type;

    DecimalSum(int field, DataType input) {
      super(field);
      this.type = DataType.decimal(DataType.MAX_DECIMAL_PRECISION, input.scale());
    }

    @Override
    StateSerializer<BigDecimal> serializer() {
      return new ValueSerializer<>(type);
    }

    @Override
    BigDecimal create() {
      return BigDecimal.ZERO.setScale(type.scale());
    }

    @Override
    BigDecimal accumulate(BigDecimal accumulator, @Nullable Object value) {
      return value == null ? accumulator : accumulator.add((BigDecimal) value);
    }

    @Override
    BigDecimal retract(BigDecimal accumulator, @Nullable Object value) {
      return value == null ? accumulator : accumulator.subtract((BigDecimal) value);
    }

    @Override
    BigDecimal merge(BigDecimal left, BigDecimal right) {
      return left.add(right);
    }

    @Override
    @Nullable Object result(@Nullable BigDecimal accumulator) {
      return accumulator;
    }

    @Override
    boolean canRetract() {
      return true;
    }
  }

  /** Smallest or largest value of a field that is held neither as long nor as double. */
  static final class ExtremeValue extends ObjectKernel<Object> {
    /** What stands for "no value yet" in an accumulator that must not be null. */
    private static final Object NONE = new Object();

    private final DataType type;
    private final boolean max;

    ExtremeValue(int field, DataType type, boolean max) {
      super(field);
      this.type = type;
      this.max = max;
    }

    @Override
    StateSerializer<Object> serializer() {
      return new StateSerializer<>() {
        @Override
        public String id() {
          return "extreme:" + type;
        }

        @Override
        public int version() {
          return 1;
        }

        @Override
        public void write(Object value, DataOutput out) throws IOException {
          ValueCodec.write(type, value.equals(NONE) ? null : value, out);
        }

        @Override
        public Object read(DataInput in, int version) throws IOException {
          Object value = ValueCodec.read(type, in);
          return value == null ? NONE : value;
        }
      };
    }

    @Override
    Object create() {
      return NONE;
    }

    @Override
    Object accumulate(Object accumulator, @Nullable Object value) {
      if (value == null) {
        return accumulator;
      }
      if (accumulator.equals(NONE)) {
        return value;
      }
      int order = compare(value, accumulator);
      return (max ? order > 0 : order < 0) ? value : accumulator;
    }

    @SuppressWarnings("unchecked")
    private static int compare(Object a, Object b) {
      return a instanceof byte[] left && b instanceof byte[] right
          ? Arrays.compareUnsigned(left, right)
          : ((Comparable<Object>) a).compareTo(b);
    }

    @Override
    Object retract(Object accumulator, @Nullable Object value) {
      throw new UnsupportedOperationException("min and max cannot retract");
    }

    @Override
    Object merge(Object left, Object right) {
      return right.equals(NONE) ? left : accumulate(left, right);
    }

    @Override
    @Nullable Object result(@Nullable Object accumulator) {
      return accumulator == null || accumulator.equals(NONE) ? null : accumulator;
    }

    @Override
    boolean canRetract() {
      return false;
    }
  }

  /**
   * How often each value came, so that it can be taken back: an exact count of different values.
   */
  static final class Distinct extends ObjectKernel<Map<Object, long[]>> {
    private final DataType type;

    Distinct(int field, DataType type) {
      super(field);
      this.type = type;
    }

    @Override
    StateSerializer<Map<Object, long[]>> serializer() {
      return new StateSerializer<>() {
        @Override
        public String id() {
          return "distinct:" + type;
        }

        @Override
        public int version() {
          return 1;
        }

        @Override
        public void write(Map<Object, long[]> values, DataOutput out) throws IOException {
          out.writeInt(values.size());
          for (Map.Entry<Object, long[]> entry : values.entrySet()) {
            Object value = entry.getKey() instanceof Bytes b ? b.value() : entry.getKey();
            ValueCodec.write(type, value, out);
            out.writeLong(entry.getValue()[0]);
          }
        }

        @Override
        public Map<Object, long[]> read(DataInput in, int version) throws IOException {
          int size = in.readInt();
          Map<Object, long[]> values = new HashMap<>();
          for (int i = 0; i < size; i++) {
            Object value = ValueCodec.read(type, in);
            if (value == null) {
              throw new IOException("null among the different values");
            }
            values.put(key(value), new long[] {in.readLong()});
          }
          return values;
        }
      };
    }

    private static Object key(Object value) {
      if (value instanceof Double number) {
        return number + 0.0; // both zeros are one value
      }
      return value instanceof byte[] bytes ? new Bytes(bytes) : value;
    }

    @Override
    Map<Object, long[]> create() {
      return new HashMap<>();
    }

    @Override
    Map<Object, long[]> accumulate(Map<Object, long[]> accumulator, @Nullable Object value) {
      if (value != null) {
        accumulator.computeIfAbsent(key(value), v -> new long[1])[0]++;
      }
      return accumulator;
    }

    @Override
    Map<Object, long[]> retract(Map<Object, long[]> accumulator, @Nullable Object value) {
      if (value != null) {
        accumulator.computeIfPresent(key(value), (v, n) -> --n[0] == 0 ? null : n);
      }
      return accumulator;
    }

    @Override
    Map<Object, long[]> merge(Map<Object, long[]> left, Map<Object, long[]> right) {
      right.forEach((value, count) -> left.computeIfAbsent(value, v -> new long[1])[0] += count[0]);
      return left;
    }

    @Override
    Object result(@Nullable Map<Object, long[]> accumulator) {
      return accumulator == null ? 0L : (long) accumulator.size();
    }

    @Override
    boolean canRetract() {
      return true;
    }
  }

  /** Bytes that are equal by content. */
  private record Bytes(byte[] value) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Bytes b && Arrays.equals(value, b.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }
  }

  /** A user's own function. */
  static final class Custom<A> extends ObjectKernel<A> {
    private final AggregateFunction<A> function;

    Custom(int field, AggregateFunction<A> function) {
      super(field);
      this.function = function;
    }

    @Override
    StateSerializer<A> serializer() {
      return function.serializer();
    }

    @Override
    A create() {
      return function.create();
    }

    @Override
    A accumulate(A accumulator, @Nullable Object value) {
      return function.accumulate(accumulator, value);
    }

    @Override
    A retract(A accumulator, @Nullable Object value) {
      return function.retract(accumulator, value);
    }

    @Override
    A merge(A left, A right) {
      return function.merge(left, right);
    }

    @Override
    @Nullable Object result(@Nullable A accumulator) {
      return function.result(accumulator == null ? function.create() : accumulator);
    }

    @Override
    boolean mayRefuse() {
      return true;
    }

    @Override
    boolean canRetract() {
      return function.canRetract();
    }
  }

  /** A sum or mean, or an error where no decimal type can hold it. */
  static BigDecimal checked(BigDecimal result) {
    if (result.precision() > DataType.MAX_DECIMAL_PRECISION) {
      throw new FluxCoreException(
          ErrorCategory.USER,
          Diagnostic.error(
              "FLX-AGG-0001",
              Place.WHOLE,
              "the sum or mean of a group has more than "
                  + DataType.MAX_DECIMAL_PRECISION
                  + " digits",
              "aggregate cast(… as double) instead"));
    }
    return result;
  }

  /** A mean of decimals: at least six digits after the point, half away from zero. */
  static BigDecimal mean(BigDecimal sum, long count, DataType result) {
    return sum.divide(
        new BigDecimal(BigInteger.valueOf(count)), result.scale(), java.math.RoundingMode.HALF_UP);
  }
}
