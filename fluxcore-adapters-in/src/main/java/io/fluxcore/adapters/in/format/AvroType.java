package io.fluxcore.adapters.in.format;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A writer's schema made ready for reading: how its values are skipped without an object, and how
 * they are read as nested values. Immutable once made.
 *
 * <p>Nested, a record or map is a map, an array a list, an enumeration its symbol; bytes are
 * Base64, dates and timestamps are as ISO 8601 writes them, a time of day is its number.
 */
final class AvroType {
  /** What a value means: the wire's type, made finer by the logical one. */
  enum Kind {
    NULL,
    BOOLEAN,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    STRING,
    BYTES,
    FIXED,
    ENUM,
    DECIMAL_BYTES,
    DECIMAL_FIXED,
    UUID_FIXED,
    DATE,
    TIMESTAMP,
    TIMESTAMP_TZ,
    RECORD,
    ARRAY,
    MAP,
    UNION
  }

  /** Deeper values than this are taken for damage: a stack has an end. */
  private static final int MAX_DEPTH = 200;

  /** Items without a byte, such as nulls, of which a few bytes may announce any number. */
  private static final int MAX_EMPTY_ITEMS = 100_000;

  private final Kind kind;
  private final Schema schema;

  /** Fields of a record, branches of a union, the one item of an array or map. */
  private AvroType[] parts = new AvroType[0];

  /** Fields of a record, symbols of an enumeration. */
  private String[] names = new String[0];

  /** Of a fixed value. */
  private int size;

  /** Of a decimal. */
  private int scale;

  /** Of a timestamp: how many of its units are a microsecond, or how many of those it is. */
  private long unitsPerMicro = 1;

  private long microsPerUnit = 1;

  private AvroType(Kind kind, Schema schema) {
    this.kind = kind;
    this.schema = schema;
  }

  static AvroType of(Schema schema) {
    return of(schema, new IdentityHashMap<>());
  }

  private static AvroType of(Schema schema, Map<Schema, AvroType> records) {
    AvroType known = records.get(schema);
    if (known != null) {
      return known;
    }
    AvroType type = new AvroType(kind(schema), schema);
    switch (schema.getType()) {
      case RECORD -> {
        records.put(schema, type);
        List<Schema.Field> fields = schema.getFields();
        type.names = fields.stream().map(Schema.Field::name).toArray(String[]::new);
        type.parts = fields.stream().map(f -> of(f.schema(), records)).toArray(AvroType[]::new);
      }
      case UNION ->
          type.parts = schema.getTypes().stream().map(s -> of(s, records)).toArray(AvroType[]::new);
      case ARRAY -> type.parts = new AvroType[] {of(schema.getElementType(), records)};
      case MAP -> type.parts = new AvroType[] {of(schema.getValueType(), records)};
      case ENUM -> type.names = schema.getEnumSymbols().toArray(String[]::new);
      case FIXED -> type.size = schema.getFixedSize();
      default -> {}
    }
    type.units(schema.getLogicalType());
    return type;
  }

  private void units(@Nullable LogicalType logical) {
    if (logical instanceof LogicalTypes.Decimal decimal) {
      scale = decimal.getScale();
    } else if (kind == Kind.TIMESTAMP || kind == Kind.TIMESTAMP_TZ) {
      String name = logical == null ? "" : logical.getName();
      microsPerUnit = name.endsWith("millis") ? 1000 : 1;
      unitsPerMicro = name.endsWith("nanos") ? 1000 : 1;
    }
  }

