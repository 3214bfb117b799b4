package io.fluxcore.adapters.in.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Type;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the decoder with what Avro's own writer wrote, for random schemas and values. */
final class AvroFormatTest {

  /** Makes schemas and values of them. */
  private static final class Generator {
    private final Random random;
    private int names;

    Generator(Random random) {
      this.random = random;
    }

    Schema record(int depth) {
      List<Schema.Field> fields = new ArrayList<>();
      int count = 1 + random.nextInt(6);
      for (int i = 0; i < count; i++) {
        fields.add(new Schema.Field("f" + i, type(depth), null, (Object) null));
      }
      return Schema.createRecord("R" + names++, null, "t", false, fields);
    }

    Schema type(int depth) {
      Schema of = plain(depth);
      if (random.nextInt(3) == 0 && of.getType() != Type.UNION) {
        return random.nextBoolean()
            ? Schema.createUnion(Schema.create(Type.NULL), of)
            : Schema.createUnion(of, Schema.create(Type.NULL));
      }
      return of;
    }

    private Schema plain(int depth) {
      return switch (random.nextInt(depth > 0 ? 24 : 19)) {
        case 0 -> Schema.create(Type.BOOLEAN);
        case 1 -> Schema.create(Type.INT);
        case 2 -> Schema.create(Type.LONG);
        case 3 -> Schema.create(Type.FLOAT);
        case 4 -> Schema.create(Type.DOUBLE);
        case 5 -> Schema.create(Type.STRING);
        case 6 -> Schema.create(Type.BYTES);
        case 7 -> Schema.createFixed("F" + names++, null, "t", random.nextInt(5));
        case 8 -> Schema.createEnum("E" + names++, null, "t", List.of("A", "B", "C"));
        case 9 -> LogicalTypes.date().addToSchema(Schema.create(Type.INT));
        case 10 -> LogicalTypes.timeMillis().addToSchema(Schema.create(Type.INT));
        case 11 -> LogicalTypes.timestampMillis().addToSchema(Schema.create(Type.LONG));
        case 12 -> LogicalTypes.timestampMicros().addToSchema(Schema.create(Type.LONG));
        case 13 -> LogicalTypes.localTimestampMillis().addToSchema(Schema.create(Type.LONG));
        case 14 -> LogicalTypes.localTimestampMicros().addToSchema(Schema.create(Type.LONG));
        case 15 -> LogicalTypes.decimal(12, 3).addToSchema(Schema.create(Type.BYTES));
        case 16 ->
            LogicalTypes.decimal(30, 10)
                .addToSchema(Schema.createFixed("D" + names++, null, "t", 13));
        case 17 -> LogicalTypes.uuid().addToSchema(Schema.create(Type.STRING));
        case 18 -> LogicalTypes.timestampNanos().addToSchema(Schema.create(Type.LONG));
        case 19 -> Schema.createArray(type(depth - 1));
        case 20 -> Schema.createMap(type(depth - 1));
        case 21 -> record(depth - 1);
        case 22 ->
            Schema.createUnion(
                Schema.create(Type.LONG), Schema.create(Type.NULL), Schema.create(Type.STRING));
        default -> Schema.createArray(Schema.create(Type.NULL));
      };
    }

