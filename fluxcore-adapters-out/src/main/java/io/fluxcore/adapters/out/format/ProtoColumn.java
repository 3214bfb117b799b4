package io.fluxcore.adapters.out.format;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NestedColumn;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.event.Values;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the values of a column as a field of a Protobuf message. Null is no field; so is, in a
 * field without presence, the value that its absence means. Immutable.
 */
final class ProtoColumn {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int START_GROUP = 3;
  private static final int END_GROUP = 4;
  private static final int FIXED32 = 5;

  private final FieldDescriptor field;

  private ProtoColumn(FieldDescriptor field) {
    this.field = field;
  }

  /** What writes a column; null if its type does not go with the field. */
  static @Nullable ProtoColumn of(FieldDescriptor field, DataType type) {
    return fits(field, type) ? new ProtoColumn(field) : null;
  }

  private static boolean fits(FieldDescriptor field, DataType type) {
    if (field.isRepeated()) {
      return type.kind() == DataType.Kind.NESTED;
    }
    return switch (field.getType()) {
      case STRING -> true;
      case BOOL -> type.kind() == DataType.Kind.BOOLEAN;
      case DOUBLE, FLOAT -> type.kind() == DataType.Kind.DOUBLE;
      case BYTES -> type.kind() == DataType.Kind.BYTES;
      case ENUM -> type.kind() == DataType.Kind.STRING || type.kind() == DataType.Kind.LONG;
      case GROUP -> type.kind() == DataType.Kind.NESTED;
      case MESSAGE ->
          isTimestamp(field)
              ? type.kind() == DataType.Kind.TIMESTAMP_TZ
              : isDuration(field)
                  ? type.kind() == DataType.Kind.LONG
                  : isWrapper(field)
                      ? fits(field.getMessageType().findFieldByNumber(1), type)
                      : type.kind() == DataType.Kind.NESTED;
      default -> type.kind() == DataType.Kind.LONG;
    };
  }

  private static boolean isTimestamp(FieldDescriptor field) {
    return field.getMessageType().getFullName().equals("google.protobuf.Timestamp");
  }

  private static boolean isDuration(FieldDescriptor field) {
    return field.getMessageType().getFullName().equals("google.protobuf.Duration");
  }

  private static boolean isWrapper(FieldDescriptor field) {
    String name = field.getMessageType().getFullName();
    return name.startsWith("google.protobuf.")
        && name.endsWith("Value")
        && field.getMessageType().getFields().size() == 1
        && !name.equals("google.protobuf.ListValue");
  }

  /**
   * Writes the value of a row.
   *
   * @throws RecordException if it cannot be
   */
  void write(Column column, int row, BinaryOutput out, TextValues texts) {
    if (column.isNull(row)) {
      if (field.isRequired()) {
        throw wrong(field, "null", null);
      }
      return;
    }
    if (column instanceof NestedColumn nested && field.getType() != FieldDescriptor.Type.STRING) {
      writeNested(field, nested.value(row), out);
      return;
    }
    if (field.isRepeated() && column instanceof NestedColumn nested) {
      writeNested(field, nested.value(row), out);
      return;
    }
    Object value;
    if (column instanceof LongColumn longs && longs.type().kind() == DataType.Kind.LONG) {
      value = longs.value(row);
    } else if (column instanceof LongColumn longs
        && longs.type().kind() == DataType.Kind.TIMESTAMP_TZ
        && field.getType() == FieldDescriptor.Type.MESSAGE) {
      writeTime(field, longs.value(row), out);
      return;
    } else if (column instanceof DoubleColumn doubles) {
      value = doubles.value(row);
    } else if (column instanceof BooleanColumn booleans) {
      value = booleans.value(row);
    } else if (column instanceof StringColumn strings) {
      value = strings.value(row);
    } else if (column instanceof BytesColumn bytes && !isText()) {
      value = bytes.value(row);
    } else {
      value = texts.text(column, row);
    }
    if (isText() && !(value instanceof String)) {
      value = texts.text(column, row);
    }
    if (field.getType() == FieldDescriptor.Type.MESSAGE) {
      writeMessage(field, value, out);
    } else {
      writeOne(field, value, out, field.hasPresence());
    }
  }

  private boolean isText() {
    FieldDescriptor of =
        field.getType() == FieldDescriptor.Type.MESSAGE && isWrapper(field)
            ? field.getMessageType().findFieldByNumber(1)
            : field;
    return of.getType() == FieldDescriptor.Type.STRING;
  }

