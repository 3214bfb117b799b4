package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NestedColumn;
import io.fluxcore.domain.event.StringColumn;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Writes the values of a column as values of an Avro schema. Where the types differ nothing may be
 * lost; a value that would be is an error of its row. Immutable.
 */
final class AvroColumn {
  private final String field;
  private final Schema schema;
  private final DataType type;

  /** Indexes in a union; -1: there is none, and 0 where there is no union. */
  private final int nullBranch;

  private final int valueBranch;
  private final boolean union;

  private AvroColumn(String field, Schema schema, DataType type, int nullBranch, int valueBranch) {
    this.union = schema.getType() == Schema.Type.UNION;
    this.field = field;
    this.schema = union && valueBranch >= 0 ? schema.getTypes().get(valueBranch) : schema;
    this.type = type;
    this.nullBranch = nullBranch;
    this.valueBranch = valueBranch;
  }

  /** What writes a field; null if its type does not go with the schema. */
  static @Nullable AvroColumn of(String field, Schema schema, DataType type) {
    if (schema.getType() != Schema.Type.UNION) {
      return fits(schema, type) ? new AvroColumn(field, schema, type, -1, 0) : null;
    }
    List<Schema> branches = schema.getTypes();
    int nulls = -1;
    int value = -1;
    for (int i = 0; i < branches.size(); i++) {
      if (branches.get(i).getType() == Schema.Type.NULL) {
        nulls = i;
      } else if (value < 0 && fits(branches.get(i), type)) {
        value = i;
      }
    }
    return value < 0 ? null : new AvroColumn(field, schema, type, nulls, value);
  }

  private static boolean fits(Schema schema, DataType type) {
    LogicalType logical = schema.getLogicalType();
    String name = logical == null ? "" : logical.getName();
    return switch (schema.getType()) {
      case BOOLEAN -> type.kind() == DataType.Kind.BOOLEAN;
      case INT ->
          name.equals("date")
              ? type.kind() == DataType.Kind.DATE
              : type.kind() == DataType.Kind.LONG;
      case LONG ->
          name.startsWith("timestamp-")
              ? type.kind() == DataType.Kind.TIMESTAMP_TZ
              : name.startsWith("local-timestamp-")
                  ? type.kind() == DataType.Kind.TIMESTAMP
                  : type.kind() == DataType.Kind.LONG;
      case FLOAT, DOUBLE -> type.kind() == DataType.Kind.DOUBLE;
      case BYTES, FIXED ->
          logical instanceof LogicalTypes.Decimal decimal
              ? (type.kind() == DataType.Kind.DECIMAL && type.scale() <= decimal.getScale())
                  || type.kind() == DataType.Kind.LONG
              : type.kind() == DataType.Kind.BYTES;
      case STRING -> true;
      case ENUM -> type.kind() == DataType.Kind.STRING;
      case RECORD, ARRAY, MAP -> type.kind() == DataType.Kind.NESTED;
      case NULL, UNION -> false;
    };
  }

  /**
   * Writes the value of a row.
   *
   * @throws RecordException if it cannot be
   */
  void write(Column column, int row, BinaryOutput out, TextValues texts) {
    if (column.isNull(row)) {
      if (nullBranch < 0) {
        throw wrong("null", null);
      }
      out.writeLong(nullBranch);
      return;
    }
    if (union) {
      out.writeLong(valueBranch);
    }
    if (schema.getType() == Schema.Type.STRING) {
      out.writeString(texts.text(column, row));
    } else if (column instanceof LongColumn longs) {
      writeLong(longs.value(row), out);
    } else if (column instanceof DoubleColumn doubles) {
      writeDouble(doubles.value(row), out);
    } else if (column instanceof BooleanColumn booleans) {
      out.writeBoolean(booleans.value(row));
    } else if (column instanceof StringColumn strings) {
      writeSymbol(schema, strings.value(row), out);
    } else if (column instanceof BytesColumn bytes) {
      writeBytes(schema, bytes.value(row), out);
    } else if (column instanceof DecimalColumn decimals) {
      writeDecimal(schema, decimals.value(row), out);
    } else if (column instanceof NestedColumn nested) {
      writeNested(schema, nested.value(row), out);
    }
  }

  private void writeLong(long value, BinaryOutput out) {
    LogicalType logical = schema.getLogicalType();
    if (logical instanceof LogicalTypes.Decimal) {
      writeDecimal(schema, BigDecimal.valueOf(value), out);
      return;
    }
    if (schema.getType() == Schema.Type.INT && (int) value != value) {
      throw wrong(Long.toString(value), null);
    }
    String name = logical == null ? "" : logical.getName();
    if (name.endsWith("timestamp-nanos")) {
      try {
        out.writeLong(Math.multiplyExact(value, 1000L));
      } catch (ArithmeticException e) {
        throw wrong(value + " microseconds", e);
      }
    } else {
      out.writeLong(name.endsWith("timestamp-millis") ? Math.floorDiv(value, 1000L) : value);
    }
  }

  private void writeDouble(double value, BinaryOutput out) {
    if (schema.getType() == Schema.Type.FLOAT) {
      out.writeFloat((float) value);
    } else {
      out.writeDouble(value);
    }
  }

  private void writeSymbol(Schema of, String value, BinaryOutput out) {
    if (!of.hasEnumSymbol(value)) {
      throw wrong("'" + value + "'", null);
    }
    out.writeLong(of.getEnumOrdinal(value));
  }

  private void writeBytes(Schema of, byte[] value, BinaryOutput out) {
    if (of.getType() == Schema.Type.FIXED) {
      if (value.length != of.getFixedSize()) {
        throw wrong(value.length + " bytes", null);
      }
      out.writeFixed(value);
    } else {
      out.writeBytes(value);
    }
  }

