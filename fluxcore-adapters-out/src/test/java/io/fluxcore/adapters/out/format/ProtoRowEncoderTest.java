package io.fluxcore.adapters.out.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import com.google.protobuf.Timestamp;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.PlainValues;
import io.fluxcore.domain.event.Schema;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the encoder with what Protobuf's own messages read. */
final class ProtoRowEncoderTest {

  private static DynamicMessage read(Descriptor type, byte[] message) {
    try {
      DynamicMessage read = DynamicMessage.parseFrom(type, message);
      assertThat(read.getUnknownFields().asMap()).isEmpty();
      return read;
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void rowsOfEveryType_areReadBackByProtobuf(long seed) {
    Schema rows = EncodedRows.EVERY_TYPE;
    Descriptor type = ProtoSchemas.of(rows, "com.example.Row");
    List<List<@Nullable Object>> values = EncodedRows.random(rows, seed, 300);
    EncodedRows.Encoded encoded =
        EncodedRows.encode(
            new ProtoRowEncoder(rows, type, new byte[0]), EncodedRows.batch(rows, values));
    assertThat(encoded.errors()).isEmpty();
    assertThat(encoded.messages()).hasSize(values.size());
    for (int i = 0; i < values.size(); i++) {
      DynamicMessage message = read(type, encoded.messages().get(i));
      for (int c = 0; c < rows.size() - 1; c++) {
        FieldDescriptor field = type.findFieldByName(rows.field(c).name());
        Object value = values.get(i).get(c);
        assertThat(message.hasField(field)).isEqualTo(value != null);
        if (value != null) {
          assertThat(plain(rows.type(c), message.getField(field)))
              .as("seed %d, row %d, %s", seed, i, rows.field(c))
              .isEqualTo(wanted(rows.type(c), value));
        }
      }
    }
  }

  private static Object plain(DataType type, Object value) {
    if (value instanceof ByteString bytes) {
      return bytes.toByteArray();
    }
    if (type.kind() == DataType.Kind.TIMESTAMP_TZ) {
      try {
        Timestamp time = Timestamp.parseFrom(((DynamicMessage) value).toByteString());
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }
    if (type.kind() == DataType.Kind.TIMESTAMP) {
      return java.time.LocalDateTime.parse((String) value);
    }
    return value;
  }

  private static @Nullable Object wanted(DataType type, Object value) {
    return switch (type.kind()) {
      case DECIMAL -> ((java.math.BigDecimal) value).toPlainString();
      case DATE -> PlainValues.plain(value);
      default -> value;
    };
  }

  private static FieldDescriptorProto.Builder field(String name, int number, Type type) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setLabel(Label.LABEL_OPTIONAL)
        .setType(type);
  }

  private static Descriptor type() {
    DescriptorProto.Builder message =
        DescriptorProto.newBuilder()
            .setName("M")
            .addField(field("small", 1, Type.TYPE_SINT32))
            .addField(field("share", 2, Type.TYPE_FLOAT))
            .addField(field("list", 3, Type.TYPE_FIXED32).setLabel(Label.LABEL_REPEATED))
            .addField(
                field("map", 4, Type.TYPE_MESSAGE)
                    .setLabel(Label.LABEL_REPEATED)
                    .setTypeName(".t.M.MapEntry"))
            .addField(field("inner", 5, Type.TYPE_MESSAGE).setTypeName(".t.M"))
            .addField(
                field("wrapped", 6, Type.TYPE_MESSAGE).setTypeName(".google.protobuf.StringValue"))
            .addField(field("took", 7, Type.TYPE_MESSAGE).setTypeName(".google.protobuf.Duration"))
            .addNestedType(
                DescriptorProto.newBuilder()
                    .setName("MapEntry")
                    .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                    .addField(field("key", 1, Type.TYPE_INT64))
                    .addField(field("value", 2, Type.TYPE_BOOL)));
    byte[] set =
        FileDescriptorSet.newBuilder()
            .addFile(
                FileDescriptorProto.newBuilder()
                    .setName("t.proto")
                    .setPackage("t")
                    .setSyntax("proto3")
                    .addDependency("google/protobuf/wrappers.proto")
                    .addDependency("google/protobuf/duration.proto")
                    .addMessageType(message))
            .build()
            .toByteArray();
    return ProtoSchemas.find(set, null);
  }

  @Test
  void givenType_isWrittenByName_withNestedMessages() {
    Schema rows =
        Schema.of(
            new Field("took", DataType.LONG),
            new Field("wrapped", DataType.STRING),
            new Field("inner", DataType.NESTED),
            new Field("map", DataType.NESTED),
            new Field("list", DataType.NESTED),
            new Field("small", DataType.LONG));
    Map<String, Object> inner = new LinkedHashMap<>();
    inner.put("small", -3L);
    inner.put("share", 0.5);
    EncodedRows.Encoded encoded =
        EncodedRows.encode(
            new ProtoRowEncoder(rows, type(), new byte[0]),
            EncodedRows.batch(
                rows,
                List.of(
                    Arrays.asList(
                        -1_500_000L, "", inner, Map.of("7", true), List.of(1L, 4294967295L), 0L),
                    Arrays.asList(null, null, null, null, null, null),
                    Arrays.asList(null, null, null, null, List.of("x"), null),
                    Arrays.asList(null, null, null, Map.of("x", true), null, null),
                    Arrays.asList(null, null, null, null, null, 1L << 31))));
    assertThat(encoded.messages()).hasSize(2);
    assertThat(
            TextFormat.printer()
                .emittingSingleLine(true)
                .printToString(read(type(), encoded.messages().get(0))))
        .isEqualTo(
            "list: 1 list: 4294967295 map { key: 7 value: true } inner { small: -3 share: 0.5 }"
                + " wrapped { } took { seconds: -1 nanos: -500000000 }");
    assertThat(encoded.messages().get(1)).isEmpty();
    assertThat(encoded.errors()).hasSize(3).allMatch(error -> error.contains("cannot hold"));
  }

  @Test
  void rowsThatDoNotGoWithTheType_areRefusedWithAllReasons() {
    Schema rows =
        Schema.of(
            new Field("small", DataType.DOUBLE),
            new Field("list", DataType.LONG),
            new Field("none", DataType.LONG));
    assertThatThrownBy(() -> new ProtoRowEncoder(rows, type(), new byte[0]))
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.diagnostics()).hasSize(3));
  }
}
