package io.fluxcore.domain.expression;

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
import io.fluxcore.domain.event.Values;
import java.math.BigDecimal;
import java.time.DateTimeException;
import org.jspecify.annotations.Nullable;

/**
 * Loops for functions whose work per row dwarfs a call: a column from a function of the row.
 * Exceptions of values ({@link ArithmeticException}, {@link DateTimeException}, {@link
 * IllegalArgumentException}) fail the row; others are defects.
 */
final class RowLoops {
  /** What to do with a row whose function threw. Its value is null already. */
  @FunctionalInterface
  interface Failure {
    void at(int row, RuntimeException error);
  }

  @FunctionalInterface
  interface LongAt {
    long at(int row);
  }

  @FunctionalInterface
  interface DoubleAt {
    double at(int row);
  }

  @FunctionalInterface
  interface BooleanAt {
    boolean at(int row);
  }

  /** A value, or null. */
  @FunctionalInterface
  interface ObjectAt<T> {
    @Nullable T at(int row);
  }

  @FunctionalInterface
  private interface Step {
    void run(int row);
  }

  private final Rows rows;
  private final NullsBuilder nulls;
  private final Failure failure;

  /** For rows that are null in none of the operands. */
  RowLoops(Rows rows, Failure failure, Column... operands) {
    this.rows = rows;
    this.failure = failure;
    long[] bits = null;
    for (Column operand : operands) {
      bits = NullBits.or(bits, operand.nulls());
    }
    this.nulls = new NullsBuilder(bits, rows.rowCount());
  }

  private void run(Step step) {
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.row(i);
      if (!nulls.isSet(row)) {
        try {
          step.run(row);
        } catch (ArithmeticException | DateTimeException | IllegalArgumentException e) {
          nulls.set(row);
          failure.at(row, e);
        }
      }
    }
  }

  Column longs(DataType type, LongAt function) {
    long[] values = new long[rows.rowCount()];
    run(row -> values[row] = function.at(row));
    return new LongColumn(type, values.length, values, nulls.bits());
  }

  Column doubles(DoubleAt function) {
    double[] values = new double[rows.rowCount()];
    run(row -> values[row] = function.at(row));
    return new DoubleColumn(values.length, values, nulls.bits());
  }

  Column booleans(BooleanAt function) {
    boolean[] values = new boolean[rows.rowCount()];
    run(row -> values[row] = function.at(row));
    return new BooleanColumn(values.length, values, nulls.bits());
  }

  Column strings(ObjectAt<String> function) {
    @Nullable String[] values = new @Nullable String[rows.rowCount()];
    run(row -> values[row] = orNull(row, function.at(row)));
    return StringColumn.of(values.length, values, nulls.bitsOf(rows));
  }

  Column bytes(ObjectAt<byte[]> function) {
    byte[] @Nullable [] values = new byte[rows.rowCount()][];
    run(
        row -> {
          byte[] value = orNull(row, function.at(row));
          if (value != null) {
            values[row] = value;
          }
        });
    return new BytesColumn(values.length, values, nulls.bitsOf(rows));
  }

  Column nested(ObjectAt<Object> function) {
    @Nullable Object[] values = new @Nullable Object[rows.rowCount()];
    run(row -> values[row] = orNull(row, function.at(row)));
    return new NestedColumn(values.length, values, nulls.bitsOf(rows));
  }

  /** Values of any type, as objects of {@link Values}; decimals as {@link #decimals} has them. */
  Column values(DataType type, ObjectAt<Object> function) {
    return switch (type.kind()) {
      case STRING -> strings(row -> (String) function.at(row));
      case BYTES -> bytes(row -> (byte[]) function.at(row));
      case NESTED -> nested(function);
      case DECIMAL -> decimals(type, row -> (BigDecimal) function.at(row));
      case BOOLEAN -> {
        boolean[] values = new boolean[rows.rowCount()];
        run(
            row -> {
              Object value = orNull(row, function.at(row));
              values[row] = value != null && (Boolean) value;
            });
        yield new BooleanColumn(values.length, values, nulls.bits());
      }
      case DOUBLE -> {
        double[] values = new double[rows.rowCount()];
        run(
            row -> {
              Object value = orNull(row, function.at(row));
              values[row] = value == null ? 0 : ((Number) value).doubleValue();
            });
        yield new DoubleColumn(values.length, values, nulls.bits());
      }
      case LONG, DATE, TIMESTAMP, TIMESTAMP_TZ -> {
        long[] values = new long[rows.rowCount()];
        run(
            row -> {
              Object value = orNull(row, function.at(row));
              values[row] = value == null ? 0 : Values.toLong(type, value);
            });
        yield new LongColumn(type, values.length, values, nulls.bits());
      }
    };
  }

  /** Values are rounded to the type's scale; those with too many digits fail the row. */
  Column decimals(DataType type, ObjectAt<BigDecimal> function) {
    @Nullable BigDecimal[] values = new @Nullable BigDecimal[rows.rowCount()];
    run(
        row -> {
          BigDecimal value = orNull(row, function.at(row));
          values[row] = value == null ? null : Decimals.fit(value, type);
        });
    return DecimalColumn.of(type, values.length, values, nulls.bitsOf(rows));
  }

  private <T> @Nullable T orNull(int row, @Nullable T value) {
    if (value == null) {
      nulls.set(row);
    }
    return value;
  }
}
