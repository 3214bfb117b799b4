package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NestedColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * A field as an optional column of Parquet. Times have microseconds, decimals of more than 18
 * digits have 16 bytes, nested values are JSON. Immutable.
 */
final class ParquetColumn {
  private static final int WIDE_DECIMAL_BYTES = 16;

  private final Field field;

  private ParquetColumn(Field field) {
    this.field = field;
  }

  static ParquetColumn[] all(Schema rows) {
    return rows.fields().stream().map(ParquetColumn::new).toArray(ParquetColumn[]::new);
  }

  static MessageType schema(Schema rows) {
    List<Type> types = new ArrayList<>();
    rows.fields().forEach(field -> types.add(type(field)));
    return new MessageType("row", types);
  }

  private static Type type(Field field) {
    String name = field.name();
    DataType type = field.type();
    return switch (type.kind()) {
      case BOOLEAN -> Types.optional(PrimitiveTypeName.BOOLEAN).named(name);
      case LONG -> Types.optional(PrimitiveTypeName.INT64).named(name);
      case DOUBLE -> Types.optional(PrimitiveTypeName.DOUBLE).named(name);
      case STRING ->
          Types.optional(PrimitiveTypeName.BINARY)
              .as(LogicalTypeAnnotation.stringType())
              .named(name);
      case NESTED ->
          Types.optional(PrimitiveTypeName.BINARY).as(LogicalTypeAnnotation.jsonType()).named(name);
      case BYTES -> Types.optional(PrimitiveTypeName.BINARY).named(name);
      case DATE ->
          Types.optional(PrimitiveTypeName.INT32).as(LogicalTypeAnnotation.dateType()).named(name);
      case TIMESTAMP -> timestamp(name, false);
      case TIMESTAMP_TZ -> timestamp(name, true);
      case DECIMAL ->
          type.precision() <= DecimalColumn.MAX_COMPACT_PRECISION
              ? Types.optional(PrimitiveTypeName.INT64)
                  .as(LogicalTypeAnnotation.decimalType(type.scale(), type.precision()))
                  .named(name)
              : Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                  .length(WIDE_DECIMAL_BYTES)
                  .as(LogicalTypeAnnotation.decimalType(type.scale(), type.precision()))
                  .named(name);
    };
  }

  private static Type timestamp(String name, boolean isInstant) {
    return Types.optional(PrimitiveTypeName.INT64)
        .as(LogicalTypeAnnotation.timestampType(isInstant, TimeUnit.MICROS))
        .named(name);
  }

  /** Why the row cannot be written, if it cannot. */
  @Nullable RecordException refused(Column column, int row) {
    if (field.type().kind() == DataType.Kind.DATE && !column.isNull(row)) {
      long day = ((LongColumn) column).value(row);
      if (day != (int) day) {
        return RefusedRows.notEncodable(
            "Parquet", "field '" + field.name() + "' is a date that it does not have");
      }
    }
    return null;
  }

  void write(Column column, int row, ColumnWriter out, TextValues texts) {
    if (column.isNull(row)) {
      out.writeNull(0, 0);
    } else if (column instanceof LongColumn longs) {
      if (field.type().kind() == DataType.Kind.DATE) {
        out.write((int) longs.value(row), 0, 1);
      } else {
        out.write(longs.value(row), 0, 1);
      }
    } else if (column instanceof DoubleColumn doubles) {
      out.write(doubles.value(row), 0, 1);
    } else if (column instanceof BooleanColumn booleans) {
      out.write(booleans.value(row), 0, 1);
    } else if (column instanceof DecimalColumn decimals) {
      writeDecimal(decimals, row, out);
    } else if (column instanceof BytesColumn bytes) {
      out.write(Binary.fromConstantByteArray(bytes.value(row)), 0, 1);
    } else if (column instanceof StringColumn strings) {
      out.write(Binary.fromString(strings.value(row)), 0, 1);
    } else if (column instanceof NestedColumn) {
      out.write(Binary.fromString(texts.text(column, row)), 0, 1);
    } else {
      throw new IllegalStateException("no Parquet for " + field);
    }
  }

  private static void writeDecimal(DecimalColumn decimals, int row, ColumnWriter out) {
    if (decimals.isCompact()) {
      out.write(decimals.unscaled()[row], 0, 1);
      return;
    }
    BigDecimal value = decimals.value(row);
    byte[] digits = value.unscaledValue().toByteArray();
    byte[] fixed = new byte[WIDE_DECIMAL_BYTES];
    int lead = WIDE_DECIMAL_BYTES - digits.length;
    Arrays.fill(fixed, 0, lead, (byte) (digits[0] < 0 ? -1 : 0));
    System.arraycopy(digits, 0, fixed, lead, digits.length);
    out.write(Binary.fromConstantByteArray(fixed), 0, 1);
  }
}