  private void writeDecimal(Schema of, BigDecimal value, BinaryOutput out) {
    LogicalTypes.Decimal decimal = (LogicalTypes.Decimal) of.getLogicalType();
    BigDecimal scaled;
    try {
      scaled = value.setScale(decimal.getScale());
    } catch (ArithmeticException e) {
      throw wrong(value.toPlainString(), e);
    }
    byte[] unscaled = scaled.unscaledValue().toByteArray();
    if (scaled.precision() > decimal.getPrecision()) {
      throw wrong(value.toPlainString(), null);
    }
    if (of.getType() != Schema.Type.FIXED) {
      out.writeBytes(unscaled);
      return;
    }
    byte[] fixed = new byte[of.getFixedSize()];
    if (unscaled.length > fixed.length) {
      throw wrong(value.toPlainString(), null);
    }
    Arrays.fill(fixed, (byte) (scaled.signum() < 0 ? -1 : 0));
    System.arraycopy(unscaled, 0, fixed, fixed.length - unscaled.length, unscaled.length);
    out.writeFixed(fixed);
  }

  /** A list, map or value of JSON as the schema has it. */
  private void writeNested(Schema of, @Nullable Object value, BinaryOutput out) {
    switch (of.getType()) {
      case UNION -> writeUnion(of, value, out);
      case NULL -> require(value == null, value);
      case RECORD -> {
        require(value instanceof Map<?, ?>, value);
        Map<?, ?> map = (Map<?, ?>) value;
        for (Schema.Field member : of.getFields()) {
          Object part = map == null ? null : map.get(member.name());
          if (part == null && map != null && !map.containsKey(member.name())) {
            if (member.hasDefaultValue()) {
              out.writeFixed(AvroRowEncoder.defaultValue(member));
              continue;
            }
          }
          writeNested(member.schema(), part, out);
        }
      }
      case ARRAY -> {
        require(value instanceof List<?>, value);
        List<?> list = value instanceof List<?> items ? items : List.of();
        if (!list.isEmpty()) {
          out.writeLong(list.size());
          list.forEach(item -> writeNested(of.getElementType(), item, out));
        }
        out.writeLong(0);
      }
      case MAP -> {
        require(value instanceof Map<?, ?>, value);
        Map<?, ?> map = value instanceof Map<?, ?> entries ? entries : Map.of();
        if (!map.isEmpty()) {
          out.writeLong(map.size());
          map.forEach(
              (key, item) -> {
                out.writeString(String.valueOf(key));
                writeNested(of.getValueType(), item, out);
              });
        }
        out.writeLong(0);
      }
      case BOOLEAN -> {
        require(value instanceof Boolean, value);
        out.writeBoolean(Boolean.TRUE.equals(value));
      }
      case INT, LONG -> {
        require(value instanceof Long, value);
        long number = value instanceof Long whole ? whole : 0;
        require(of.getType() == Schema.Type.LONG || (int) number == number, value);
        out.writeLong(number);
      }
      case FLOAT -> out.writeFloat((float) number(value));
      case DOUBLE -> out.writeDouble(number(value));
      case STRING -> {
        require(value != null, value);
        out.writeString(
            value instanceof String text
                ? text
                : JsonRowEncoder.nestedText(value == null ? "" : value));
      }
      case ENUM -> {
        require(value instanceof String, value);
        writeSymbol(of, String.valueOf(value), out);
      }
      case BYTES, FIXED -> writeNestedBytes(of, value, out);
    }
  }

  private void writeNestedBytes(Schema of, @Nullable Object value, BinaryOutput out) {
    if (of.getLogicalType() instanceof LogicalTypes.Decimal) {
      require(value instanceof Number, value);
      writeDecimal(of, new BigDecimal(String.valueOf(value)), out);
      return;
    }
    require(value instanceof String, value);
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(String.valueOf(value).getBytes(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw wrong("'" + value + "'", e);
    }
    writeBytes(of, bytes, out);
  }

  private double number(@Nullable Object value) {
    require(value instanceof Number, value);
    return value instanceof Number number ? number.doubleValue() : 0;
  }

  private void require(boolean fits, @Nullable Object value) {
    if (!fits) {
      throw wrong(String.valueOf(value), null);
    }
  }

  private void writeUnion(Schema of, @Nullable Object value, BinaryOutput out) {
    List<Schema> branches = of.getTypes();
    for (int i = 0; i < branches.size(); i++) {
      if (isOf(branches.get(i), value)) {
        out.writeLong(i);
        writeNested(branches.get(i), value, out);
        return;
      }
    }
    throw wrong(String.valueOf(value), null);
  }

  private static boolean isOf(Schema branch, @Nullable Object value) {
    return switch (branch.getType()) {
      case NULL -> value == null;
      case RECORD, MAP -> value instanceof Map<?, ?>;
      case ARRAY -> value instanceof List<?>;
      case BOOLEAN -> value instanceof Boolean;
      case INT -> value instanceof Long number && (int) (long) number == number;
      case LONG -> value instanceof Long;
      case FLOAT, DOUBLE -> value instanceof Number;
      case STRING, FIXED -> value instanceof String;
      case BYTES -> value instanceof String || value instanceof BigDecimal;
      case ENUM -> value instanceof String text && branch.hasEnumSymbol(text);
      case UNION -> false;
    };
  }

  private RecordException wrong(String value, @Nullable Throwable cause) {
    String shown = value.length() <= 80 ? value : value.substring(0, 80) + "…";
    return new RecordException(
        RefusedRows.ENCODING,
        "field '"
            + field
            + "' is "
            + shown
            + ", which the Avro schema's "
            + schema
            + " cannot hold",
        cause);
  }

  @Override
  public String toString() {
    return field + " " + type + " as " + schema;
  }
}