  private static Kind kind(Schema schema) {
    LogicalType logical = schema.getLogicalType();
    String name = logical == null ? "" : logical.getName();
    return switch (schema.getType()) {
      case NULL -> Kind.NULL;
      case BOOLEAN -> Kind.BOOLEAN;
      case INT -> name.equals("date") ? Kind.DATE : Kind.INT;
      case LONG ->
          name.startsWith("timestamp-")
              ? Kind.TIMESTAMP_TZ
              : name.startsWith("local-timestamp-") ? Kind.TIMESTAMP : Kind.LONG;
      case FLOAT -> Kind.FLOAT;
      case DOUBLE -> Kind.DOUBLE;
      case STRING -> Kind.STRING;
      case BYTES -> logical instanceof LogicalTypes.Decimal ? Kind.DECIMAL_BYTES : Kind.BYTES;
      case FIXED ->
          logical instanceof LogicalTypes.Decimal
              ? Kind.DECIMAL_FIXED
              : name.equals("uuid") ? Kind.UUID_FIXED : Kind.FIXED;
      case ENUM -> Kind.ENUM;
      case RECORD -> Kind.RECORD;
      case ARRAY -> Kind.ARRAY;
      case MAP -> Kind.MAP;
      case UNION -> Kind.UNION;
    };
  }

  Kind kind() {
    return kind;
  }

  Schema schema() {
    return schema;
  }

  /** Fields of a record, branches of a union. */
  AvroType part(int index) {
    return parts[index];
  }

  int partCount() {
    return parts.length;
  }

  /** The branch of a union, or the index of a symbol, that comes next. */
  int readIndex(AvroInput in) {
    int index = in.readInt();
    int count = kind == Kind.ENUM ? names.length : parts.length;
    if (index < 0 || index >= count) {
      throw AvroInput.damaged("branch or symbol " + index + " of " + count);
    }
    return index;
  }

  String symbol(AvroInput in) {
    return names[readIndex(in)];
  }

  void skip(AvroInput in) {
    skip(in, 0);
  }

  private void skip(AvroInput in, int depth) {
    checkDepth(depth);
    switch (kind) {
      case NULL -> {}
      case BOOLEAN -> in.take(1);
      case INT, LONG, DATE, TIMESTAMP, TIMESTAMP_TZ -> in.readLong();
      case ENUM -> readIndex(in);
      case FLOAT -> in.take(Float.BYTES);
      case DOUBLE -> in.take(Double.BYTES);
      case STRING, BYTES, DECIMAL_BYTES -> in.take(in.readLength());
      case FIXED, DECIMAL_FIXED, UUID_FIXED -> in.take(size);
      case RECORD -> {
        for (AvroType field : parts) {
          field.skip(in, depth + 1);
        }
      }
      case UNION -> parts[readIndex(in)].skip(in, depth + 1);
      case ARRAY, MAP -> skipItems(in, depth);
    }
  }

  private void skipItems(AvroInput in, int depth) {
    long empty = 0;
    for (long count = in.readLong(); count != 0; count = in.readLong()) {
      if (count < 0) {
        in.take(in.readLength());
        continue;
      }
      int before = in.remaining();
      for (long i = 0; i < count; i++) {
        if (kind == Kind.MAP) {
          in.take(in.readLength());
        }
        parts[0].skip(in, depth + 1);
        empty = countEmpty(empty, before, in);
        before = in.remaining();
      }
    }
  }

  private static long countEmpty(long empty, int before, AvroInput in) {
    if (in.remaining() < before) {
      return empty;
    }
    if (empty >= MAX_EMPTY_ITEMS) {
      throw AvroInput.damaged("a list of more than " + MAX_EMPTY_ITEMS + " items without a byte");
    }
    return empty + 1;
  }

  private static void checkDepth(int depth) {
    if (depth > MAX_DEPTH) {
      throw AvroInput.damaged("values are nested deeper than " + MAX_DEPTH);
    }
  }

  /** The value as a nested one. */
  @Nullable Object read(AvroInput in) {
    return read(in, 0);
  }

