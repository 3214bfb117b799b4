package io.fluxcore.adapters.in.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.Secret;
import io.fluxcore.application.schemaregistry.RegistryOptions;
import io.fluxcore.application.schemaregistry.kit.RegistryStub;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Changes as Kafka Connect's converter writes Debezium's envelopes in Avro. */
final class DebeziumAvroFormatTest {
  private static final String ENVELOPE =
      """
      {"type": "record", "name": "Envelope", "namespace": "shop.public.orders", "fields": [
        {"name": "before", "default": null, "type": ["null",
          {"type": "record", "name": "Value", "fields": [
            {"name": "id", "type": "long"},
            {"name": "name", "default": null, "type": ["null", "string"]},
            {"name": "day", "default": null, "type": ["null",
              {"type": "int", "connect.version": 1, "connect.name": "io.debezium.time.Date"}]},
            {"name": "at", "default": null, "type": ["null",
              {"type": "long", "connect.version": 1,
               "connect.name": "io.debezium.time.MicroTimestamp"}]},
            {"name": "price", "default": null, "type": ["null",
              {"type": "bytes", "scale": 2, "precision": 10, "logicalType": "decimal",
               "connect.name": "org.apache.kafka.connect.data.Decimal"}]}]}]},
        {"name": "after", "default": null, "type": ["null", "Value"]},
        {"name": "source", "type": {"type": "record", "name": "Source",
          "namespace": "io.debezium.connector.postgresql", "fields": [
            {"name": "version", "type": "string"},
            {"name": "ts_ms", "type": "long"},
            {"name": "db", "type": "string"},
            {"name": "schema", "type": "string"},
            {"name": "table", "type": "string"},
            {"name": "lsn", "default": null, "type": ["null", "long"]}]}},
        {"name": "op", "type": "string"},
        {"name": "ts_ms", "default": null, "type": ["null", "long"]}]}
      """;

  private static final Schema FIELDS =
      Schema.of(
          new Field("id", DataType.LONG),
          new Field("name", DataType.STRING),
          new Field("__op", DataType.STRING),
          new Field("__table", DataType.STRING),
          new Field("__source_ts_ms", DataType.LONG));

  private static org.apache.avro.Schema envelope() {
    return AvroSchemas.parse(ENVELOPE);
  }

  private static DebeziumAvroFormat format() {
    return new DebeziumAvroFormat(null, FieldSettings.DEFAULT, envelope(), null, null);
  }

  private static GenericRecord row(long id, @Nullable String name) {
    GenericRecord row =
        new GenericData.Record(envelope().getField("after").schema().getTypes().get(1));
    row.put("id", id);
    row.put("name", name);
    row.put("day", 20484);
    row.put("at", 1_000L);
    row.put("price", ByteBuffer.wrap(BigInteger.valueOf(201).toByteArray()));
    return row;
  }