  /** A duration's microseconds, or the one value of a wrapper. */
  private static void writeMessage(FieldDescriptor of, Object value, BinaryOutput out) {
    if (isDuration(of) && value instanceof Long micros) {
      writeTime(of, micros, out);
      return;
    }
    BinaryOutput inner = new BinaryOutput();
    writeOne(of.getMessageType().findFieldByNumber(1), value, inner, false);
    writeLengthDelimited(of, inner.toByteArray(), out);
  }

  /** Seconds as field 1 and nanoseconds as field 2. */
  private static void writeTime(FieldDescriptor of, long micros, BinaryOutput out) {
    // A duration's parts have the same sign, an instant's nanoseconds are never negative.
    long seconds = isDuration(of) ? micros / 1_000_000L : Math.floorDiv(micros, 1_000_000L);
    long nanos = (micros - seconds * 1_000_000L) * 1000;
    BinaryOutput inner = new BinaryOutput();
    if (seconds != 0) {
      inner.writeVarint(1 << 3 | VARINT);
      inner.writeVarint(seconds);
    }
    if (nanos != 0) {
      inner.writeVarint(2 << 3 | VARINT);
      inner.writeVarint(nanos);
    }
    writeLengthDelimited(of, inner.toByteArray(), out);
  }

  private static void writeLengthDelimited(FieldDescriptor of, byte[] bytes, BinaryOutput out) {
    out.writeVarint(tag(of, LENGTH));
    out.writeVarint(bytes.length);
    out.writeFixed(bytes);
  }

  private static long tag(FieldDescriptor of, int wire) {
    return (long) of.getNumber() << 3 | wire;
  }

  /**
   * A value of a field that is no message.
   *
   * @param always whether the value that absence means is written too
   */
  private static void writeOne(FieldDescriptor of, Object value, BinaryOutput out, boolean always) {
    switch (of.getType()) {
      case DOUBLE -> {
        double number = floating(of, value);
        if (always || Double.doubleToRawLongBits(number) != 0) {
          out.writeVarint(tag(of, FIXED64));
          out.writeDouble(number);
        }
      }
      case FLOAT -> {
        float number = (float) floating(of, value);
        if (always || Float.floatToRawIntBits(number) != 0) {
          out.writeVarint(tag(of, FIXED32));
          out.writeFloat(number);
        }
      }
      case STRING -> {
        if (!(value instanceof String text)) {
          throw wrong(of, String.valueOf(value), null);
        }
        if (always || !text.isEmpty()) {
          writeLengthDelimited(of, text.getBytes(StandardCharsets.UTF_8), out);
        }
      }
      case BYTES -> {
        byte[] bytes = bytes(of, value);
        if (always || bytes.length > 0) {
          writeLengthDelimited(of, bytes, out);
        }
      }
      default -> {
        long number = integer(of, value);
        if (always || number != 0) {
          writeInteger(of, number, out);
        }
      }
    }
  }

  private static double floating(FieldDescriptor of, Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof String text
        && (text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity"))) {
      return Double.parseDouble(text);
    }
    throw wrong(of, String.valueOf(value), null);
  }

  private static byte[] bytes(FieldDescriptor of, Object value) {
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    if (value instanceof String text) {
      try {
        return Base64.getDecoder().decode(text);
      } catch (IllegalArgumentException e) {
        throw wrong(of, "'" + text + "'", e);
      }
    }
    throw wrong(of, String.valueOf(value), null);
  }

  private static long integer(FieldDescriptor of, Object value) {
    if (of.getType() == FieldDescriptor.Type.BOOL && value instanceof Boolean bool) {
      return bool ? 1 : 0;
    }
    if (of.getType() == FieldDescriptor.Type.ENUM && value instanceof String name) {
      EnumValueDescriptor symbol = of.getEnumType().findValueByName(name);
      if (symbol == null) {
        throw wrong(of, "'" + name + "'", null);
      }
      return symbol.getNumber();
    }
    if (of.getType() != FieldDescriptor.Type.BOOL
        && value instanceof Long number
        && holds(of, number)) {
      return number;
    }
    throw wrong(of, String.valueOf(value), null);
  }

  private static boolean holds(FieldDescriptor of, long number) {
    return switch (of.getType()) {
      case INT32, SINT32, SFIXED32, ENUM -> (int) number == number;
      case UINT32, FIXED32 -> number >>> 32 == 0;
      case UINT64, FIXED64 -> number >= 0;
      default -> true;
    };
  }

