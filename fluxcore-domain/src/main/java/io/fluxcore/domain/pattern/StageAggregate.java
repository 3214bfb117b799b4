package io.fluxcore.domain.pattern;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.expression.kernel.TextOrder;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One value of the events that a match has for a stage.
 *
 * @param kind which value
 * @param stage the stage's name
 * @param argument what is computed of each event, over its own fields; null for {@code count} of
 *     the events themselves
 */
record StageAggregate(Kind kind, String stage, @Nullable Expression argument) {
  /**
   * The aggregates; all but {@code count} are null where there is no event, and pass over nulls.
   */
  enum Kind {
    FIRST,
    LAST,
    SUM,
    AVG,
    MIN,
    MAX,
    COUNT;

    /** The one of this name, or null. */
    static @Nullable Kind find(String name) {
      for (Kind kind : values()) {
        if (kind.word().equals(name)) {
          return kind;
        }
      }
      return null;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is of numbers only. */
    boolean isNumeric() {
      return this == SUM || this == AVG;
    }

    /** The type of the result; null where values of this type have none. */
    @Nullable DataType type(DataType argument) {
      return switch (this) {
        case FIRST, LAST -> argument;
        case COUNT -> DataType.LONG;
        case MIN, MAX -> argument.kind() == DataType.Kind.NESTED ? null : argument;
        case AVG -> argument.isNumeric() ? DataType.DOUBLE : null;
        case SUM ->
            !argument.isNumeric()
                ? null
                : argument.kind() == DataType.Kind.DECIMAL
                    ? DataType.decimal(DataType.MAX_DECIMAL_PRECISION, argument.scale())
                    : argument;
      };
    }
  }

  /** Collects the values of one aggregate, in the order of the events. Not thread-safe. */
  static final class Accumulator {
    private final Kind kind;
    private @Nullable Object result;
    private boolean any;
    private long count;

    Accumulator(Kind kind) {
      this.kind = kind;
    }

    /** The value of the next event. */
    void add(@Nullable Object value) {
      if (kind == Kind.FIRST) {
        result = any ? result : value;
      } else if (kind == Kind.LAST) {
        result = value;
      } else if (value != null) {
        count++;
        result = result == null ? start(value) : combined(result, value);
      }
      any = true;
    }

    private Object start(Object value) {
      return kind == Kind.AVG ? (Object) ((Number) value).doubleValue() : value;
    }

    private Object combined(Object before, Object value) {
      return switch (kind) {
        case SUM -> sum(before, value);
        case AVG -> (Double) before + ((Number) value).doubleValue();
        case MIN -> compare(value, before) < 0 ? value : before;
        case MAX -> compare(value, before) > 0 ? value : before;
        case COUNT, FIRST, LAST -> before;
      };
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

    @Nullable Object result() {
      if (kind == Kind.COUNT) {
        return count;
      }
      return kind == Kind.AVG && result instanceof Double sum ? (Object) (sum / count) : result;
    }
  }

  /** As it is written: {@code sum(mid.price)}. */
  @Override
  public String toString() {
    return kind.word() + "(" + stage + (argument == null ? "" : ": " + argument) + ")";
  }
}