  private static byte[] change(
      String op, @Nullable GenericRecord before, @Nullable GenericRecord after) {
    org.apache.avro.Schema schema = envelope();
    GenericRecord source = new GenericData.Record(schema.getField("source").schema());
    source.put("version", "3.6");
    source.put("ts_ms", 17L);
    source.put("db", "shop");
    source.put("schema", "public");
    source.put("table", "orders");
    GenericRecord change = new GenericData.Record(schema);
    change.put("before", before);
    change.put("after", after);
    change.put("source", source);
    change.put("op", op);
    change.put("ts_ms", 99L);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    try {
      new GenericDatumWriter<GenericRecord>(schema).write(change, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static List<String> rows(Messages.Result result) {
    List<String> rows = new ArrayList<>();
    for (int r = 0; r < result.batch().rowCount(); r++) {
      RowKind kind = result.batch().rowKind(r);
      rows.add(kind.sign() + result.row(r));
    }
    return rows;
  }

  @Test
  void changes_areRowsOfTheirKinds() {
    Messages.Result result =
        Messages.decode(
            format(),
            FIELDS,
            change("r", null, row(1, "a")),
            change("c", null, row(1, "ü")),
            change("u", row(1, "a"), row(1, "b")),
            new byte[0],
            change("u", null, row(1, null)),
            change("d", row(1, "b"), null),
            change("m", null, null));
    assertThat(result.bad()).isEmpty();
    assertThat(rows(result))
        .containsExactly(
            "+I[1, a, r, orders, 17]",
            "+I[1, ü, c, orders, 17]",
            "-U[1, a, u, orders, 17]",
            "+U[1, b, u, orders, 17]",
            "+U[1, null, u, orders, 17]",
            "-D[1, b, d, orders, 17]");
    assertThat(result.records()).containsExactly(0, 1, 2, 2, 4, 5);
  }

  @Test
  void timesAndDecimals_areWhatTheNamesOfTheirTypesSay_andFieldsThoseOfTheRow() {
    Schema fields = format().schema();
    assertThat(fields)
        .hasToString("(id long, name string, day date, at timestamp, price decimal(10,2))");
    Messages.Result result = Messages.decode(format(), fields, change("c", null, row(1, "a")));
    assertThat(result.bad()).isEmpty();
    assertThat(rows(result)).containsExactly("+I[1, a, 2026-01-31, 1970-01-01T00:00:00.001, 2.01]");
  }

  @Test
  void messageThatNoRowsCanTell_isBad_andLeavesNone() {
    byte[] whole = change("c", null, row(1, "a"));
    byte[] longer = Arrays.copyOf(whole, whole.length + 1);
    Messages.Result result =
        Messages.decode(
            format(),
            FIELDS,
            change("t", null, null),
            change("d", null, null),
            change("c", row(1, "a"), null),
            change("u", row(1, "a"), null),
            change("z", null, row(1, "a")),
            Arrays.copyOf(whole, whole.length - 1),
            longer,
            whole);
    assertThat(result.bad().stream().map(bad -> bad.split(" ")[0] + bad.split(" ")[1]).toList())
        .containsExactly(
            "0FLX-FORMAT-0022",
            "1FLX-FORMAT-0022",
            "2FLX-FORMAT-0022",
            "3FLX-FORMAT-0022",
            "4FLX-FORMAT-0001",
            "5FLX-FORMAT-0001",
            "6FLX-FORMAT-0001");
    assertThat(rows(result)).containsExactly("+I[1, a, c, orders, 17]");
    assertThat(result.records()).containsExactly(7);
  }

  @Test
  void schemaOfSomethingElse_isRefused() {
    for (String other :
        List.of(
            "{\"type\": \"record\", \"name\": \"R\", \"fields\": []}",
            "\"string\"",
            ENVELOPE.replace("\"op\"", "\"operation\""))) {
      DebeziumAvroFormat format =
          new DebeziumAvroFormat(null, FieldSettings.DEFAULT, AvroSchemas.parse(other), null, null);
      assertThatThrownBy(format::schema).hasMessageContaining("none of Debezium's changes");
    }
  }

  @Test
  void messagesOfARegistry_areReadEachByItsOwnSchema() {
    try (RegistryStub stub = RegistryStub.start()) {
      SchemaRegistry registry =
          new SchemaRegistry(
              new RegistryOptions(
                  List.of(URI.create(stub.url())),
                  null,
                  new Secret("registryPassword", null, null),
                  null));
      int id = stub.register("orders-value", "AVRO", ENVELOPE);
      int other = stub.register("others-value", "AVRO", "\"string\"");
      DebeziumAvroFormat format =
          new DebeziumAvroFormat(null, FieldSettings.DEFAULT, null, registry, "orders-value");
      assertThat(format.schema().fieldNames()).containsExactly("id", "name", "day", "at", "price");
      Messages.Result result =
          Messages.decode(
              format,
              FIELDS,
              numbered(id, change("u", row(1, "a"), row(1, "b"))),
              new byte[0],
              numbered(other, new byte[] {2, 'x'}),
              change("c", null, row(1, "a")));
      assertThat(rows(result))
          .containsExactly("-U[1, a, u, orders, 17]", "+U[1, b, u, orders, 17]");
      assertThat(result.bad()).hasSize(2);
      assertThat(result.bad().get(0)).startsWith("2 ").contains("none of Debezium's changes");
      assertThat(result.bad().get(1)).startsWith("3 ");
    }
  }

  private static byte[] numbered(int id, byte[] body) {
    return ByteBuffer.allocate(5 + body.length).put((byte) 0).putInt(id).put(body).array();
  }

  @Test
  void fieldOfAnotherType_isTold() {
    assertThatThrownBy(
            () -> format().decoder(Schema.of(new Field("id", DataType.BOOLEAN)), false, null))
        .hasMessageContaining("'id'");
  }
}