    @Nullable Object value(Schema schema) {
      LogicalType logical = schema.getLogicalType();
      return switch (schema.getType()) {
        case NULL -> null;
        case BOOLEAN -> random.nextBoolean();
        case INT -> random.nextInt() >> random.nextInt(31);
        case LONG -> random.nextLong() >> (logical == null ? 0 : 12) + random.nextInt(40);
        case FLOAT -> random.nextInt(5) == 0 ? Float.NaN : random.nextFloat();
        case DOUBLE -> random.nextInt(5) == 0 ? Double.NEGATIVE_INFINITY : random.nextGaussian();
        case STRING ->
            logical == null
                ? "é😀".repeat(random.nextInt(3)) + random.nextInt()
                : new UUID(random.nextLong(), random.nextLong()).toString();
        case BYTES -> ByteBuffer.wrap(logical == null ? bytes(random.nextInt(9)) : unscaled(12));
        case FIXED -> {
          byte[] bytes = bytes(schema.getFixedSize());
          if (logical != null) {
            byte[] unscaled = unscaled(30);
            Arrays.fill(bytes, (byte) (unscaled[0] < 0 ? -1 : 0));
            System.arraycopy(unscaled, 0, bytes, bytes.length - unscaled.length, unscaled.length);
          }
          yield new GenericData.Fixed(schema, bytes);
        }
        case ENUM ->
            new GenericData.EnumSymbol(schema, schema.getEnumSymbols().get(random.nextInt(3)));
        case RECORD -> {
          GenericData.Record record = new GenericData.Record(schema);
          schema.getFields().forEach(f -> record.put(f.name(), value(f.schema())));
          yield record;
        }
        case ARRAY -> {
          List<@Nullable Object> list = new ArrayList<>();
          for (int i = random.nextInt(4); i > 0; i--) {
            list.add(value(schema.getElementType()));
          }
          yield list;
        }
        case MAP -> {
          Map<String, @Nullable Object> map = new LinkedHashMap<>();
          for (int i = random.nextInt(4); i > 0; i--) {
            map.put("k" + i, value(schema.getValueType()));
          }
          yield map;
        }
        case UNION -> value(schema.getTypes().get(random.nextInt(schema.getTypes().size())));
      };
    }

    private byte[] bytes(int length) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return bytes;
    }

