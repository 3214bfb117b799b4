package io.fluxcore.domain.pattern;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.event.Values;
import io.fluxcore.domain.state.ValueCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one row in bytes, any of which can be read without the others: a bit a field, set
 * where it is null, then 8 bytes a field, then what does not fit into these. Big endian. A number,
 * a date or a time is its 64 bits; of any other field the 8 bytes are offset and length of its
 * bytes: UTF-8 of a string, {@link ValueCodec}'s of the rest. Not thread-safe.
 */
public final class RowFormat {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final Schema schema;
  private final int size;
  private final int fixedStart;
  private byte[] buffer;
  private int end;

  /** The format of rows of a schema. */
  public RowFormat(Schema schema) {
    this.schema = schema;
    this.size = schema.size();
    this.fixedStart = (size + 7) >>> 3;
    this.buffer = new byte[fixedStart + 8 * size + 256];
  }

  public Schema schema() {
    return schema;
  }

  /** The bytes of a row of a batch of the schema. */
  public byte[] encode(EventBatch batch, int row) {
    Arrays.fill(buffer, 0, fixedStart + 8 * size, (byte) 0);
    end = fixedStart + 8 * size;
    for (int c = 0; c < size; c++) {
      Column column = batch.column(c);
      if (column.isNull(row)) {
        buffer[c >>> 3] |= (byte) (1 << (c & 7));
      } else if (column instanceof LongColumn longs) {
        fixed(c, longs.value(row));
      } else if (column instanceof DoubleColumn doubles) {
        fixed(c, Double.doubleToRawLongBits(doubles.value(row)));
      } else if (column instanceof BooleanColumn booleans) {
        fixed(c, booleans.value(row) ? 1 : 0);
      } else if (column instanceof StringColumn.OfUtf8 utf8) {
        int from = utf8.offsets()[row];
        variable(c, utf8.bytes(), from, utf8.offsets()[row + 1] - from);
      } else if (column instanceof StringColumn strings) {
        text(c, strings.value(row));
      } else {
        byte[] coded = coded(column.type(), column.get(row));
        variable(c, coded, 0, coded.length);
      }
    }
    return Arrays.copyOf(buffer, end);
  }

  private void fixed(int field, long value) {
    LONGS.set(buffer, fixedStart + 8 * field, value);
  }

  private void variable(int field, byte[] bytes, int from, int length) {
    if (end + length > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(end + length, 2 * buffer.length));
    }
    System.arraycopy(bytes, from, buffer, end, length);
    fixed(field, (long) end << 32 | length);
    end += length;
  }

  @SuppressWarnings("deprecation") // getBytes of ASCII: no encoder, no array
  private void text(int field, String value) {
    int length = value.length();
    if (end + length > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(end + length, 2 * buffer.length));
    }
    value.getBytes(0, length, buffer, end);
    for (int i = 0; i < length; i++) {
      if (value.charAt(i) > 0x7F) {
        byte[] bytes = coded(DataType.STRING, value); // keeps unpaired surrogates
        variable(field, bytes, 0, bytes.length);
        fixed(field, (long) (end - bytes.length) << 32 | bytes.length | 1L << 63);
        return;
      }
    }
    fixed(field, (long) end << 32 | length);
    end += length;
  }

  private static byte[] coded(DataType type, @Nullable Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ValueCodec.write(type, value, new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The value of a field, of {@link Values}' class for its type, or null. */
  public @Nullable Object get(byte[] row, int field) {
    if ((row[field >>> 3] >>> (field & 7) & 1) != 0) {
      return null;
    }
    long fixed = (long) LONGS.get(row, fixedStart + 8 * field);
    DataType type = schema.type(field);
    return switch (type.kind()) {
      case BOOLEAN -> fixed != 0;
      case LONG, DATE, TIMESTAMP, TIMESTAMP_TZ -> Values.ofLong(type, fixed);
      case DOUBLE -> Double.longBitsToDouble(fixed);
      case STRING -> fixed < 0 ? decoded(type, row, fixed & Long.MAX_VALUE) : text(row, fixed);
      case DECIMAL, BYTES, NESTED -> decoded(type, row, fixed);
    };
  }

  private static String text(byte[] row, long place) {
    return new String(row, (int) (place >>> 32), (int) place, StandardCharsets.UTF_8);
  }

  private static @Nullable Object decoded(DataType type, byte[] row, long place) {
    try {
      return ValueCodec.read(
          type,
          new DataInputStream(new ByteArrayInputStream(row, (int) (place >>> 32), (int) place)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
