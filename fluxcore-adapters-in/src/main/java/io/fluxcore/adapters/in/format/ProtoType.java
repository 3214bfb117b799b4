package io.fluxcore.adapters.in.format;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A field of a message made ready for reading: how its values are read one by one, and as nested
 * values. Immutable once made.
 */
final class ProtoType {
  private final FieldDescriptor field;
  private final FieldDescriptor.Type type;

  /** Of fields that hold messages. */
  private final @Nullable ProtoMessage message;

  private final Map<Integer, String> symbols = new HashMap<>();

  ProtoType(FieldDescriptor field, @Nullable ProtoMessage message) {
    this.field = field;
    this.type = field.getType();
    this.message = message;
    if (type == FieldDescriptor.Type.ENUM) {
      for (EnumValueDescriptor value : field.getEnumType().getValues()) {
        symbols.putIfAbsent(value.getNumber(), value.getName());
      }
    }
  }

  String name() {
    return field.getName();
  }

  FieldDescriptor.Type type() {
    return type;
  }

  boolean isRepeated() {
    return field.isRepeated();
  }

  boolean isMap() {
    return field.isMapField();
  }

  /** Whether the sender can leave the field out, so that it differs from one of its default. */
  boolean hasPresence() {
    return field.hasPresence();
  }

  ProtoMessage message() {
    if (message == null) {
      throw new IllegalStateException(field + " is no message");
    }
    return message;
  }

  boolean isMessage() {
    return message != null;
  }

  /** Whether a value of this wire type is one of the field; others are skipped, as is the rule. */
  boolean isOf(int wire) {
    return wire == wire();
  }

  /** Whether a value of this wire type is many of the field. */
  boolean isPacked(int wire) {
    return wire == ProtoInput.LENGTH && field.isRepeated() && field.isPackable();
  }

  private int wire() {
    return switch (type) {
      case DOUBLE, FIXED64, SFIXED64 -> ProtoInput.FIXED64;
      case FLOAT, FIXED32, SFIXED32 -> ProtoInput.FIXED32;
      case STRING, BYTES, MESSAGE -> ProtoInput.LENGTH;
      case GROUP -> ProtoInput.START_GROUP;
      default -> ProtoInput.VARINT;
    };
  }

  /** An integer, an enumeration's number, or a boolean. */
  long readLong(ProtoInput in) {
    return switch (type) {
      case INT64 -> in.readVarint();
      case UINT64 -> unsigned(in.readVarint());
      case INT32, ENUM -> (int) in.readVarint();
      case UINT32 -> in.readVarint() & 0xffff_ffffL;
      case SINT32 -> {
        int raw = (int) in.readVarint();
        yield (raw >>> 1) ^ -(raw & 1);
      }
      case SINT64 -> {
        long raw = in.readVarint();
        yield (raw >>> 1) ^ -(raw & 1);
      }
      case FIXED32 -> in.readFixed32() & 0xffff_ffffL;
      case SFIXED32 -> in.readFixed32();
      case FIXED64 -> unsigned(in.readFixed64());
      case SFIXED64 -> in.readFixed64();
      case BOOL -> in.readVarint() != 0 ? 1 : 0;
      default -> throw new IllegalStateException(field + " is no integer");
    };
  }

  private long unsigned(long value) {
    if (value < 0) {
      throw BadValue.wrongType(name(), "a number of 63 bits", Long.toUnsignedString(value));
    }
    return value;
  }

  double readDouble(ProtoInput in) {
    return type == FieldDescriptor.Type.FLOAT
        ? Float.intBitsToFloat(in.readFixed32())
        : Double.longBitsToDouble(in.readFixed64());
  }

  String readString(ProtoInput in) {
    int length = in.readLength();
    int from = in.take(length);
    return TextField.string(name(), in.bytes(), from, from + length, false);
  }

  byte[] readBytes(ProtoInput in) {
    int length = in.readLength();
    int from = in.take(length);
    return Arrays.copyOfRange(in.bytes(), from, from + length);
  }

  /** The name of an enumeration's number; a number that has none is a text of itself. */
  String symbol(long number) {
    String name = symbols.get((int) number);
    return name == null ? Long.toString(number) : name;
  }

  /** One value as a nested one, which {@link #isOf} the wire type. */
  @Nullable Object read(ProtoInput in, int tag, int depth) {
    return switch (type) {
      case DOUBLE, FLOAT -> readDouble(in);
      case BOOL -> readLong(in) != 0;
      case STRING -> readString(in);
      case BYTES -> Base64.getEncoder().encodeToString(readBytes(in));
      case ENUM -> symbol(readLong(in));
      case MESSAGE -> {
        int length = in.readLength();
        int old = in.limit(in.position() + length);
        Object value = message().read(in, 0, depth + 1);
        in.limit(old);
        yield value;
      }
      case GROUP -> message().read(in, tag >>> 3, depth + 1);
      default -> readLong(in);
    };
  }

  /** The values of a packed list. */
  void readPacked(ProtoInput in, List<@Nullable Object> list) {
    int length = in.readLength();
    int old = in.limit(in.position() + length);
    while (in.hasMore()) {
      list.add(read(in, 0, 0));
    }
    in.limit(old);
  }

  /** What is meant where a field without presence, or one with a default, is not in a message. */
  @Nullable Object absent() {
    if (field.isRepeated()) {
      return isMap() ? Map.of() : List.of();
    }
    if (isMessage() || (field.hasPresence() && !field.hasDefaultValue())) {
      return null;
    }
    Object value = field.getDefaultValue();
    return switch (type) {
      case DOUBLE, FLOAT -> ((Number) value).doubleValue();
      case BOOL, STRING -> value;
      case BYTES -> Base64.getEncoder().encodeToString(((ByteString) value).toByteArray());
      case ENUM -> ((EnumValueDescriptor) value).getName();
      case UINT32, FIXED32 -> ((Number) value).intValue() & 0xffff_ffffL;
      default -> ((Number) value).longValue();
    };
  }

  /** The number of the enumeration's default. */
  long absentNumber() {
    return ((EnumValueDescriptor) field.getDefaultValue()).getNumber();
  }

  @Override
  public String toString() {
    return "Protobuf "
        + (field.isMapField() ? "map" : (field.isRepeated() ? "repeated " : "") + typeName());
  }

  private String typeName() {
    return isMessage()
        ? field.getMessageType().getFullName()
        : type.name().toLowerCase(java.util.Locale.ROOT);
  }
}
