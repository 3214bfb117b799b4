package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NestedColumn;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.event.Values;
import io.fluxcore.domain.expression.kernel.ColumnAssembler;
import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The same value for every row. Its column is kept, so that a batch costs nothing. */
final class ConstantEvaluator extends Evaluator {
  private final @Nullable Object value;
  private final boolean untypedNull;
  private @Nullable Column column;

  private ConstantEvaluator(DataType type, @Nullable Object value, boolean untypedNull) {
    super(type);
    this.value = value;
    this.untypedNull = untypedNull;
  }

  /**
   * @param value an object of {@link Values} for the type, or null
   */
  static ConstantEvaluator of(DataType type, @Nullable Object value) {
    return new ConstantEvaluator(type, value, false);
  }

  /** The word {@code null}, which fits every type. */
  static ConstantEvaluator untypedNull() {
    return new ConstantEvaluator(DataType.STRING, null, true);
  }

  boolean isUntypedNull() {
    return untypedNull;
  }

  @Override
  public boolean isConstant() {
    return true;
  }

  @Override
  public @Nullable Object constant() {
    return value;
  }

  @Override
  public Column evaluate(Rows rows) {
    Column current = column;
    if (current == null || current.size() != rows.rowCount()) {
      current = create(type(), value, rows.rowCount());
      column = current;
    }
    return current;
  }

  private static Column create(DataType type, @Nullable Object value, int size) {
    if (value == null) {
      return new ColumnAssembler(type, size).build();
    }
    return switch (type.kind()) {
      case LONG, DATE, TIMESTAMP, TIMESTAMP_TZ ->
          new LongColumn(type, size, filled(Values.toLong(type, value), size), null);
      case DOUBLE -> {
        double[] values = new double[size];
        Arrays.fill(values, (Double) value);
        yield new DoubleColumn(size, values, null);
      }
      case BOOLEAN -> {
        boolean[] values = new boolean[size];
        Arrays.fill(values, (Boolean) value);
        yield new BooleanColumn(size, values, null);
      }
      case STRING ->
          StringColumn.ofDictionary(size, new int[size], new String[] {(String) value}, null);
      case DECIMAL -> {
        BigDecimal[] values = new BigDecimal[size];
        Arrays.fill(values, (BigDecimal) value);
        yield DecimalColumn.of(type, size, values, null);
      }
      case BYTES -> {
        byte[][] values = new byte[size][];
        Arrays.fill(values, (byte[]) value);
        yield new BytesColumn(size, values, null);
      }
      case NESTED -> {
        Object[] values = new Object[size];
        Arrays.fill(values, value);
        yield new NestedColumn(size, values, null);
      }
    };
  }

  private static long[] filled(long value, int size) {
    long[] values = new long[size];
    Arrays.fill(values, value);
    return values;
  }
}
