package io.fluxcore.adapters.in.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Int64Value;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the decoder with Protobuf's own messages, for random types and values. */
final class ProtoFormatTest {

  private static final FieldDescriptorProto.Type[] SCALARS = {
    FieldDescriptorProto.Type.TYPE_DOUBLE,
    FieldDescriptorProto.Type.TYPE_FLOAT,
    FieldDescriptorProto.Type.TYPE_INT64,
    FieldDescriptorProto.Type.TYPE_UINT64,
    FieldDescriptorProto.Type.TYPE_INT32,
    FieldDescriptorProto.Type.TYPE_FIXED64,
    FieldDescriptorProto.Type.TYPE_FIXED32,
    FieldDescriptorProto.Type.TYPE_BOOL,
    FieldDescriptorProto.Type.TYPE_STRING,
    FieldDescriptorProto.Type.TYPE_BYTES,
    FieldDescriptorProto.Type.TYPE_UINT32,
    FieldDescriptorProto.Type.TYPE_ENUM,
    FieldDescriptorProto.Type.TYPE_SFIXED32,
    FieldDescriptorProto.Type.TYPE_SFIXED64,
    FieldDescriptorProto.Type.TYPE_SINT32,
    FieldDescriptorProto.Type.TYPE_SINT64
  };

  /** Makes types and messages of them. */
  private static final class Generator {
    private final Random random;

    Generator(Random random) {
      this.random = random;
    }

    Descriptor type() throws Exception {
      boolean proto3 = random.nextInt(4) != 0;
      FileDescriptorProto.Builder file =
          FileDescriptorProto.newBuilder()
              .setName("t.proto")
              .setPackage("t")
              .setSyntax(proto3 ? "proto3" : "proto2")
              .addEnumType(
                  EnumDescriptorProto.newBuilder()
                      .setName("E")
                      .addValue(EnumValueDescriptorProto.newBuilder().setName("ZERO").setNumber(0))
                      .addValue(EnumValueDescriptorProto.newBuilder().setName("ONE").setNumber(1))
                      .addValue(
                          EnumValueDescriptorProto.newBuilder().setName("MINUS").setNumber(-1)));
      for (int i = 0; i < 3; i++) {
        file.addMessageType(message("M" + i, proto3));
      }
      byte[] set = FileDescriptorSet.newBuilder().addFile(file).build().toByteArray();
      return ProtoSchemas.find(set, "t.M0");
    }

    private DescriptorProto message(String name, boolean proto3) {
      DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
      int number = 1;
      int count = 1 + random.nextInt(8);
      for (int i = 0; i < count; i++) {
        number += random.nextInt(10) == 0 ? 2000 : 1 + random.nextInt(3);
        FieldDescriptorProto.Builder field =
            FieldDescriptorProto.newBuilder().setName("f" + i).setNumber(number);
        switch (random.nextInt(8)) {
          case 0 -> {
            field.setLabel(Label.LABEL_REPEATED);
            type(field);
            if (random.nextBoolean()
                && field.getType() != FieldDescriptorProto.Type.TYPE_STRING
                && field.getType() != FieldDescriptorProto.Type.TYPE_BYTES) {
              field.getOptionsBuilder().setPacked(random.nextBoolean());
            }
          }
          case 1 ->
              field
                  .setLabel(random.nextBoolean() ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL)
                  .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
                  .setTypeName(".t.M" + random.nextInt(3));
          case 2 -> {
            FieldDescriptorProto.Builder value =
                FieldDescriptorProto.newBuilder()
                    .setName("value")
                    .setNumber(2)
                    .setLabel(Label.LABEL_OPTIONAL);
            type(value);
            message.addNestedType(
                DescriptorProto.newBuilder()
                    .setName("F" + i + "Entry")
                    .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                    .addField(
                        FieldDescriptorProto.newBuilder()
                            .setName("key")
                            .setNumber(1)
                            .setLabel(Label.LABEL_OPTIONAL)
                            .setType(
                                random.nextBoolean()
                                    ? FieldDescriptorProto.Type.TYPE_STRING
                                    : FieldDescriptorProto.Type.TYPE_INT32))
                    .addField(value));
            field
                .setLabel(Label.LABEL_REPEATED)
                .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
                .setTypeName(".t." + name + ".F" + i + "Entry");
          }
          default -> {
            field.setLabel(Label.LABEL_OPTIONAL);
            type(field);
            if (proto3 && random.nextBoolean()) {
              field.setProto3Optional(true).setOneofIndex(message.getOneofDeclCount());
              message.addOneofDecl(OneofDescriptorProto.newBuilder().setName("_f" + i));
            }
          }
        }
        message.addField(field);
      }
      return message.build();
    }

