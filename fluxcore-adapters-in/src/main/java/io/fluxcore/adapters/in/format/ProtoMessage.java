package io.fluxcore.adapters.in.format;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.fluxcore.domain.event.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A type of messages made ready for reading as nested values. Fields that are not in a message have
 * their default, or null where the type tells absence from it. Immutable once made.
 *
 * <p>Of the well-known types, a {@code Timestamp} is as ISO 8601 writes it, a {@code Duration} its
 * microseconds, a wrapper the value that it wraps, and {@code Struct}, {@code Value} and {@code
 * ListValue} are what they stand for.
 */
final class ProtoMessage {
  private final Descriptor descriptor;
  private final List<ProtoType> fields = new ArrayList<>();
  private final Map<Integer, Integer> ordinals = new HashMap<>();

  private ProtoMessage(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  static ProtoMessage of(Descriptor descriptor) {
    return of(descriptor, new HashMap<>());
  }

  private static ProtoMessage of(Descriptor descriptor, Map<String, ProtoMessage> known) {
    ProtoMessage message = known.get(descriptor.getFullName());
    if (message == null) {
      message = new ProtoMessage(descriptor);
      known.put(descriptor.getFullName(), message);
      for (FieldDescriptor field : descriptor.getFields()) {
        boolean nested = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
        message.ordinals.put(field.getNumber(), message.fields.size());
        message.fields.add(new ProtoType(field, nested ? of(field.getMessageType(), known) : null));
      }
    }
    return message;
  }

  List<ProtoType> fields() {
    return fields;
  }

  String name() {
    return descriptor.getFullName();
  }

  /** The position of the field of a number, or -1. */
  int ordinal(int number) {
    return ordinals.getOrDefault(number, -1);
  }

  boolean isTimestamp() {
    return name().equals("google.protobuf.Timestamp");
  }

  boolean isDuration() {
    return name().equals("google.protobuf.Duration");
  }

  /** Whether messages stand for the one value that they hold, and null where they are absent. */
  boolean isWrapper() {
    return switch (name()) {
      case "google.protobuf.DoubleValue",
          "google.protobuf.FloatValue",
          "google.protobuf.Int64Value",
          "google.protobuf.UInt64Value",
          "google.protobuf.Int32Value",
          "google.protobuf.UInt32Value",
          "google.protobuf.BoolValue",
          "google.protobuf.StringValue",
          "google.protobuf.BytesValue" ->
          true;
      default -> false;
    };
  }

  /** The type of a field that holds one of these messages. */
  DataType type() {
    if (isTimestamp()) {
      return DataType.TIMESTAMP_TZ;
    }
    if (isDuration()) {
      return DataType.LONG;
    }
    return isWrapper() ? ProtoSchemas.type(fields.get(0)) : DataType.NESTED;
  }

  /**
   * A message as a nested value.
   *
   * @param in to its end, or to the end of a group
   * @param group number of the group that it is, or 0
   */
  @Nullable Object read(ProtoInput in, int group, int depth) {
    Map<String, @Nullable Object> members = members(in, group, depth);
    if (isTimestamp()) {
      return NestedTimes.iso(micros(members), true);
    }
    if (isDuration()) {
      return micros(members);
    }
    if (isWrapper()) {
      return members.get("value");
    }
    return switch (name()) {
      case "google.protobuf.Struct" -> members.get("fields");
      case "google.protobuf.ListValue" -> members.get("values");
      case "google.protobuf.Value" -> ofValue(members);
      default -> members;
    };
  }

  private static @Nullable Object ofValue(Map<String, @Nullable Object> members) {
    for (String name :
        List.of("number_value", "string_value", "bool_value", "struct_value", "list_value")) {
      Object value = members.get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** Of a timestamp or duration. */
  static long micros(Map<String, @Nullable Object> members) {
    long seconds = number(members.get("seconds"));
    long nanos = number(members.get("nanos"));
    return micros(seconds, nanos);
  }

  static long micros(long seconds, long nanos) {
    try {
      return Math.addExact(Math.multiplyExact(seconds, 1_000_000L), Math.floorDiv(nanos, 1000L));
    } catch (ArithmeticException e) {
      throw new BadValue(
          BadValue.WRONG_TYPE, "a time is out of any range: " + seconds + " seconds");
    }
  }

  private static long number(@Nullable Object value) {
    return value instanceof Long number ? number : 0;
  }

  /** The fields of a message. */
  Map<String, @Nullable Object> members(ProtoInput in, int group, int depth) {
    ProtoInput.checkDepth(depth);
    @Nullable Object[] values = new @Nullable Object[fields.size()];
    boolean[] seen = new boolean[values.length];
    boolean ended = group == 0;
    while (in.hasMore()) {
      int tag = in.readTag();
      if ((tag & 7) == ProtoInput.END_GROUP && tag >>> 3 == group) {
        ended = true;
        break;
      }
      int ordinal = ordinal(tag >>> 3);
      if (ordinal < 0 || !take(in, tag, depth, ordinal, values, seen)) {
        in.skip(tag);
      }
    }
    if (!ended) {
      throw ProtoInput.damaged("group " + group + " has no end");
    }
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      ProtoType field = fields.get(i);
      members.put(field.name(), seen[i] ? values[i] : field.absent());
    }
    return members;
  }

  private boolean take(
      ProtoInput in, int tag, int depth, int ordinal, @Nullable Object[] values, boolean[] seen) {
    ProtoType field = fields.get(ordinal);
    int wire = tag & 7;
    if (field.isPacked(wire)) {
      List<@Nullable Object> list = list(seen[ordinal] ? values[ordinal] : null);
      field.readPacked(in, list);
      values[ordinal] = list;
    } else if (!field.isOf(wire)) {
      return false;
    } else if (field.isMap()) {
      Map<String, @Nullable Object> map = map(seen[ordinal] ? values[ordinal] : null);
      readEntry(field, in, depth, map);
      values[ordinal] = map;
    } else if (field.isRepeated()) {
      List<@Nullable Object> list = list(seen[ordinal] ? values[ordinal] : null);
      list.add(field.read(in, tag, depth));
      values[ordinal] = list;
    } else {
      values[ordinal] = field.read(in, tag, depth);
    }
    seen[ordinal] = true;
    return true;
  }

  @SuppressWarnings("unchecked") // a list that was made here
  private static List<@Nullable Object> list(@Nullable Object seen) {
    return seen == null ? new ArrayList<>() : (List<@Nullable Object>) seen;
  }

  @SuppressWarnings("unchecked") // a map that was made here
  private static Map<String, @Nullable Object> map(@Nullable Object seen) {
    return seen == null ? new LinkedHashMap<>() : (Map<String, @Nullable Object>) seen;
  }

  /** Reads an entry of a map, of which the last of a key counts. */
  static void readEntry(
      ProtoType field, ProtoInput in, int depth, Map<String, @Nullable Object> map) {
    int length = in.readLength();
    int old = in.limit(in.position() + length);
    Map<String, @Nullable Object> entry = field.message().members(in, 0, depth + 1);
    in.limit(old);
    map.put(String.valueOf(entry.get("key")), entry.get("value"));
  }
}
