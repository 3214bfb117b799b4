package io.fluxcore.domain.row;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.state.ValueCodec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a row of a schema. Two rows of one schema are equal exactly when their bytes are:
 * fields are compared by value, but a double by its bits, with one NaN, so that 0.0 and -0.0
 * differ; the names of a map have no order.
 *
 * <p>The format, version {@value #VERSION}, is part of snapshots: one bit a field, set where it is
 * null, from the lowest bit of the first byte, then the fields that are not null in order. A
 * boolean is one byte; long, date, timestamps, double (its bits) and decimals of up to 18 digits
 * (unscaled) are eight, big endian; others begin with their length in bytes, seven bits a byte, the
 * lowest first, all but the last with the highest bit set: a wider decimal is its unscaled two's
 * complement; bytes are themselves; nested is what {@link ValueCodec#writeKey} writes; a string is
 * UTF-8, and its length is twice the number of bytes, or one more where an unpaired surrogate is in
 * it, which makes it WTF-8.
 *
 * <p>Immutable and thread-safe; {@link RowEncoder} writes.
 */
public final class RowCodec {
  /** Of the format. */
  public static final int VERSION = 1;

  private final Schema schema;
  private final DataType.Kind[] kinds;
  private final boolean[] compact;

  /** For rows whose columns have the types of the schema, in its order. */
  public RowCodec(Schema schema) {
    this.schema = schema;
    this.kinds = new DataType.Kind[schema.size()];
    this.compact = new boolean[schema.size()];
    for (int i = 0; i < kinds.length; i++) {
      DataType type = schema.type(i);
      kinds[i] = type.kind();
      compact[i] = type.precision() <= DecimalColumn.MAX_COMPACT_PRECISION;
    }
  }

  public Schema schema() {
    return schema;
  }

  /** Appends a row of columns of the schema's types to the encoder, which is empty. */
  void encode(Column[] columns, int row, RowEncoder out) {
    int nulls = out.skip((kinds.length + 7) >>> 3);
    for (int c = 0; c < kinds.length; c++) {
      Column column = columns[c];
      if (column.isNull(row)) {
        out.setBit(nulls, c);
        continue;
      }
      switch (kinds[c]) {
        case LONG, DATE, TIMESTAMP, TIMESTAMP_TZ -> out.writeLong(((LongColumn) column).value(row));
        case DOUBLE -> out.writeLong(Double.doubleToLongBits(((DoubleColumn) column).value(row)));
        case BOOLEAN -> out.writeByte(((BooleanColumn) column).value(row) ? 1 : 0);
        case STRING -> out.writeText((StringColumn) column, row);
        case DECIMAL -> encodeDecimal((DecimalColumn) column, row, out);
        case BYTES -> {
          byte[] bytes = (byte[]) value(column, row);
          out.writeLength(bytes.length);
          out.writeBytes(bytes, 0, bytes.length);
        }
        case NESTED -> out.writeNested(value(column, row));
      }
    }
  }

  private static Object value(Column column, int row) {
    Object value = column.get(row);
    if (value == null) {
      throw new IllegalStateException("row " + row + " is null");
    }
    return value;
  }

  private static void encodeDecimal(DecimalColumn column, int row, RowEncoder out) {
    if (column.isCompact()) {
      out.writeLong(column.unscaled()[row]);
      return;
    }
    byte[] unscaled = column.value(row).unscaledValue().toByteArray();
    out.writeLength(unscaled.length);
    out.writeBytes(unscaled, 0, unscaled.length);
  }

  /**
   * Appends the fields of a row to builders of their types.
   *
   * @param targets a builder for each field; null: the field is left out
   */
  public void decode(EncodedRow row, @Nullable ColumnBuilder[] targets) {
    decode(row.bytes(), 0, targets);
  }

  /**
   * Appends the fields of an encoded row to builders of their types.
   *
   * @param at where the row begins
   * @param targets a builder for each field; null: the field is left out
   */
  public void decode(byte[] bytes, int at, @Nullable ColumnBuilder[] targets) {
    int nulls = at;
    int from = at + ((kinds.length + 7) >>> 3);
    for (int c = 0; c < kinds.length; c++) {
      ColumnBuilder target = targets[c];
      if ((bytes[nulls + (c >>> 3)] & (1 << (c & 7))) != 0) {
        if (target != null) {
          target.appendNull();
        }
        continue;
      }
      DataType.Kind kind = kinds[c];
      if (kind == DataType.Kind.BOOLEAN) {
        if (target != null) {
          target.appendBoolean(bytes[from] != 0);
        }
        from++;
      } else if (isFixed(c)) {
        if (target != null) {
          decodeFixed(kind, RowBytes.longAt(bytes, from), target);
        }
        from += Long.BYTES;
      } else {
        int length = RowBytes.lengthAt(bytes, from);
        from += RowBytes.lengthSize(length);
        int size = kind == DataType.Kind.STRING ? length >>> 1 : length;
        if (target != null) {
          decodeSized(c, bytes, from, length, target);
        }
        from += size;
      }
    }
  }

  private boolean isFixed(int field) {
    return switch (kinds[field]) {
      case LONG, DATE, TIMESTAMP, TIMESTAMP_TZ, DOUBLE -> true;
      case DECIMAL -> compact[field];
      case BOOLEAN, STRING, BYTES, NESTED -> false;
    };
  }

  private static void decodeFixed(DataType.Kind kind, long value, ColumnBuilder target) {
    if (kind == DataType.Kind.DOUBLE) {
      target.appendDouble(Double.longBitsToDouble(value));
    } else {
      target.appendLong(value);
    }
  }

  private void decodeSized(int field, byte[] bytes, int from, int length, ColumnBuilder target) {
    switch (kinds[field]) {
      case STRING -> {
        if ((length & 1) == 0) {
          target.appendUtf8(bytes, from, length >>> 1);
        } else {
          target.appendString(
              ValueCodec.text(Arrays.copyOfRange(bytes, from, from + (length >>> 1))));
        }
      }
      case DECIMAL ->
          target.append(
              new BigDecimal(new BigInteger(bytes, from, length), schema.type(field).scale()));
      case BYTES -> target.append(Arrays.copyOfRange(bytes, from, from + length));
      case NESTED -> target.append(RowBytes.nested(bytes, from, length));
      default -> throw new IllegalStateException("a " + kinds[field] + " has no length");
    }
  }

  /** Whether text of these bytes is UTF-8 as it stands: all are ASCII. */
  static boolean isAscii(byte[] bytes, int from, int to) {
    int any = 0;
    for (int i = from; i < to; i++) {
      any |= bytes[i];
    }
    return any >= 0;
  }
}