    private void type(FieldDescriptorProto.Builder field) {
      field.setType(SCALARS[random.nextInt(SCALARS.length)]);
      if (field.getType() == FieldDescriptorProto.Type.TYPE_ENUM) {
        field.setTypeName(".t.E");
      }
    }

    DynamicMessage message(Descriptor type, int depth) {
      DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
      for (FieldDescriptor field : type.getFields()) {
        if (field.isMapField()) {
          for (int i = random.nextInt(3); i > 0; i--) {
            Descriptor entry = field.getMessageType();
            message.addRepeatedField(
                field,
                DynamicMessage.newBuilder(entry)
                    .setField(
                        entry.findFieldByNumber(1),
                        entry.findFieldByNumber(1).getType() == FieldDescriptor.Type.STRING
                            ? (Object) ("k" + i)
                            : (Object) i)
                    .setField(entry.findFieldByNumber(2), value(entry.findFieldByNumber(2), depth))
                    .build());
          }
        } else if (field.isRepeated()) {
          for (int i = random.nextInt(4); i > 0; i--) {
            if (depth > 0 || field.getType() != FieldDescriptor.Type.MESSAGE) {
              message.addRepeatedField(field, value(field, depth));
            }
          }
        } else if (random.nextInt(3) > 0
            && (depth > 0 || field.getType() != FieldDescriptor.Type.MESSAGE)) {
          message.setField(field, value(field, depth));
        }
      }
      return message.build();
    }

    private Object value(FieldDescriptor field, int depth) {
      return switch (field.getJavaType()) {
        case INT -> random.nextInt() >> random.nextInt(32);
        case LONG -> {
          long number = random.nextLong() >> random.nextInt(64);
          yield switch (field.getType()) {
            case UINT64, FIXED64 -> number & Long.MAX_VALUE;
            default -> number;
          };
        }
        case FLOAT -> random.nextInt(4) == 0 ? 0f : random.nextFloat();
        case DOUBLE -> random.nextInt(4) == 0 ? Double.NaN : random.nextGaussian();
        case BOOLEAN -> random.nextBoolean();
        case STRING -> "ß😀".repeat(random.nextInt(3));
        case BYTE_STRING -> ByteString.copyFromUtf8("x".repeat(random.nextInt(4)));
        case ENUM -> field.getEnumType().getValues().get(random.nextInt(3));
        case MESSAGE -> message(field.getMessageType(), depth - 1);
      };
    }
  }

