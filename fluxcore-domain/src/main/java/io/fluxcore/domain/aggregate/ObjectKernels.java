package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.kernel.TextOrder;
import io.fluxcore.domain.state.ObjectBytes;
import io.fluxcore.domain.state.StateSerializer;
import io.fluxcore.domain.state.ValueCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
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
      return (A) ValueCodec.readPresent(type, in);
    }

    @Override
    public long estimatedBytes(A value) {
      return ObjectBytes.ofValue(value);
    }
  }

  /** Sum of a DECIMAL field, exact. The scale is the field's. */
  static final class DecimalSum extends ValueKernel<BigDecimal> {
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
    boolean isPartial() {
      return true;
    }

    @Override
    boolean canRetract() {
      return true;
    }
  }

  /** Smallest or largest value of a field that is held neither as long nor as double. */
  static final class ExtremeValue extends ValueKernel<Object> {
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

        @Override
        public long estimatedBytes(Object value) {
          return ObjectBytes.ofValue(value);
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

    /** Text in the order of its code points, bytes as unsigned. */
    @SuppressWarnings("unchecked")
    static int compare(Object a, Object b) {
      if (a instanceof byte[] left && b instanceof byte[] right) {
        return Arrays.compareUnsigned(left, right);
      }
      if (a instanceof String left && b instanceof String right) {
        return TextOrder.compare(left, right);
      }
      return ((Comparable<Object>) a).compareTo(b);
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
    boolean isPartial() {
      return true;
    }

    @Override
    boolean canRetract() {
      return false;
    }
  }

  /** A user's own function. */
  static final class Custom<A> extends ValueKernel<A> {
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
