package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DataType.Kind;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.expression.kernel.LongArithmetic;
import io.fluxcore.domain.expression.syntax.BinaryOperator;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Types and values of exact numbers. The types of results are those of SQL Server, Hive and Flink:
 * enough digits for every result, and where that would be more than 38, digits after the point are
 * given up first, but not below six.
 */
final class Decimals {
  private static final int MAX = DataType.MAX_DECIMAL_PRECISION;
  private static final int LEAST_SCALE = 6;

  /** The most that a long has. */
  static final int DIGITS_OF_LONG = 19;

  /** Stands for every decimal type that is not held as longs. */
  static final DataType WIDEST = DataType.decimal(MAX, 0);

  private static final long[] POWERS = new long[19];

  static {
    long power = 1;
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = power;
      power *= 10;
    }
  }

  private Decimals() {}

  /** Ten to the power of 0 to 18. */
  static long power(int exponent) {
    return POWERS[exponent];
  }

  /** The decimal type that holds every value of an exact type, or just the value of a constant. */
  static DataType typeOf(Operand operand) {
    if (operand.type().kind() == Kind.DECIMAL) {
      return operand.type();
    }
    if (operand.isConstant() && operand.constant() instanceof Long value) {
      return DataType.decimal(BigDecimal.valueOf(value).precision(), 0);
    }
    return DataType.decimal(DIGITS_OF_LONG, 0);
  }

  /** The type of a literal. */
  static DataType typeOf(BigDecimal value) {
    int scale = Math.max(0, value.scale());
    return DataType.decimal(Math.max(1, Math.max(value.precision(), scale)), scale);
  }

  static DataType typeOf(BinaryOperator operator, DataType a, DataType b) {
    int wholeA = a.precision() - a.scale();
    int wholeB = b.precision() - b.scale();
    int scale = Math.max(a.scale(), b.scale());
    return switch (operator) {
      case ADD, SUBTRACT -> limited(Math.max(wholeA, wholeB) + scale + 1, scale);
      case MULTIPLY -> limited(a.precision() + b.precision(), a.scale() + b.scale());
      case DIVIDE -> {
        int quotientScale = Math.max(LEAST_SCALE, a.scale() + b.precision() + 1);
        yield limited(wholeA + b.scale() + quotientScale, quotientScale);
      }
      default -> limited(Math.max(1, Math.min(wholeA, wholeB) + scale), scale);
    };
  }

  private static DataType limited(int precision, int scale) {
    if (precision <= MAX) {
      return DataType.decimal(precision, scale);
    }
    int whole = precision - scale;
    return DataType.decimal(MAX, Math.max(MAX - whole, Math.min(scale, LEAST_SCALE)));
  }

  /** A type that holds the values of both, as far as 38 digits do. */
  static DataType common(DataType a, DataType b) {
    int whole = Math.max(a.precision() - a.scale(), b.precision() - b.scale());
    int scale = Math.max(a.scale(), b.scale());
    return whole + scale <= MAX
        ? DataType.decimal(Math.max(1, whole + scale), scale)
        : DataType.decimal(MAX, Math.max(0, MAX - whole));
  }

  /**
   * A value rounded (half away from zero) to the scale of a type.
   *
   * @throws ArithmeticException if it has too many digits
   */
  static BigDecimal fit(BigDecimal value, DataType type) {
    if (value.signum() == 0 || (long) value.scale() - type.scale() > value.precision() + 1L) {
      return BigDecimal.ZERO.setScale(type.scale());
    }
    if ((long) value.precision() - value.scale() > type.precision() - type.scale()) {
      throw tooLarge(value, type);
    }
    BigDecimal rounded = value.setScale(type.scale(), RoundingMode.HALF_UP);
    if (rounded.precision() > type.precision()) {
      throw tooLarge(value, type);
    }
    return rounded;
  }

  private static ArithmeticException tooLarge(BigDecimal value, DataType type) {
    return new ArithmeticException(value + " does not fit " + type);
  }

  /** The value of a row, not null, of a LONG or DECIMAL column. */
  static BigDecimal value(Column column, int row) {
    return column instanceof LongColumn longs
        ? BigDecimal.valueOf(longs.value(row))
        : ((DecimalColumn) column).value(row);
  }

  /** The digits of a column that holds them as longs, the longs of a LONG column, or null. */
  static long @Nullable [] unscaled(Column column) {
    if (column instanceof LongColumn longs) {
      return longs.values();
    }
    return column instanceof DecimalColumn decimals ? decimals.longs() : null;
  }

  /** The digits after the point of a LONG or DECIMAL column. */
  static int scale(Column column) {
    return column.type().kind() == Kind.DECIMAL ? column.type().scale() : 0;
  }

  /**
   * The digits of a column with more of them after the point.
   *
   * @return null if they are not held as longs, or one of the rows does not fit one any more
   */
  static long @Nullable [] scaledTo(int scale, Column column, Rows rows) {
    long[] values = unscaled(column);
    int more = scale - scale(column);
    if (values == null || more == 0) {
      return values;
    }
    if (more < 0 || more >= POWERS.length) {
      return null;
    }
    long[] out = new long[values.length];
    boolean overflow =
        LongArithmetic.multiply(values, POWERS[more], out, rows.selection(), rows.count());
    return overflow ? null : out;
  }

  static boolean isExact(DataType type) {
    return type.kind() == Kind.LONG || type.kind() == Kind.DECIMAL;
  }

  static boolean isCompact(DataType type) {
    return type.kind() == Kind.DECIMAL && type.precision() <= DecimalColumn.MAX_COMPACT_PRECISION;
  }
}
