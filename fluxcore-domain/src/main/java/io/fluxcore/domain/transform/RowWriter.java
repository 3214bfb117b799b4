package io.fluxcore.domain.transform;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.Values;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects rows that user code made into columns, and checks them against the declared fields. A
 * row is added whole or not at all. Beside the classes of {@link Values}, Integer, Short and Byte
 * are taken for LONG, any of these and Long and Float for DOUBLE, and integers for DECIMAL; what
 * would lose digits is refused.
 */
public final class RowWriter {
  private static final String UNKNOWN_FIELD = "FLX-TRANSFORM-0002";
  private static final String WRONG_VALUE = "FLX-TRANSFORM-0003";
  private static final int MAX_SHOWN = 80;

  private final Schema schema;
  private final ColumnBuilder[] columns;
  private int size;

  public RowWriter(Schema schema, int capacity) {
    this.schema = schema;
    this.columns = new ColumnBuilder[schema.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = new ColumnBuilder(schema.type(i), capacity);
    }
  }

  /** Whole rows so far. */
  public int size() {
    return size;
  }

  /** Adds a row of values by field name; absent ones are null. */
  public void add(Map<String, ? extends @Nullable Object> values) {
    boolean whole = false;
    try {
      int known = 0;
      for (int i = 0; i < columns.length; i++) {
        Field field = schema.field(i);
        Object value = values.get(field.name());
        if (value != null || values.containsKey(field.name())) {
          known++;
        }
        append(columns[i], field, value);
      }
      if (known != values.size()) {
        throw unknown(values);
      }
      size++;
      whole = true;
    } finally {
      if (!whole) {
        truncate(size);
      }
    }
  }

  /** Adds a row of the values of all fields, in the schema's order. */
  public void add(@Nullable Object[] values) {
    if (values.length != columns.length) {
      throw new RecordException(WRONG_VALUE, values.length + " values for the fields " + schema);
    }
    boolean whole = false;
    try {
      for (int i = 0; i < columns.length; i++) {
        append(columns[i], schema.field(i), values[i]);
      }
      size++;
      whole = true;
    } finally {
      if (!whole) {
        truncate(size);
      }
    }
  }

  /** Takes back all but the first rows, and what there is of an unfinished one. */
  public void truncate(int rows) {
    for (ColumnBuilder column : columns) {
      while (column.size() > rows) {
        column.removeLast();
      }
    }
    size = rows;
  }

  public Column[] build() {
    Column[] built = new Column[columns.length];
    for (int i = 0; i < built.length; i++) {
      built[i] = columns[i].build();
    }
    return built;
  }

  private static void append(ColumnBuilder column, Field field, @Nullable Object value) {
    if (value == null) {
      column.appendNull();
      return;
    }
    DataType type = field.type();
    try {
      switch (type.kind()) {
        case LONG -> {
          if (!isInteger(value)) {
            throw wrong(field, value, null);
          }
          column.appendLong(((Number) value).longValue());
        }
        case DOUBLE -> {
          if (!(value instanceof Double || value instanceof Float || isInteger(value))) {
            throw wrong(field, value, null);
          }
          column.appendDouble(((Number) value).doubleValue());
        }
        case DECIMAL -> column.append(decimal(field, value));
        default -> {
          if (!Values.isOf(type, value)) {
            throw wrong(field, value, null);
          }
          column.append(value);
        }
      }
    } catch (ArithmeticException e) {
      throw wrong(field, value, e);
    }
  }

  private static boolean isInteger(Object value) {
    return value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte;
  }

  private static BigDecimal decimal(Field field, Object value) {
    BigDecimal decimal;
    if (value instanceof BigDecimal exact) {
      decimal = exact;
    } else if (isInteger(value)) {
      decimal = BigDecimal.valueOf(((Number) value).longValue());
    } else {
      throw wrong(field, value, null);
    }
    if (decimal.precision() - decimal.scale() > field.type().precision() - field.type().scale()
        && decimal.signum() != 0) {
      throw wrong(field, value, null);
    }
    return decimal.setScale(field.type().scale());
  }

  private RecordException unknown(Map<String, ? extends @Nullable Object> values) {
    String names =
        values.keySet().stream().filter(name -> schema.indexOf(name) < 0).toList().toString();
    return new RecordException(
        UNKNOWN_FIELD,
        "the values have fields that are not declared: " + names + "; fields are " + schema);
  }

  private static RecordException wrong(
      Field field, Object value, @Nullable ArithmeticException cause) {
    String text = value.toString();
    return new RecordException(
        WRONG_VALUE,
        "field '"
            + field.name()
            + "' is "
            + field.type()
            + ", which does not hold the "
            + value.getClass().getSimpleName()
            + " '"
            + (text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…")
            + "'",
        cause);
  }
}