  /** The value that a column must have, by the documentation and not by the decoder. */
  private static @Nullable Object expected(Message message, FieldDescriptor field, boolean nested) {
    if (field.isMapField()) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      for (Object one : (List<?>) message.getField(field)) {
        Message entry = (Message) one;
        FieldDescriptor key = entry.getDescriptorForType().findFieldByNumber(1);
        FieldDescriptor value = entry.getDescriptorForType().findFieldByNumber(2);
        map.put(String.valueOf(entry.getField(key)), single(value, entry.getField(value), true));
      }
      return map;
    }
    if (field.isRepeated()) {
      List<@Nullable Object> list = new ArrayList<>();
      ((List<?>) message.getField(field)).forEach(v -> list.add(single(field, v, true)));
      return list;
    }
    if (field.hasPresence() && !message.hasField(field)) {
      return null;
    }
    return single(field, message.getField(field), nested);
  }

  private static Object single(FieldDescriptor field, Object value, boolean nested) {
    return switch (field.getType()) {
      case FLOAT -> (double) (Float) value;
      case INT32, SINT32, SFIXED32 -> (long) (Integer) value;
      case UINT32, FIXED32 -> Integer.toUnsignedLong((Integer) value);
      case ENUM -> ((EnumValueDescriptor) value).getName();
      case BYTES -> {
        byte[] bytes = ((ByteString) value).toByteArray();
        yield nested ? Base64.getEncoder().encodeToString(bytes) : bytes;
      }
      case MESSAGE -> members((Message) value);
      default -> value;
    };
  }

  private static Map<String, @Nullable Object> members(Message message) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    message
        .getDescriptorForType()
        .getFields()
        .forEach(field -> map.put(field.getName(), expected(message, field, true)));
    return map;
  }

  private static ProtoFormat format(Descriptor type) {
    return new ProtoFormat(null, FieldSettings.DEFAULT, type, null, null, null);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomMessages_areDecodedAsTheyWereWritten(long seed) throws Exception {
    for (int round = 0; round < 30; round++) {
      Generator generator = new Generator(new Random(seed * 1000 + round));
      Descriptor type = generator.type();
      byte[][] messages = new byte[20][];
      List<List<@Nullable Object>> expected = new ArrayList<>();
      for (int i = 0; i < messages.length; i++) {
        DynamicMessage message = generator.message(type, 3);
        messages[i] = message.toByteArray();
        List<@Nullable Object> row = new ArrayList<>();
        type.getFields().forEach(field -> row.add(expected(message, field, false)));
        expected.add(row);
      }
      ProtoFormat format = format(type);
      Schema all = ProtoSchemas.fields(type);
      Messages.Result result = Messages.decode(format, all, messages);
      assertThat(result.bad()).as("seed %d, %s", seed, type.toProto()).isEmpty();
      assertThat(Messages.comparable(result.rows()))
          .as("seed %d, round %d, %s", seed, round, type.toProto())
          .isEqualTo(Messages.comparable(expected));
      List<Field> some = new ArrayList<>(all.fields());
      Collections.shuffle(some, new Random(seed));
      Schema wanted = Schema.of(some.subList(0, some.size() / 2));
      Messages.Result projected = Messages.decode(format, wanted, messages);
      assertThat(projected.bad()).isEmpty();
      for (int r = 0; r < messages.length; r++) {
        for (int c = 0; c < wanted.size(); c++) {
          assertThat(Messages.comparable(projected.row(r).get(c)))
              .isEqualTo(
                  Messages.comparable(expected.get(r).get(all.ordinal(wanted.field(c).name()))));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void damagedMessages_areBadOrOther_andNothingElse(long seed) throws Exception {
    Random random = new Random(seed);
    for (int round = 0; round < 40; round++) {
      Generator generator = new Generator(random);
      Descriptor type = generator.type();
      byte[][] messages = new byte[50][];
      for (int i = 0; i < messages.length; i++) {
        messages[i] = AvroFormatTest.damaged(generator.message(type, 3).toByteArray(), random);
      }
      for (Schema wanted : List.of(ProtoSchemas.fields(type), Schema.of())) {
        Messages.Result result = Messages.decode(format(type), wanted, messages);
        assertThat(result.bad()).allMatch(bad -> bad.contains(" FLX-FORMAT-00"));
        assertThat(result.batch().rowCount() + result.bad().size()).isEqualTo(messages.length);
      }
    }
  }

  private static FieldDescriptorProto.Builder field(
      String name, int number, FieldDescriptorProto.Type type) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setLabel(Label.LABEL_OPTIONAL)
        .setType(type);
  }

  private static byte[] files(DescriptorProto... messages) {
    FileDescriptorProto.Builder file =
        FileDescriptorProto.newBuilder()
            .setName("t.proto")
            .setPackage("t")
            .setSyntax("proto3")
            .addDependency("google/protobuf/timestamp.proto")
            .addDependency("google/protobuf/duration.proto")
            .addDependency("google/protobuf/wrappers.proto")
            .addDependency("google/protobuf/struct.proto");
    Arrays.asList(messages).forEach(file::addMessageType);
    return FileDescriptorSet.newBuilder().addFile(file).build().toByteArray();
  }

  private static FieldDescriptorProto.Builder wellKnown(String name, int number, String type) {
    return field(name, number, FieldDescriptorProto.Type.TYPE_MESSAGE)
        .setTypeName(".google.protobuf." + type);
  }

  @Test
  void wellKnownTypes_areWhatTheyStandFor() {
    Descriptor type =
        ProtoSchemas.find(
            files(
                DescriptorProto.newBuilder()
                    .setName("W")
                    .addField(wellKnown("at", 1, "Timestamp"))
                    .addField(wellKnown("took", 2, "Duration"))
                    .addField(wellKnown("number", 3, "Int64Value"))
                    .addField(wellKnown("text", 4, "StringValue"))
                    .addField(wellKnown("open", 5, "Struct"))
                    .build()),
            null);
    Struct open =
        Struct.newBuilder()
            .putFields("n", Value.newBuilder().setNumberValue(1.5).build())
            .putFields(
                "l",
                Value.newBuilder()
                    .setListValue(
                        ListValue.newBuilder()
                            .addValues(Value.newBuilder().setBoolValue(true))
                            .addValues(Value.newBuilder().setNullValueValue(0)))
                    .build())
            .build();
    Instant at = Instant.parse("1969-12-31T23:59:59.999999Z");
    DynamicMessage message =
        DynamicMessage.newBuilder(type)
            .setField(
                type.findFieldByNumber(1),
                Timestamp.newBuilder()
                    .setSeconds(at.getEpochSecond())
                    .setNanos(at.getNano())
                    .build())
            .setField(
                type.findFieldByNumber(2),
                com.google.protobuf.Duration.newBuilder().setSeconds(-1).setNanos(-500).build())
            .setField(type.findFieldByNumber(3), Int64Value.of(0))
            .setField(type.findFieldByNumber(4), StringValue.of("x"))
            .setField(type.findFieldByNumber(5), open)
            .build();
    Schema fields = ProtoSchemas.fields(type);
    assertThat(fields.toString())
        .isEqualTo("(at timestamp_tz, took long, number long, text string, open nested)");
    Messages.Result result =
        Messages.decode(format(type), fields, message.toByteArray(), new byte[0]);
    Map<String, @Nullable Object> struct = new LinkedHashMap<>();
    struct.put("n", 1.5);
    struct.put("l", Arrays.asList(true, null));
    assertThat(result.rows())
        .isEqualTo(
            List.of(
                Arrays.asList(at, -1_000_001L, 0L, "x", struct),
                Arrays.asList(null, null, null, null, null)));
  }

  @Test
  void partsOfAMessage_areMerged_andTheLastOfAScalarCounts() {
    Descriptor type =
        ProtoSchemas.find(
            files(
                DescriptorProto.newBuilder()
                    .setName("M")
                    .addField(field("a", 1, FieldDescriptorProto.Type.TYPE_INT64))
                    .addField(
                        field("m", 2, FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName(".t.M"))
                    .build()),
            null);
    byte[] message = {8, 1, 18, 2, 8, 5, 18, 4, 18, 2, 8, 6, 8, 9};
    assertThat(Messages.decode(format(type), ProtoSchemas.fields(type), message).rows().toString())
        .isEqualTo("[[9, {a=5, m={a=6, m=null}}]]");
  }

  @Test
  void unknownEnumNumber_isItsText_andUnsignedBeyond63Bits_isBad() throws Exception {
    Descriptor type =
        ProtoSchemas.find(
            FileDescriptorSet.newBuilder()
                .addFile(
                    FileDescriptorProto.newBuilder()
                        .setName("e.proto")
                        .setSyntax("proto3")
                        .addEnumType(
                            EnumDescriptorProto.newBuilder()
                                .setName("E")
                                .addValue(
                                    EnumValueDescriptorProto.newBuilder()
                                        .setName("ZERO")
                                        .setNumber(0)))
                        .addMessageType(
                            DescriptorProto.newBuilder()
                                .setName("M")
                                .addField(
                                    field("e", 1, FieldDescriptorProto.Type.TYPE_ENUM)
                                        .setTypeName(".E"))
                                .addField(field("u", 2, FieldDescriptorProto.Type.TYPE_UINT64))))
                .build()
                .toByteArray(),
            "M");
    Schema fields = ProtoSchemas.fields(type);
    assertThat(Messages.decode(format(type), fields, new byte[] {8, 77}).rows().toString())
        .isEqualTo("[[77, 0]]");
    byte[] large = {16, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
    assertThat(Messages.decode(format(type), fields, large).bad())
        .singleElement()
        .asString()
        .contains("FLX-FORMAT-0003", "18446744073709551615");
  }

  @Test
  void wrongFilesAndTypes_areRefusedByName() {
    DescriptorProto one = DescriptorProto.newBuilder().setName("One").build();
    DescriptorProto two = DescriptorProto.newBuilder().setName("Two").build();
    assertThatThrownBy(() -> ProtoSchemas.find(files(one, two), null))
        .hasMessageContaining("t.One, t.Two");
    assertThatThrownBy(() -> ProtoSchemas.find(files(one), "t.Three"))
        .hasMessageContaining("no type 't.Three'");
    assertThatThrownBy(() -> ProtoSchemas.find(new byte[] {1, 2, 3}, null))
        .hasMessageContaining("descriptor_set_out");
    Descriptor type = ProtoSchemas.find(files(one, two), "t.Two");
    Schema wanted = Schema.of(new Field("x", DataType.STRING));
    assertThatThrownBy(() -> format(type).decoder(wanted, false, null))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-FORMAT-0111");
  }
}