  private static void writeInteger(FieldDescriptor of, long number, BinaryOutput out) {
    switch (of.getType()) {
      case SINT32, SINT64 -> {
        out.writeVarint(tag(of, VARINT));
        out.writeLong(number);
      }
      case FIXED32, SFIXED32 -> {
        out.writeVarint(tag(of, FIXED32));
        out.writeFixed32((int) number);
      }
      case FIXED64, SFIXED64 -> {
        out.writeVarint(tag(of, FIXED64));
        out.writeFixed64(number);
      }
      default -> {
        out.writeVarint(tag(of, VARINT));
        out.writeVarint(number);
      }
    }
  }

  /** A list, map or value of JSON as the field has it. */
  private static void writeNested(FieldDescriptor of, @Nullable Object value, BinaryOutput out) {
    if (value == null) {
      return;
    }
    if (of.isMapField()) {
      if (!(value instanceof Map<?, ?> map)) {
        throw wrong(of, String.valueOf(value), null);
      }
      map.forEach((key, item) -> writeEntry(of, key, item, out));
    } else if (of.isRepeated()) {
      if (!(value instanceof List<?> list)) {
        throw wrong(of, String.valueOf(value), null);
      }
      for (Object item : list) {
        if (item == null) {
          throw wrong(of, "a list with null in it", null);
        }
        writeSingle(of, item, out, true);
      }
    } else {
      writeSingle(of, value, out, of.hasPresence());
    }
  }

  private static void writeEntry(
      FieldDescriptor of, Object key, @Nullable Object item, BinaryOutput out) {
    FieldDescriptor keys = of.getMessageType().findFieldByNumber(1);
    BinaryOutput inner = new BinaryOutput();
    writeOne(keys, mapKey(keys, String.valueOf(key)), inner, true);
    if (item == null) {
      throw wrong(of, "a map with null in it", null);
    }
    writeSingle(of.getMessageType().findFieldByNumber(2), item, inner, true);
    writeLengthDelimited(of, inner.toByteArray(), out);
  }

  private static Object mapKey(FieldDescriptor keys, String key) {
    return switch (keys.getType()) {
      case STRING -> key;
      case BOOL -> Boolean.valueOf(key);
      default -> {
        try {
          yield Long.valueOf(key);
        } catch (NumberFormatException e) {
          throw wrong(keys, "'" + key + "'", e);
        }
      }
    };
  }

  private static void writeSingle(
      FieldDescriptor of, Object value, BinaryOutput out, boolean always) {
    boolean group = of.getType() == FieldDescriptor.Type.GROUP;
    if (!group && of.getType() != FieldDescriptor.Type.MESSAGE) {
      writeOne(of, value, out, always);
      return;
    }
    if (isTimestamp(of)) {
      writeTime(of, micros(of, value), out);
      return;
    }
    if (isDuration(of) || isWrapper(of)) {
      writeMessage(of, value, out);
      return;
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong(of, String.valueOf(value), null);
    }
    BinaryOutput inner = new BinaryOutput();
    for (FieldDescriptor member : of.getMessageType().getFields()) {
      Object item = map.get(member.getName());
      if (item == null && member.isRequired()) {
        throw wrong(member, "null", null);
      }
      writeNested(member, item, inner);
    }
    if (group) {
      out.writeVarint(tag(of, START_GROUP));
      out.writeFixed(inner.toByteArray());
      out.writeVarint(tag(of, END_GROUP));
    } else {
      writeLengthDelimited(of, inner.toByteArray(), out);
    }
  }

  private static long micros(FieldDescriptor of, Object value) {
    try {
      return Values.micros(Instant.parse(String.valueOf(value)));
    } catch (DateTimeException | ArithmeticException e) {
      throw wrong(of, String.valueOf(value), e);
    }
  }

  private static RecordException wrong(
      FieldDescriptor of, String value, @Nullable Throwable cause) {
    String shown = value.length() <= 80 ? value : value.substring(0, 80) + "…";
    return new RecordException(
        RefusedRows.ENCODING,
        "field '"
            + of.getName()
            + "' is "
            + shown
            + ", which "
            + of.getFullName()
            + " of Protobuf ("
            + of.getType().name().toLowerCase(Locale.ROOT)
            + ") cannot hold",
        cause);
  }
}
