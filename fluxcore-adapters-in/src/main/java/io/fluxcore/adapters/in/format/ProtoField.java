package io.fluxcore.adapters.in.format;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Values;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the values of one field of a message type and appends what they come to, to the column of a
 * wanted field: of several values of a field that is not repeated the last counts, and messages are
 * merged. Not thread-safe.
 */
final class ProtoField {
  private final ProtoType type;
  private final Field field;
  private final DataType wanted;
  private final TextField text;
  private final EpochFormat epoch;
  private final ProtoInput part = new ProtoInput();

  /** The message at hand. */
  private boolean seen;

  private @Nullable List<@Nullable Object> list;
  private @Nullable Map<String, @Nullable Object> map;
  private int messageFrom;
  private int messageTo;
  private @Nullable ByteArrayOutputStream merged;

  private ProtoField(ProtoType type, Field field, FieldSettings settings) {
    this.type = type;
    this.field = field;
    this.wanted = field.type();
    this.text = new TextField(field.name(), wanted, settings);
    this.epoch = EpochFormat.of(field, settings);
  }

  /** What appends the values to the field; null if they would not fit. */
  static @Nullable ProtoField of(ProtoType type, Field field, FieldSettings settings) {
    return fits(type, field.type()) ? new ProtoField(type, field, settings) : null;
  }

  private static boolean fits(ProtoType type, DataType wanted) {
    if (wanted.kind() == DataType.Kind.NESTED) {
      return true;
    }
    if (type.isRepeated()) {
      return false;
    }
    return switch (type.type()) {
      case BOOL -> wanted.kind() == DataType.Kind.BOOLEAN;
      case DOUBLE, FLOAT -> wanted.kind() == DataType.Kind.DOUBLE;
      case ENUM -> wanted.kind() == DataType.Kind.STRING || wanted.kind() == DataType.Kind.LONG;
      case STRING ->
          switch (wanted.kind()) {
            case STRING, BYTES, DECIMAL, DATE, TIMESTAMP, TIMESTAMP_TZ -> true;
            default -> false;
          };
      case BYTES -> wanted.kind() == DataType.Kind.BYTES || wanted.kind() == DataType.Kind.STRING;
      case GROUP -> false;
      case MESSAGE -> {
        ProtoMessage message = type.message();
        yield message.isTimestamp()
            ? wanted.kind() == DataType.Kind.TIMESTAMP_TZ
            : message.isDuration()
                ? wanted.kind() == DataType.Kind.LONG
                : message.isWrapper() && fits(message.fields().get(0), wanted);
      }
      default ->
          wanted.isNumeric() || (wanted.isLongBacked() && wanted.kind() != DataType.Kind.DATE);
    };
  }

  /**
   * Takes a value, if it is one.
   *
   * @return false if it is of another wire type, and is to be skipped
   */
  boolean take(ProtoInput in, int tag, ColumnBuilder column) {
    int wire = tag & 7;
    if (type.isPacked(wire)) {
      type.readPacked(in, list());
    } else if (!type.isOf(wire)) {
      return false;
    } else if (type.isMap()) {
      Map<String, @Nullable Object> entries = map;
      if (entries == null) {
        entries = new LinkedHashMap<>();
        map = entries;
      }
      ProtoMessage.readEntry(type, in, 0, entries);
    } else if (type.isRepeated()) {
      list().add(type.read(in, tag, 0));
    } else if (type.type() == FieldDescriptor.Type.MESSAGE) {
      takeMessage(in);
    } else {
      if (seen) {
        column.removeLast();
      }
      append(type, in, tag, column);
    }
    seen = true;
    return true;
  }

  private List<@Nullable Object> list() {
    List<@Nullable Object> values = list;
    if (values == null) {
      values = new ArrayList<>();
      list = values;
    }
    return values;
  }

  /** Messages one behind the other are what merging them comes to. */
  private void takeMessage(ProtoInput in) {
    int length = in.readLength();
    int from = in.take(length);
    if (seen) {
      ByteArrayOutputStream all = merged;
      if (all == null) {
        all = new ByteArrayOutputStream();
        all.write(in.bytes(), messageFrom, messageTo - messageFrom);
        merged = all;
      }
      all.write(in.bytes(), from, length);
    }
    messageFrom = from;
    messageTo = from + length;
  }

