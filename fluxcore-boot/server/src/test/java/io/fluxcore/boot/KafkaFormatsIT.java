package io.fluxcore.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.kit.KafkaServer;
import io.fluxcore.application.connector.kit.SourceReading.SplitContent;
import io.fluxcore.application.schemaregistry.kit.RegistryStub;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the kafka sink writes in each format, with a schema registry (a stub) and without, the kafka
 * source reads from a real broker: random rows of random schemas.
 */
@Timeout(120)
final class KafkaFormatsIT {
  private static final DataType[] TYPES = {
    DataType.BOOLEAN,
    DataType.LONG,
    DataType.DOUBLE,
    DataType.decimal(7, 2),
    DataType.decimal(38, 12),
    DataType.STRING,
    DataType.BYTES,
    DataType.DATE,
    DataType.TIMESTAMP,
    DataType.TIMESTAMP_TZ
  };
  private static final RoundTrip KAFKA = new RoundTrip("kafka");
  private static final int ROWS = 60;

  private static KafkaServer kafka;
  private static RegistryStub schemas;

  @BeforeAll
  static void start() {
    kafka = KafkaServer.start();
    schemas = RegistryStub.start();
  }

  @AfterAll
  static void end() {
    schemas.close();
    kafka.close();
  }

  private static Schema schema(Random random) {
    List<Field> fields = new ArrayList<>();
    for (int i = random.nextInt(12); i >= 0; i--) {
      fields.add(new Field("f" + i, TYPES[random.nextInt(TYPES.length)]));
    }
    return Schema.of(fields);
  }

  @ParameterizedTest
  @CsvSource({
    "json,none,false",
    "json,zstd,true",
    "csv,lz4,false",
    "avro,none,true",
    "avro,snappy,true",
    "protobuf,none,true",
    "protobuf,gzip,true"
  })
  void whatTheSinkWrites_theSourceReads(String format, String compression, boolean registry)
      throws Exception {
    for (int seed = 1; seed <= 4; seed++) {
      Random random = new Random(seed);
      Schema schema = schema(random);
      String topic = format + "-" + compression + "-" + seed;
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
      }
      Map<String, Object> options = new HashMap<>();
      options.put("bootstrapServers", kafka.bootstrapServers());
      options.put("topic", topic);
      options.put("format", format);
      if (registry) {
        options.put("registryUrl", schemas.url());
        options.put("subject", topic + "-value");
      }
      if (format.equals("csv")) {
        options.put("nullText", "null");
      }
      Map<String, Object> sink = new HashMap<>(options);
      sink.put("compression", compression);
      sink.put("guarantee", "at-least-once");
      List<EventRecord> written = KAFKA.write(sink, schema, random, ROWS, i -> i);
      Map<String, Object> source = new HashMap<>(options);
      source.put("bounded", true);
      if (format.equals("csv")) {
        source.put("columns", schema.fieldNames());
      }
      SplitContent read = KAFKA.read(source, schema);
      assertThat(read.bad()).as("%s of seed %s", schema, seed).isEmpty();
      assertThat(read.rows())
          .as("%s of seed %s", schema, seed)
          .usingElementComparator(
              (one, other) ->
                  EventRecord.of(schema, 0, values(one))
                          .equals(EventRecord.of(schema, 0, values(other)))
                      ? 0
                      : 1)
          .isEqualTo(written);
    }
  }

  private static @Nullable Object[] values(EventRecord record) {
    @Nullable Object[] values = new Object[record.schema().fieldNames().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = record.get(i);
    }
    return values;
  }
}
