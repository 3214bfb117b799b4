package io.fluxcore.adapters.out.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.PlainValues;
import io.fluxcore.domain.event.Values;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Compares the encoder with what Avro's own reader reads. */
final class AvroRowEncoderTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static GenericRecord read(Schema schema, byte[] message) {
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(message, null);
    try {
      GenericRecord record = new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
      assertThat(decoder.isEnd()).isTrue();
      return record;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static @Nullable Object value(DataType type, @Nullable Object avro) {
    if (avro == null) {
      return null;
    }
    return switch (type.kind()) {
      case STRING -> avro.toString();
      case BYTES -> ((ByteBuffer) avro).array();
      case DECIMAL -> new BigDecimal(new BigInteger(((ByteBuffer) avro).array()), type.scale());
      case DATE, TIMESTAMP, TIMESTAMP_TZ -> Values.ofLong(type, ((Number) avro).longValue());
      case NESTED ->
          PlainValues.parse(
              new Field("n", DataType.NESTED), JSON.readValue(avro.toString(), Object.class));
      default -> avro;
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void rowsOfEveryType_areReadBackByAvro(long seed) {
    io.fluxcore.domain.event.Schema rows = EncodedRows.EVERY_TYPE;
    Schema schema = AvroSchemas.of(rows, "com.example.Row");
    assertThat(new Schema.Parser().parse(schema.toString())).isEqualTo(schema);
    List<List<@Nullable Object>> values = EncodedRows.random(rows, seed, 300);
    EncodedRows.Encoded encoded =
        EncodedRows.encode(
            new AvroRowEncoder(rows, schema, new byte[0]), EncodedRows.batch(rows, values));
    assertThat(encoded.errors()).isEmpty();
    assertThat(encoded.messages()).hasSize(values.size());
    for (int i = 0; i < values.size(); i++) {
      GenericRecord record = read(schema, encoded.messages().get(i));
      for (int c = 0; c < rows.size() - 1; c++) {
        assertThat(value(rows.type(c), record.get(rows.field(c).name())))
            .as("seed %d, row %d, %s", seed, i, rows.field(c))
            .isEqualTo(values.get(i).get(c));
      }
    }
  }

  private static Schema record(String... fields) {
    return new Schema.Parser()
        .parse(
            ("{'type':'record','name':'R','fields':[" + String.join(",", fields) + "]}")
                .replace('\'', '"'));
  }

  @Test
  void givenSchema_isWrittenByName_withItsDefaultsAndNestedTypes() {
    Schema schema =
        record(
            "{'name':'extra','type':'string','default':'none'}",
            "{'name':'small','type':['int','null']}",
            "{'name':'kind','type':{'type':'enum','name':'K','symbols':['X','Y']}}",
            "{'name':'price','type':{'type':'fixed','name':'P','size':5,'logicalType':'decimal',"
                + "'precision':10,'scale':2}}",
            "{'name':'at','type':{'type':'long','logicalType':'timestamp-millis'}}",
            "{'name':'n','type':{'type':'record','name':'N','fields':["
                + "{'name':'list','type':{'type':'array','items':['null','long','string']}},"
                + "{'name':'map','type':{'type':'map','values':'double'}},"
                + "{'name':'d','type':'int','default':5}]}}");
    io.fluxcore.domain.event.Schema rows =
        io.fluxcore.domain.event.Schema.of(
            new Field("n", DataType.NESTED),
            new Field("at", DataType.TIMESTAMP_TZ),
            new Field("price", DataType.decimal(10, 2)),
            new Field("kind", DataType.STRING),
            new Field("small", DataType.LONG));
    Map<String, Object> nested = new LinkedHashMap<>();
    nested.put("list", Arrays.asList(null, 7L, "x"));
    nested.put("map", Map.of("k", 1.5));
    java.time.Instant at = java.time.Instant.parse("2026-01-31T10:00:00.123Z");
    EncodedRows.Encoded encoded =
        EncodedRows.encode(
            new AvroRowEncoder(rows, schema, new byte[] {0, 1}),
            EncodedRows.batch(
                rows,
                List.of(
                    Arrays.asList(nested, at, new BigDecimal("-12.34"), "Y", null),
                    Arrays.asList(nested, at, new BigDecimal("1.00"), "Z", 1L),
                    Arrays.asList(nested, at, new BigDecimal("1.00"), "X", 1L << 40),
                    Arrays.asList(Map.of("list", 1L), at, new BigDecimal("1.00"), "X", 1L),
                    Arrays.asList(nested, null, new BigDecimal("1.00"), "X", 1L))));
    assertThat(encoded.messages()).hasSize(1);
    byte[] message = encoded.messages().get(0);
    assertThat(Arrays.copyOf(message, 2)).containsExactly(0, 1);
    GenericRecord record = read(schema, Arrays.copyOfRange(message, 2, message.length));
    assertThat(record.toString())
        .isEqualTo(
            "{\"extra\": \"none\", \"small\": null, \"kind\": \"Y\", \"price\": [-1, -1, -1, -5, 46],"
                + " \"at\": "
                + at.toEpochMilli()
                + ", \"n\": {\"list\": [null, 7, \"x\"], \"map\": {\"k\": 1.5}, \"d\": 5}}");
    assertThat(encoded.errors()).hasSize(4).allMatch(error -> error.contains("field '"));
  }

  @Test
  void rowsThatDoNotGoWithTheSchema_areRefusedWithAllReasons() {
    Schema schema = record("{'name':'a','type':'string'}", "{'name':'b','type':'int'}");
    io.fluxcore.domain.event.Schema rows =
        io.fluxcore.domain.event.Schema.of(
            new Field("b", DataType.DOUBLE), new Field("c", DataType.LONG));
    assertThatThrownBy(() -> new AvroRowEncoder(rows, schema, new byte[0]))
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.diagnostics()).hasSize(3));
    io.fluxcore.domain.event.Schema names =
        io.fluxcore.domain.event.Schema.of(
            new Field("a-b", DataType.DOUBLE), new Field("ç", DataType.LONG));
    assertThatThrownBy(() -> AvroSchemas.of(names, "1x"))
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.diagnostics()).hasSize(3));
  }

  @Test
  void retraction_isRefused() {
    io.fluxcore.domain.event.Schema rows =
        io.fluxcore.domain.event.Schema.of(new Field("a", DataType.LONG));
    EncodedRows.Encoded encoded =
        EncodedRows.encode(
            new AvroRowEncoder(rows, AvroSchemas.of(rows, "R"), new byte[0]),
            EncodedRows.deletion(rows, 1L));
    assertThat(encoded.messages()).isEmpty();
    assertThat(encoded.errors()).singleElement().asString().contains("-D");
  }
}