  private @Nullable Object read(AvroInput in, int depth) {
    checkDepth(depth);
    return switch (kind) {
      case NULL -> null;
      case BOOLEAN -> in.readBoolean();
      case INT -> (long) in.readInt();
      case LONG -> in.readLong();
      case FLOAT -> (double) in.readFloat();
      case DOUBLE -> in.readDouble();
      case STRING -> readString(in);
      case BYTES, FIXED -> Base64.getEncoder().encodeToString(readBytes(in));
      case ENUM -> symbol(in);
      case DECIMAL_BYTES, DECIMAL_FIXED -> readDecimal(in);
      case UUID_FIXED -> readUuid(in);
      case DATE -> LocalDate.ofEpochDay(in.readInt()).toString();
      case TIMESTAMP, TIMESTAMP_TZ -> readIsoTime(in);
      case RECORD -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < parts.length; i++) {
          map.put(names[i], parts[i].read(in, depth + 1));
        }
        yield map;
      }
      case ARRAY -> readList(in, depth);
      case MAP -> readMap(in, depth);
      case UNION -> parts[readIndex(in)].read(in, depth + 1);
    };
  }

  private String readIsoTime(AvroInput in) {
    return NestedTimes.iso(readMicros(in), kind == Kind.TIMESTAMP_TZ);
  }

  private List<@Nullable Object> readList(AvroInput in, int depth) {
    List<@Nullable Object> list = new ArrayList<>();
    long empty = 0;
    for (long count = blockCount(in); count != 0; count = blockCount(in)) {
      for (long i = 0; i < count; i++) {
        int before = in.remaining();
        list.add(parts[0].read(in, depth + 1));
        empty = countEmpty(empty, before, in);
      }
    }
    return list;
  }

  private Map<String, @Nullable Object> readMap(AvroInput in, int depth) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (long count = blockCount(in); count != 0; count = blockCount(in)) {
      for (long i = 0; i < count; i++) {
        map.put(readString(in), parts[0].read(in, depth + 1));
      }
    }
    return map;
  }

  private static long blockCount(AvroInput in) {
    long count = in.readLong();
    if (count < 0) {
      in.readLength();
      if (count == Long.MIN_VALUE) {
        throw AvroInput.damaged("a list of " + count + " items");
      }
      return -count;
    }
    return count;
  }

  String readString(AvroInput in) {
    int length = in.readLength();
    return new String(in.bytes(), in.take(length), length, StandardCharsets.UTF_8);
  }

  /** Of a value that is bytes on the wire, of its own length or a fixed one. */
  byte[] readBytes(AvroInput in) {
    boolean fixed = kind == Kind.FIXED || kind == Kind.DECIMAL_FIXED || kind == Kind.UUID_FIXED;
    int length = fixed ? size : in.readLength();
    int from = in.take(length);
    return Arrays.copyOfRange(in.bytes(), from, from + length);
  }

  BigDecimal readDecimal(AvroInput in) {
    int length = kind == Kind.DECIMAL_FIXED ? size : in.readLength();
    int from = in.take(length);
    if (length == 0) {
      throw AvroInput.damaged("a decimal without a digit");
    }
    return new BigDecimal(new BigInteger(in.bytes(), from, length), scale);
  }

  String readUuid(AvroInput in) {
    byte[] bytes = readBytes(in);
    long high = 0;
    long low = 0;
    for (int i = 0; i < 8; i++) {
      high = high << 8 | (bytes[i] & 0xff);
      low = low << 8 | (bytes[i + 8] & 0xff);
    }
    return new UUID(high, low).toString();
  }

  /** Microseconds of a timestamp. */
  long readMicros(AvroInput in) {
    long value = in.readLong();
    if (unitsPerMicro > 1) {
      return Math.floorDiv(value, unitsPerMicro);
    }
    try {
      return Math.multiplyExact(value, microsPerUnit);
    } catch (ArithmeticException e) {
      throw new BadValue(BadValue.WRONG_TYPE, "a timestamp is out of any range: " + value);
    }
  }

  @Override
  public String toString() {
    LogicalType logical = schema.getLogicalType();
    return "Avro "
        + (kind == Kind.RECORD ? schema.getFullName() : schema.getType().getName())
        + (logical == null ? "" : " (" + logical.getName() + ")");
  }
}