    private byte[] unscaled(int digits) {
      BigInteger value = new BigInteger(random.nextInt(95), random).mod(BigInteger.TEN.pow(digits));
      return (random.nextBoolean() ? value : value.negate()).toByteArray();
    }
  }

  private static byte[] write(Schema schema, @Nullable Object value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    try {
      new GenericDatumWriter<>(schema).write(value, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  /** The value that a column must have, by the documentation and not by the decoder. */
  private static @Nullable Object expected(Schema schema, @Nullable Object value, boolean nested) {
    if (schema.getType() == Type.UNION) {
      int branch = GenericData.get().resolveUnion(schema, value);
      long others = schema.getTypes().stream().filter(s -> s.getType() != Type.NULL).count();
      return expected(schema.getTypes().get(branch), value, nested || others > 1);
    }
    if (value == null) {
      return null;
    }
    LogicalType logical = schema.getLogicalType();
    String name = logical == null ? "" : logical.getName();
    return switch (schema.getType()) {
      case NULL -> null;
      case INT -> {
        int number = (Integer) value;
        LocalDate date = LocalDate.ofEpochDay(number);
        yield name.equals("date") ? (nested ? date.toString() : date) : (Object) (long) number;
      }
      case LONG -> {
        if (!name.contains("timestamp")) {
          yield value;
        }
        long perSecond =
            name.endsWith("millis") ? 1000L : name.endsWith("micros") ? 1_000_000L : 1_000_000_000L;
        long number = (Long) value;
        long nanos = Math.floorMod(number, perSecond) * (1_000_000_000L / perSecond);
        LocalDateTime time =
            LocalDateTime.ofEpochSecond(
                Math.floorDiv(number, perSecond), (int) (nanos / 1000 * 1000), ZoneOffset.UTC);
        Object typed = name.startsWith("local") ? time : time.toInstant(ZoneOffset.UTC);
        yield nested ? typed.toString() : typed;
      }
      case FLOAT -> (double) (Float) value;
      case BYTES, FIXED -> {
        byte[] bytes =
            value instanceof ByteBuffer buffer
                ? buffer.array()
                : ((GenericData.Fixed) value).bytes();
        if (logical instanceof LogicalTypes.Decimal decimal) {
          yield new BigDecimal(new BigInteger(bytes), decimal.getScale());
        }
        yield nested ? Base64.getEncoder().encodeToString(bytes) : bytes;
      }
      case ENUM -> value.toString();
      case RECORD -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        GenericData.Record record = (GenericData.Record) value;
        schema
            .getFields()
            .forEach(f -> map.put(f.name(), expected(f.schema(), record.get(f.name()), true)));
        yield map;
      }
      case ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        ((List<?>) value).forEach(v -> list.add(expected(schema.getElementType(), v, true)));
        yield list;
      }
      case MAP -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        ((Map<?, ?>) value)
            .forEach((k, v) -> map.put((String) k, expected(schema.getValueType(), v, true)));
        yield map;
      }
      default -> value;
    };
  }

  private static AvroFormat format(Schema schema) {
    return new AvroFormat(null, FieldSettings.DEFAULT, schema, null, null);
  }

  private static io.fluxcore.domain.event.Schema fields(AvroFormat format) {
    io.fluxcore.domain.event.Schema fields = format.schema();
    assertThat(fields).isNotNull();
    return fields;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomRecords_areDecodedAsTheyWereWritten(long seed) {
    for (int round = 0; round < 40; round++) {
      Generator generator = new Generator(new Random(seed * 1000 + round));
      Schema schema = generator.record(3);
      byte[][] messages = new byte[20][];
      List<List<@Nullable Object>> expected = new ArrayList<>();
      for (int i = 0; i < messages.length; i++) {
        GenericData.Record record = (GenericData.Record) generator.value(schema);
        messages[i] = write(schema, record);
        List<@Nullable Object> row = new ArrayList<>();
        for (Schema.Field field : schema.getFields()) {
          row.add(expected(field.schema(), record.get(field.name()), isNested(field.schema())));
        }
        expected.add(row);
      }
      AvroFormat format = format(schema);
      io.fluxcore.domain.event.Schema all = fields(format);
      Messages.Result result = Messages.decode(format, all, messages);
      assertThat(result.bad()).as("seed %d, %s", seed, schema).isEmpty();
      assertThat(Messages.comparable(result.rows()))
          .as("seed %d, round %d, %s", seed, round, schema)
          .isEqualTo(Messages.comparable(expected));
      projection(format, all, result, messages);
    }
  }

  private static boolean isNested(Schema schema) {
    return schema.getType() == Type.UNION
        && schema.getTypes().stream().filter(s -> s.getType() != Type.NULL).count() > 1;
  }

  /** Skipping a field goes past exactly what reading it does. */
  private static void projection(
      AvroFormat format,
      io.fluxcore.domain.event.Schema all,
      Messages.Result whole,
      byte[][] messages) {
    List<Field> some = new ArrayList<>(all.fields());
    Collections.reverse(some);
    some = some.subList(0, some.size() / 2);
    io.fluxcore.domain.event.Schema wanted = io.fluxcore.domain.event.Schema.of(some);
    Messages.Result result = Messages.decode(format, wanted, messages);
    assertThat(result.bad()).isEmpty();
    for (int row = 0; row < messages.length; row++) {
      List<@Nullable Object> values = new ArrayList<>();
      for (Field field : some) {
        values.add(whole.row(row).get(all.ordinal(field.name())));
      }
      assertThat(Messages.comparable(result.row(row))).isEqualTo(Messages.comparable(values));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void damagedRecords_areBadOrOther_andNothingElse(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      Generator generator = new Generator(random);
      Schema schema = generator.record(3);
      AvroFormat format = format(schema);
      RecordDecoder decoder = format.decoder(fields(format), false, null);
      RecordDecoder skipping = format.decoder(io.fluxcore.domain.event.Schema.of(), false, null);
      byte[][] messages = new byte[50][];
      for (int i = 0; i < messages.length; i++) {
        byte[] whole = write(schema, generator.value(schema));
        messages[i] = damaged(whole, random);
      }
      for (RecordDecoder one : List.of(decoder, skipping)) {
        Messages.Result result = Messages.decode(one, messages);
        assertThat(result.bad()).allMatch(bad -> bad.contains(" FLX-FORMAT-00"));
        assertThat(result.batch().rowCount() + result.bad().size()).isEqualTo(messages.length);
      }
    }
  }

  static byte[] damaged(byte[] whole, Random random) {
    byte[] bytes =
        switch (random.nextInt(3)) {
          case 0 -> Arrays.copyOf(whole, random.nextInt(whole.length + 1));
          case 1 -> Arrays.copyOf(whole, whole.length + random.nextInt(3));
          default -> whole.clone();
        };
    for (int i = random.nextInt(3); i > 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] =
          random.nextBoolean() ? (byte) 0xff : (byte) random.nextInt();
    }
    return bytes;
  }

  @Test
  void announcedLengths_areNotBelieved() {
    Schema schema = record("{'name':'a','type':{'type':'array','items':'null'}}");
    byte[] huge = {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f};
    AvroFormat format = format(schema);
    for (io.fluxcore.domain.event.Schema wanted :
        List.of(fields(format), io.fluxcore.domain.event.Schema.of())) {
      assertThat(Messages.decode(format, wanted, huge).bad())
          .singleElement()
          .asString()
          .contains("FLX-FORMAT-0001");
    }
    Schema text = record("{'name':'a','type':'string'}");
    assertThat(Messages.decode(format(text), fields(format(text)), huge).bad())
        .singleElement()
        .asString()
        .contains("FLX-FORMAT-0001", "are left");
  }

  @Test
  void recursion_endsBeforeTheStackDoes() {
    Schema list =
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"name\":\"L\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"L\"]}]}");
    byte[] deep = new byte[100_001];
    Arrays.fill(deep, (byte) 2);
    deep[deep.length - 1] = 0;
    AvroFormat format = format(list);
    assertThat(Messages.decode(format, fields(format), deep).bad())
        .singleElement()
        .asString()
        .contains("nested deeper");
    assertThat(Messages.decode(format, fields(format), new byte[] {2, 2, 0}).rows().toString())
        .isEqualTo("[[{next={next=null}}]]");
  }

  private static Schema record(String... fields) {
    return new Schema.Parser()
        .parse(
            ("{'type':'record','name':'R','fields':[" + String.join(",", fields) + "]}")
                .replace('\'', '"'));
  }

  private static AvroPlan plan(
      Schema writer, Schema reader, io.fluxcore.domain.event.Schema wanted, String... required) {
    return AvroPlan.of(
        writer,
        reader,
        wanted,
        new FieldSettings(Map.of(), ZoneOffset.UTC, null, List.of(required), false));
  }

  private static List<@Nullable Object> evolved(
      Schema writer, Schema reader, Map<String, Object> written) {
    GenericData.Record record = new GenericData.Record(writer);
    written.forEach(record::put);
    io.fluxcore.domain.event.Schema wanted = AvroSchemas.fields(reader);
    AvroDecoder decoder = new AvroDecoder(wanted, null, plan(writer, reader, wanted), false);
    Messages.Result result = Messages.decode(decoder, write(writer, record));
    assertThat(result.bad()).isEmpty();
    return result.row(0);
  }

  @Test
  void addedField_hasTheReadersDefault() {
    Schema writer = record("{'name':'a','type':'int'}");
    Schema reader =
        record(
            "{'name':'b','type':'string','default':'none'}",
            "{'name':'a','type':'int'}",
            "{'name':'c','type':['null','long'],'default':null}",
            "{'name':'d','type':{'type':'array','items':'int'},'default':[1,2]}",
            "{'name':'e','type':'bytes','default':'\\u00ff'}");
    List<@Nullable Object> row = evolved(writer, reader, Map.of("a", 7));
    assertThat(row.subList(0, 4)).isEqualTo(Arrays.asList("none", 7L, null, List.of(1L, 2L)));
    assertThat(row.get(4)).isEqualTo(new byte[] {-1});
  }

  @Test
  void removedField_isSkipped_promotedOne_isWidened_renamedOne_isFoundByItsAlias() {
    Schema writer =
        record(
            "{'name':'gone','type':{'type':'map','values':'string'}}",
            "{'name':'count','type':'int'}",
            "{'name':'old','type':'string'}",
            "{'name':'share','type':'int'}");
    Schema reader =
        record(
            "{'name':'count','type':'long'}",
            "{'name':'renamed','type':'string','aliases':['older','old']}",
            "{'name':'share','type':'double'}");
    assertThat(
            evolved(
                writer,
                reader,
                Map.of("gone", Map.of("k", "v"), "count", 7, "old", "x", "share", 3)))
        .isEqualTo(List.of(7L, "x", 3.0));
  }

  @Test
  void writerThatLacksARequiredField_orHasAnotherType_isRefusedByName() {
    Schema writer = record("{'name':'a','type':['null','int']}");
    io.fluxcore.domain.event.Schema wanted =
        io.fluxcore.domain.event.Schema.of(new Field("a", DataType.LONG));
    assertThatThrownBy(() -> plan(writer, writer, wanted, "b"))
        .isInstanceOf(BadValue.class)
        .hasMessageContaining("'b' is required");
    AvroDecoder decoder = new AvroDecoder(wanted, null, plan(writer, writer, wanted, "a"), false);
    assertThat(Messages.decode(decoder, new byte[] {0}, new byte[] {2, 14}).bad())
        .singleElement()
        .asString()
        .startsWith("0 FLX-FORMAT-0004 field 'a' is required");
    io.fluxcore.domain.event.Schema texts =
        io.fluxcore.domain.event.Schema.of(new Field("a", DataType.STRING));
    assertThatThrownBy(() -> format(writer).decoder(texts, false, null))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-FORMAT-0110")
        .hasMessageContaining("not string");
    io.fluxcore.domain.event.Schema others =
        io.fluxcore.domain.event.Schema.of(
            new Field("x", DataType.STRING), new Field("y", DataType.STRING));
    assertThatThrownBy(() -> format(writer).decoder(others, false, null))
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.diagnostics()).hasSize(2));
  }

  @Test
  void declaredTypes_readWhatLosesNothing() {
    Schema writer =
        record(
            "{'name':'at','type':'long'}",
            "{'name':'price','type':'string'}",
            "{'name':'day','type':'string'}",
            "{'name':'count','type':'int'}");
    io.fluxcore.domain.event.Schema declared =
        io.fluxcore.domain.event.Schema.of(
            new Field("at", DataType.TIMESTAMP_TZ),
            new Field("price", DataType.decimal(10, 2)),
            new Field("day", DataType.DATE),
            new Field("count", DataType.decimal(5, 1)));
    GenericData.Record record = new GenericData.Record(writer);
    record.put("at", 1_700_000_000_123L);
    record.put("price", "12.5");
    record.put("day", "2026-01-31");
    record.put("count", 7);
    AvroFormat format = new AvroFormat(declared, FieldSettings.DEFAULT, writer, null, null);
    assertThat(Messages.decode(format, declared, write(writer, record)).rows().toString())
        .isEqualTo("[[2023-11-14T22:13:20.123Z, 12.50, 2026-01-31, 7.0]]");
  }

  @Test
  void keptRecords_giveEveryField() {
    Schema writer = record("{'name':'a','type':'int'}", "{'name':'b','type':'string'}");
    GenericData.Record record = new GenericData.Record(writer);
    record.put("a", 7);
    record.put("b", "x");
    AvroFormat format = format(writer);
    RecordDecoder decoder =
        format.decoder(
            io.fluxcore.domain.event.Schema.of(new Field("a", DataType.LONG)), true, null);
    Messages.Result result = Messages.decode(decoder, write(writer, record));
    assertThat(result.batch().rawRecords()).isNotNull();
    assertThat(result.batch().rawRecords().field(0, "b")).isEqualTo("x");
    assertThat(result.batch().rawRecords().bytes(0)).isEqualTo(write(writer, record));
  }
}
