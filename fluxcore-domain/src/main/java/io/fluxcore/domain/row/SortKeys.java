package io.fluxcore.domain.row;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.expression.kernel.TextOrder;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/**
 * Fields of rows as bytes that have the order of the rows: {@link Arrays#compareUnsigned(byte[],
 * byte[])} of two keys says which row is first. Nulls are where {@link SortField} has them, 0.0 and
 * −0.0 are one value, NaN is the largest, text is in the order of its code points. Part of
 * snapshots. Not thread-safe.
 */
public final class SortKeys {
  private static final int FIRST_BYTES = 32;
  private static final byte SMALLEST = 0;
  private static final byte VALUE = 1;
  private static final byte LARGEST = 2;

  /** Bytes of an unscaled decimal of up to 38 digits. */
  private static final int WIDE = 16;

  private final int[] ordinals;
  private final DataType[] types;
  private final boolean[] descending;
  private final byte[] nulls;
  private byte[] bytes = new byte[FIRST_BYTES];
  private int length;

  /** Keys of rows of a schema. */
  public SortKeys(List<SortField> fields, Schema schema) {
    ordinals = fields.stream().mapToInt(field -> schema.ordinal(field.name())).toArray();
    types = new DataType[ordinals.length];
    descending = new boolean[ordinals.length];
    nulls = new byte[ordinals.length];
    for (int i = 0; i < ordinals.length; i++) {
      types[i] = schema.type(ordinals[i]);
      descending[i] = fields.get(i).descending();
      nulls[i] = fields.get(i).hasNullsSmallest() ? SMALLEST : LARGEST;
    }
  }

  /** Positions of the fields in the schema. */
  public int[] ordinals() {
    return ordinals.clone();
  }

  /**
   * Takes the key of a row in place of the one before.
   *
   * @param columns of the schema
   */
  public void encode(Column[] columns, int row) {
    length = 0;
    for (int i = 0; i < ordinals.length; i++) {
      int from = length;
      Column column = columns[ordinals[i]];
      if (column.isNull(row)) {
        put(nulls[i]);
      } else {
        put(VALUE);
        value(types[i], column, row);
      }
      if (descending[i]) {
        for (int b = from; b < length; b++) {
          bytes[b] = (byte) ~bytes[b];
        }
      }
    }
  }

  /** The key begins here; more bytes may follow it. Valid until the next one is encoded. */
  public byte[] bytes() {
    return bytes;
  }

  /** Bytes of the key. */
  public int length() {
    return length;
  }

  private void value(DataType type, Column column, int row) {
    switch (type.kind()) {
      case LONG, DATE, TIMESTAMP, TIMESTAMP_TZ -> signed(((LongColumn) column).value(row));
      case DOUBLE -> number(((DoubleColumn) column).value(row));
      case BOOLEAN -> put((byte) (((BooleanColumn) column).value(row) ? 1 : 0));
      case STRING -> text(((StringColumn) column).value(row));
      case DECIMAL -> decimal((DecimalColumn) column, row);
      case BYTES -> ended(((BytesColumn) column).value(row));
      case NESTED -> throw new IllegalArgumentException("nested values have no order");
    }
  }

  private void signed(long value) {
    unsigned(value ^ Long.MIN_VALUE);
  }

  private void unsigned(long value) {
    reserve(Long.BYTES);
    RowBytes.putLong(bytes, length, value);
    length += Long.BYTES;
  }

  private void number(double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
    unsigned(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
  }

  private void decimal(DecimalColumn column, int row) {
    if (column.isCompact()) {
      signed(column.unscaled()[row]);
      return;
    }
    BigInteger unscaled = column.value(row).unscaledValue();
    byte[] value = unscaled.toByteArray();
    byte sign = (byte) (unscaled.signum() < 0 ? 0xFF : 0);
    for (int i = value.length; i < WIDE; i++) {
      put(i == value.length ? (byte) (sign ^ 0x80) : sign);
    }
    for (int i = 0; i < value.length; i++) {
      put(value.length == WIDE && i == 0 ? (byte) (value[i] ^ 0x80) : value[i]);
    }
  }

  /** Chars by their ranks, in as many bytes as UTF-8 would take for them. */
  private void text(String value) {
    for (int i = 0; i < value.length(); i++) {
      int rank = TextOrder.rank(value.charAt(i));
      if (rank < 0x80) {
        escaped((byte) rank);
      } else if (rank < 0x800) {
        put((byte) (0xC0 | (rank >>> 6)));
        put((byte) (0x80 | (rank & 0x3F)));
      } else {
        put((byte) (0xE0 | (rank >>> 12)));
        put((byte) (0x80 | ((rank >>> 6) & 0x3F)));
        put((byte) (0x80 | (rank & 0x3F)));
      }
    }
    end();
  }

  private void ended(byte[] value) {
    for (byte b : value) {
      escaped(b);
    }
    end();
  }

  /** A zero is followed by ones, the end is two zeros: what is longer comes after. */
  private void escaped(byte b) {
    put(b);
    if (b == 0) {
      put((byte) 0xFF);
    }
  }

  private void end() {
    put((byte) 0);
    put((byte) 0);
  }

  private void put(byte b) {
    reserve(1);
    bytes[length++] = b;
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, (length + more) * 2);
    }
  }
}
