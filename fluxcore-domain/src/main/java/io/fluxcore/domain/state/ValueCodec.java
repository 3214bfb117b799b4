package io.fluxcore.domain.state;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Values;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Field values in the canonical format: u8 0 for null, else u8 1 and by type: boolean u8; long,
 * date and timestamps i64; double i64 of its bits; decimal i32 length and the unscaled two's
 * complement; string and bytes i32 length and the bytes (UTF-8, in which an unpaired surrogate is
 * three bytes as in WTF-8, so that every string comes back); nested a tagged value.
 */
public final class ValueCodec {
  private static final int READ_BYTES = 1 << 20;

  private ValueCodec() {}

  /** Writes a value of {@link Values}' class for the type, or null. */
  public static void write(DataType type, @Nullable Object value, DataOutput out)
      throws IOException {
    out.writeByte(value == null ? 0 : 1);
    if (value == null) {
      return;
    }
    switch (type.kind()) {
      case BOOLEAN -> out.writeByte((Boolean) value ? 1 : 0);
      case LONG, DATE, TIMESTAMP, TIMESTAMP_TZ -> out.writeLong(Values.toLong(type, value));
      case DOUBLE -> out.writeLong(Double.doubleToLongBits((Double) value));
      case DECIMAL -> writeBytes(((BigDecimal) value).unscaledValue().toByteArray(), out);
      case STRING -> writeText((String) value, out);
      case BYTES -> writeBytes((byte[]) value, out);
      case NESTED -> writeNested(value, out);
    }
  }

  /**
   * Writes a value of a key: equal ones have equal bytes, since zeros are without a sign and maps
   * in the order of their names.
   */
  public static void writeKey(DataType type, @Nullable Object value, DataOutput out)
      throws IOException {
    write(type, value instanceof Double number ? number + 0.0 : ordered(value), out);
  }

  private static @Nullable Object ordered(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> sorted = new TreeMap<>();
      map.forEach((name, item) -> sorted.put(String.valueOf(name), ordered(item)));
      return sorted;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> items = new ArrayList<>();
      list.forEach(item -> items.add(ordered(item)));
      return items;
    }
    return value;
  }

  /** Writes a row of a column. */
  static void write(Column column, int row, DataOutput out) throws IOException {
    if (column instanceof LongColumn longs && !column.isNull(row)) {
      out.writeByte(1);
      out.writeLong(longs.value(row));
    } else {
      write(column.type(), column.get(row), out);
    }
  }

  /**
   * Reads what {@link #write} wrote, which was not null.
   *
   * @throws IOException where it is null: the bytes are not those that were written
   */
  public static Object readPresent(DataType type, DataInput in) throws IOException {
    Object value = read(type, in);
    if (value == null) {
      throw new IOException("null where a " + type + " is expected");
    }
    return value;
  }

  /** Reads what {@link #write} wrote. */
  public static @Nullable Object read(DataType type, DataInput in) throws IOException {
    if (in.readByte() == 0) {
      return null;
    }
    return switch (type.kind()) {
      case BOOLEAN -> in.readByte() != 0;
      case LONG, DATE, TIMESTAMP, TIMESTAMP_TZ -> Values.ofLong(type, in.readLong());
      case DOUBLE -> Double.longBitsToDouble(in.readLong());
      case DECIMAL -> new BigDecimal(new BigInteger(readBytes(in)), type.scale());
      case STRING -> readText(in);
      case BYTES -> readBytes(in);
      case NESTED -> readNested(in);
    };
  }

  /** Reads a value as a column of one row. */
  static Column column(DataType type, DataInput in) throws IOException {
    ColumnBuilder builder = new ColumnBuilder(type, 1);
    builder.append(read(type, in));
    return builder.build();
  }

  private static void writeBytes(byte[] bytes, DataOutput out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** A length that is not true ends with the input, before it has taken much memory. */
  private static byte[] readBytes(DataInput in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      throw new IOException("a value claims " + length + " bytes");
    }
    byte[] bytes = new byte[Math.min(length, READ_BYTES)];
    int read = 0;
    while (true) {
      in.readFully(bytes, read, bytes.length - read);
      read = bytes.length;
      if (read == length) {
        return bytes;
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * read));
    }
  }

  private static void writeText(String text, DataOutput out) throws IOException {
    writeBytes(textBytes(text), out);
  }

  /**
   * The bytes of a string: UTF-8, or WTF-8 where it {@linkplain #hasUnpairedSurrogate needs it}.
   */
  public static byte[] textBytes(String text) {
    return hasUnpairedSurrogate(text) ? Wtf8.encode(text) : text.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether a string is not well-formed, so that UTF-8 cannot hold it. */
  public static boolean hasUnpairedSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (Character.charCount(text.codePointAt(i)) == 1) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  private static String readText(DataInput in) throws IOException {
    return text(readBytes(in));
  }

  /** The string of {@link #textBytes}. */
  public static String text(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    // either the replacement character itself, or what stands for an unpaired surrogate
    return text.indexOf('\uFFFD') < 0 ? text : Wtf8.decode(bytes);
  }

  private static void writeNested(@Nullable Object value, DataOutput out) throws IOException {
    if (value == null) {
      out.writeByte('n');
    } else if (value instanceof Boolean bool) {
      out.writeByte(bool ? 't' : 'f');
    } else if (value instanceof Long number) {
      out.writeByte('l');
      out.writeLong(number);
    } else if (value instanceof Double number) {
      out.writeByte('d');
      out.writeLong(Double.doubleToLongBits(number));
    } else if (value instanceof BigDecimal number) {
      out.writeByte('b');
      out.writeInt(number.scale());
      writeBytes(number.unscaledValue().toByteArray(), out);
    } else if (value instanceof String text) {
      out.writeByte('s');
      writeText(text, out);
    } else if (value instanceof List<?> list) {
      out.writeByte('[');
      out.writeInt(list.size());
      for (Object item : list) {
        writeNested(item, out);
      }
    } else if (value instanceof Map<?, ?> map) {
      out.writeByte('{');
      out.writeInt(map.size());
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        writeText(String.valueOf(entry.getKey()), out);
        writeNested(entry.getValue(), out);
      }
    } else {
      throw new IOException(value.getClass().getName() + " is not a nested value");
    }
  }

  private static @Nullable Object readNested(DataInput in) throws IOException {
    byte tag = in.readByte();
    return switch (tag) {
      case 'n' -> null;
      case 't' -> true;
      case 'f' -> false;
      case 'l' -> in.readLong();
      case 'd' -> Double.longBitsToDouble(in.readLong());
      case 'b' -> readDecimal(in);
      case 's' -> readText(in);
      case '[' -> readList(in);
      case '{' -> readMap(in);
      default -> throw new IOException("'" + (char) tag + "' is not the tag of a nested value");
    };
  }

  private static BigDecimal readDecimal(DataInput in) throws IOException {
    int scale = in.readInt();
    return new BigDecimal(new BigInteger(readBytes(in)), scale);
  }

  private static List<@Nullable Object> readList(DataInput in) throws IOException {
    int length = in.readInt();
    List<@Nullable Object> list = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      list.add(readNested(in));
    }
    return list;
  }

  private static Map<String, @Nullable Object> readMap(DataInput in) throws IOException {
    int entries = in.readInt();
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < entries; i++) {
      String key = readText(in);
      map.put(key, readNested(in));
    }
    return map;
  }
}