  private void append(ProtoType of, ProtoInput in, int tag, ColumnBuilder column) {
    switch (wanted.kind()) {
      case NESTED -> column.append(of.read(in, tag, 0));
      case BOOLEAN -> column.appendBoolean(of.readLong(in) != 0);
      case LONG -> column.appendLong(of.readLong(in));
      case DOUBLE ->
          column.appendDouble(isFloating(of) ? of.readDouble(in) : (double) of.readLong(in));
      case STRING ->
          column.appendString(
              of.type() == FieldDescriptor.Type.ENUM
                  ? of.symbol(of.readLong(in))
                  : of.readString(in));
      case BYTES -> column.append(of.readBytes(in));
      case DECIMAL, DATE, TIMESTAMP, TIMESTAMP_TZ -> {
        if (of.type() == FieldDescriptor.Type.STRING) {
          int length = in.readLength();
          int from = in.take(length);
          text.append(in.bytes(), from, from + length, column);
        } else {
          column.append(value(of.readLong(in)));
        }
      }
    }
  }

  private static boolean isFloating(ProtoType of) {
    return of.type() == FieldDescriptor.Type.DOUBLE || of.type() == FieldDescriptor.Type.FLOAT;
  }

  /** A whole number as a decimal or time. */
  private Object value(long number) {
    if (wanted.kind() == DataType.Kind.DECIMAL) {
      BigDecimal fitting = Decimals.fit(wanted, BigDecimal.valueOf(number));
      if (fitting != null) {
        return fitting;
      }
    } else {
      long value = epoch.of(number);
      if (value != TimeFormat.NONE) {
        return Values.ofLong(wanted, value);
      }
    }
    throw BadValue.wrongType(field.name(), wanted, Long.toString(number));
  }

  /** The message has no more; the column gets its value where it has none yet. */
  void end(ProtoInput in, ColumnBuilder column) {
    try {
      if (!seen) {
        appendAbsent(type, column);
      } else if (map != null) {
        column.append(map);
      } else if (list != null) {
        column.append(list);
      } else if (type.type() == FieldDescriptor.Type.MESSAGE) {
        ByteArrayOutputStream all = merged;
        if (all == null) {
          part.reset(in.bytes(), messageFrom, messageTo);
        } else {
          part.reset(all.toByteArray(), 0, all.size());
        }
        appendMessage(type.message(), column);
      }
    } finally {
      reset();
    }
  }

  /** The message is given up. */
  void reset() {
    seen = false;
    list = null;
    map = null;
    merged = null;
  }

  private void appendMessage(ProtoMessage message, ColumnBuilder column) {
    if (wanted.kind() == DataType.Kind.NESTED) {
      column.append(message.read(part, 0, 0));
    } else if (message.isTimestamp() || message.isDuration()) {
      column.appendLong(readMicros());
    } else {
      ProtoType inner = message.fields().get(0);
      boolean has = false;
      while (part.hasMore()) {
        int tag = part.readTag();
        if (message.ordinal(tag >>> 3) == 0 && inner.isOf(tag & 7)) {
          if (has) {
            column.removeLast();
          }
          append(inner, part, tag, column);
          has = true;
        } else {
          part.skip(tag);
        }
      }
      if (!has) {
        appendAbsent(inner, column);
      }
    }
  }

  /** Both well-known times have seconds as field 1 and nanoseconds as field 2. */
  private long readMicros() {
    long seconds = 0;
    long nanos = 0;
    while (part.hasMore()) {
      int tag = part.readTag();
      if (tag == (1 << 3 | ProtoInput.VARINT)) {
        seconds = part.readVarint();
      } else if (tag == (2 << 3 | ProtoInput.VARINT)) {
        nanos = (int) part.readVarint();
      } else {
        part.skip(tag);
      }
    }
    return ProtoMessage.micros(seconds, nanos);
  }

  private void appendAbsent(ProtoType of, ColumnBuilder column) {
    Object value = of.absent();
    if (value == null) {
      column.appendNull();
      return;
    }
    switch (wanted.kind()) {
      case DOUBLE -> column.appendDouble(((Number) value).doubleValue());
      case BYTES ->
          column.append(
              of.type() == FieldDescriptor.Type.STRING
                  ? value.toString().getBytes(StandardCharsets.UTF_8)
                  : Base64.getDecoder().decode(value.toString()));
      case STRING ->
          column.appendString(
              of.type() == FieldDescriptor.Type.BYTES
                  ? new String(Base64.getDecoder().decode(value.toString()), StandardCharsets.UTF_8)
                  : value.toString());
      case LONG ->
          column.append(of.type() == FieldDescriptor.Type.ENUM ? of.absentNumber() : value);
      case DECIMAL, DATE, TIMESTAMP, TIMESTAMP_TZ -> {
        if (value instanceof Long number) {
          column.append(value(number));
        } else {
          byte[] bytes = value.toString().getBytes(StandardCharsets.UTF_8);
          if (bytes.length == 0) {
            column.appendNull();
          } else {
            text.append(bytes, 0, bytes.length, column);
          }
        }
      }
      default -> column.append(value);
    }
  }
}
