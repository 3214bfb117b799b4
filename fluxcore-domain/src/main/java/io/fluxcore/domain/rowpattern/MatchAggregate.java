package io.fluxcore.domain.rowpattern;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.PlainValues;
import io.fluxcore.domain.expression.kernel.TextOrder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates over the rows of a match. What they have come to is a value that is never changed, so
 * that threads share it as far as they have the same rows.
 */
public enum MatchAggregate {
  COUNT,
  SUM,
  AVG,
  MIN,
  MAX,
  /** The first value that is not null. */
  ANY,
  /** All values in a list, nulls too. */
  COLLECT,
  /** The first argument of the row in which the second is smallest. */
  MIN_BY,
  /** The first argument of the row in which the second is largest. */
  MAX_BY,
  /** Of the values that differ, as those below; nulls are a value only in a list. */
  COUNT_DISTINCT(COUNT),
  SUM_DISTINCT(SUM),
  AVG_DISTINCT(AVG),
  COLLECT_DISTINCT(COLLECT);

  /** The digits behind the point that the average of a decimal has at least. */
  private static final int LEAST_SCALE = 6;

  /** What is computed of the values that differ; null where all values count. */
  private final @Nullable MatchAggregate ofDistinct;

  MatchAggregate() {
    this(null);
  }

  MatchAggregate(@Nullable MatchAggregate ofDistinct) {
    this.ofDistinct = ofDistinct;
  }

  /** The same of values that differ; itself where that makes no difference. */
  public MatchAggregate distinct() {
    for (MatchAggregate other : values()) {
      if (other.ofDistinct == this) {
        return other;
      }
    }
    return this;
  }

  /** The same of all values. */
  public MatchAggregate ofAll() {
    return ofDistinct == null ? this : ofDistinct;
  }

  /** The list of values so far, the last of them first. */
  private static final class Collected {
    final @Nullable Collected before;
    final @Nullable Object value;

    Collected(@Nullable Collected before, @Nullable Object value) {
      this.before = before;
      this.value = value;
    }
  }

  private record Average(Object sum, long count) {}

  private record Extreme(@Nullable Object value, Object by) {}

  /** The type of the result; null where values of these types have none. */
  public @Nullable DataType type(List<DataType> arguments) {
    if (this == COUNT) {
      return DataType.LONG;
    }
    if (arguments.size() != (this == MIN_BY || this == MAX_BY ? 2 : 1)) {
      return null;
    }
    DataType of = arguments.get(0);
    return switch (this) {
      case COUNT -> DataType.LONG;
      case SUM -> of.isNumeric() ? sum(of) : null;
      case AVG -> of.isNumeric() ? average(of) : null;
      case MIN, MAX -> of.kind() == DataType.Kind.NESTED ? null : of;
      case ANY -> of;
      case COLLECT -> DataType.NESTED;
      case MIN_BY, MAX_BY -> arguments.get(1).kind() == DataType.Kind.NESTED ? null : of;
      case COUNT_DISTINCT, SUM_DISTINCT, AVG_DISTINCT, COLLECT_DISTINCT -> ofAll().type(arguments);
    };
  }

  private static DataType sum(DataType of) {
    return of.kind() == DataType.Kind.DECIMAL
        ? DataType.decimal(DataType.MAX_DECIMAL_PRECISION, of.scale())
        : of;
  }

  private static DataType average(DataType of) {
    return of.kind() == DataType.Kind.DECIMAL
        ? DataType.decimal(DataType.MAX_DECIMAL_PRECISION, Math.max(LEAST_SCALE, of.scale()))
        : DataType.DOUBLE;
  }

  /**
   * With one more row.
   *
   * @param state of the rows before; null where there is none
   * @param arguments of the row
   * @throws ArithmeticException if the result does not fit
   */
  @Nullable Object with(@Nullable Object state, @Nullable Object[] arguments) {
    if (this == COUNT) {
      long counted = arguments.length == 0 || arguments[0] != null ? 1 : 0;
      return (state == null ? 0 : (Long) state) + counted;
    }
    Object value = arguments[0];
    if (ofDistinct != null) {
      Collected before = (Collected) state;
      return (value == null && ofDistinct != COLLECT) || holds(before, value)
          ? before
          : new Collected(before, value);
    }
    if (this == COLLECT) {
      return new Collected((Collected) state, PlainValues.plain(value));
    }
    if (this == MIN_BY || this == MAX_BY) {
      Object by = arguments[1];
      Extreme best = (Extreme) state;
      return by != null && (best == null || isBetter(by, best.by()))
          ? new Extreme(value, by)
          : best;
    }
    if (value == null) {
      return state;
    }
    if (this == AVG) {
      Average before = (Average) state;
      return before == null
          ? new Average(summand(value), 1)
          : new Average(sum(before.sum(), summand(value)), before.count() + 1);
    }
    if (state == null) {
      return value;
    }
    return switch (this) {
      case SUM -> sum(state, value);
      case MIN, MAX -> isBetter(value, state) ? value : state;
      default -> state;
    };
  }

  private static boolean holds(@Nullable Collected last, @Nullable Object value) {
    for (Collected at = last; at != null; at = at.before) {
      if (Objects.deepEquals(at.value, value)) {
        return true;
      }
    }
    return false;
  }

  private boolean isBetter(Object value, Object than) {
    int order = compare(value, than);
    boolean isSmallest = this == MIN || this == MIN_BY;
    return isSmallest ? order < 0 : order > 0;
  }

  /** The result of all rows. */
  @Nullable Object result(@Nullable Object state, @Nullable DataType type) {
    if (ofDistinct != null) {
      Object ofValues = null;
      for (Object value : state == null ? List.of() : list((Collected) state)) {
        ofValues = ofDistinct.with(ofValues, new @Nullable Object[] {value});
      }
      return ofDistinct.result(ofValues, type);
    }
    if (state == null) {
      return this == COUNT ? (Object) 0L : null;
    }
    if (state instanceof Average average) {
      return average.sum() instanceof BigDecimal sum
          ? sum.divide(
              BigDecimal.valueOf(average.count()),
              type == null ? LEAST_SCALE : type.scale(),
              java.math.RoundingMode.HALF_UP)
          : (Object) ((Double) average.sum() / average.count());
    }
    if (state instanceof Extreme extreme) {
      return extreme.value();
    }
    return state instanceof Collected collected ? list(collected) : state;
  }

  private static List<@Nullable Object> list(Collected last) {
    List<@Nullable Object> values = new ArrayList<>();
    for (Collected at = last; at != null; at = at.before) {
      values.add(at.value);
    }
    java.util.Collections.reverse(values);
    return values;
  }

  private static Object summand(Object value) {
    return value instanceof BigDecimal ? value : (Object) ((Number) value).doubleValue();
  }

  private static Object sum(Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y) {
      return Math.addExact(x, y);
    }
    if (a instanceof BigDecimal x && b instanceof BigDecimal y) {
      return x.add(y);
    }
    return ((Number) a).doubleValue() + ((Number) b).doubleValue();
  }

  @SuppressWarnings("unchecked") // values of one column are of one class
  private static int compare(Object a, Object b) {
    if (a instanceof String x && b instanceof String y) {
      return TextOrder.compare(x, y);
    }
    if (a instanceof byte[] x && b instanceof byte[] y) {
      return Arrays.compareUnsigned(x, y);
    }
    if (a instanceof Double x && b instanceof Double y) {
      return Double.compare(x + 0.0, y + 0.0);
    }
    return ((Comparable<Object>) a).compareTo(b);
  }
}
