package io.fluxcore.adapters.out.influxdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.kit.DescriptorContract;
import io.fluxcore.application.connector.kit.HttpReceiver;
import io.fluxcore.application.connector.kit.HttpReceiver.Answer;
import io.fluxcore.application.connector.kit.HttpReceiver.Request;
import io.fluxcore.application.connector.kit.IdempotentSinkContract;
import io.fluxcore.application.connector.kit.InfluxServer;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The sink against a real InfluxDB of version 1; the requests of version 2 by the wire alone. */
@Timeout(120)
final class InfluxDbSinkIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Schema ROWS =
      Schema.of(new Field("id", DataType.LONG), new Field("name", DataType.STRING));

  private static InfluxServer server;

  @BeforeAll
  static void start() {
    server = InfluxServer.start();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @BeforeEach
  void emptyDatabase() {
    server.query("", "DROP DATABASE test");
    server.query("", "CREATE DATABASE test");
  }

  private static Map<String, Object> options(Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("url", server.url());
    options.put("database", "test");
    options.put("measurement", "rows");
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i].toString(), more[i + 1]);
    }
    return options;
  }

  private static Sink sink(Schema schema, Map<String, Object> options) {
    InfluxDbSinkConnector connector = new InfluxDbSinkConnector();
    return connector.create(OptionParser.parse(connector.descriptor(), options).orThrow(), schema);
  }

  private static Sink sink(Object... more) {
    return sink(ROWS, options(more));
  }

  private static EventBatch rows(long from, long to) {
    EventBatchBuilder builder = new EventBatchBuilder(ROWS);
    LongStream.range(from, to).forEach(id -> builder.row(id, id, "name-" + id));
    return builder.build();
  }

  private static List<String> write(Sink sink, EventBatch... batches) {
    List<String> refused = new ArrayList<>();
    try (SinkWriter writer = sink.createWriter("sink", 0, 1)) {
      for (EventBatch batch : batches) {
        writer.write(
            batch,
            (rows, row, error) -> refused.add(rows.column(0).get(row) + " " + error.getMessage()));
      }
      writer.flush();
    }
    return refused;
  }

  /** The points of a measurement, by column. */
  private static List<Map<String, JsonNode>> points(String measurement) {
    JsonNode series =
        JSON.readTree(server.query("test", "SELECT * FROM \"" + measurement + "\""))
            .path("results")
            .path(0)
            .path("series")
            .path(0);
    List<Map<String, JsonNode>> points = new ArrayList<>();
    for (JsonNode values : series.path("values")) {
      Map<String, JsonNode> point = new LinkedHashMap<>();
      for (int i = 0; i < values.size(); i++) {
        point.put(series.path("columns").path(i).asString(), values.path(i));
      }
      points.add(point);
    }
    return points;
  }

  private static List<Map.Entry<Long, String>> entries() {
    return points("rows").stream()
        .map(point -> Map.entry(point.get("id").asLong(), point.get("name").asString()))
        .toList();
  }

  @Nested
  class Idempotent extends IdempotentSinkContract {
    @Override
    protected SinkConnector connector() {
      return new InfluxDbSinkConnector();
    }

    @Override
    protected Map<String, Object> options() {
      return InfluxDbSinkIT.options("tags", "id", "batchSize", 17);
    }

    @Override
    protected boolean isByKey() {
      return true;
    }

    @Override
    protected List<Map.Entry<Long, String>> visible() {
      return entries();
    }
  }

  @Test
  void descriptor_isComplete() {
    DescriptorContract.check(new InfluxDbSinkConnector().descriptor());
    DescriptorContract.checkWrongOptions(new InfluxDbSinkConnector().descriptor());
  }

  @Test
  void everyTypeAndNasty_comesBack() {
    Schema schema =
        Schema.of(
            new Field("a tag, = \"x\"", DataType.STRING),
            new Field("a field, = \"x\"", DataType.STRING),
            new Field("long", DataType.LONG),
            new Field("double", DataType.DOUBLE),
            new Field("bool", DataType.BOOLEAN),
            new Field("decimal", DataType.decimal(10, 2)),
            new Field("day", DataType.DATE),
            new Field("at", DataType.TIMESTAMP_TZ),
            new Field("bytes", DataType.BYTES),
            new Field("nested", DataType.NESTED));
    String nasty = "comma, = space \"quote\" back\\slash 日本 😀";
    Instant at = Instant.parse("1969-12-31T23:59:59.000001Z");
    List<String> refused =
        write(
            sink(
                schema,
                options(
                    "measurement",
                    "m, = \"x\"",
                    "tags",
                    List.of("a tag, = \"x\""),
                    "timeField",
                    "at",
                    "precision",
                    "us",
                    "fields",
                    List.of(
                        "a field, = \"x\"",
                        "long",
                        "double",
                        "bool",
                        "decimal",
                        "day",
                        "bytes",
                        "nested"))),
            new EventBatchBuilder(schema)
                .row(
                    5,
                    nasty,
                    nasty + "\nline",
                    Long.MIN_VALUE,
                    -1.5e300,
                    true,
                    new BigDecimal("12.50"),
                    LocalDate.of(2024, 2, 29),
                    at,
                    new byte[] {1, 2},
                    Map.of("list", List.of(1L, "a")))
                .row(5, null, "b", null, null, null, null, null, at.plusSeconds(1), null, null)
                .build());
    assertThat(refused).isEmpty();
    List<Map<String, JsonNode>> points = points("m, = \\\"x\\\"");
    assertThat(points).hasSize(2);
    Map<String, JsonNode> first = points.get(0);
    assertThat(first.get("time").asLong()).isEqualTo(-999_999_000L);
    assertThat(first.get("a tag, = \"x\"").asString()).isEqualTo(nasty);
    assertThat(first.get("a field, = \"x\"").asString()).isEqualTo(nasty + "\nline");
    assertThat(first.get("long").asLong()).isEqualTo(Long.MIN_VALUE);
    assertThat(first.get("double").asDouble()).isEqualTo(-1.5e300);
    assertThat(first.get("bool").asBoolean()).isTrue();
    assertThat(first.get("decimal").asDouble()).isEqualTo(12.5);
    assertThat(first.get("day").asString()).isEqualTo("2024-02-29");
    assertThat(first.get("bytes").asString()).isEqualTo("AQI=");
    assertThat(first.get("nested").asString()).isEqualTo("{\"list\":[1,\"a\"]}");
    assertThat(points.get(1).get("long").isNull()).isTrue();
    assertThat(points.get(1).get("a tag, = \"x\"").isNull()).isTrue();
  }

  @Test
  void rowsThatMakeNoPoint_areTold() {
    Schema schema =
        Schema.of(
            new Field("id", DataType.LONG),
            new Field("tag", DataType.STRING),
            new Field("value", DataType.DOUBLE));
    List<String> refused =
        write(
            sink(schema, options("tags", "tag", "fields", "value")),
            new EventBatchBuilder(schema)
                .row(1, 1L, "a", null)
                .row(1, 2L, "a", Double.NaN)
                .row(1, 3L, "a\nb", 1.0)
                .row(1, 4L, "a\\", 1.0)
                .row(EventBatch.NO_TIMESTAMP, 5L, "a", 1.0)
                .row(RowKind.DELETE, 1, 6L, "a", 1.0)
                .row(Long.MAX_VALUE - 1, 7L, "a", 1.0)
                .row(1, 8L, "a", 1.0)
                .build());
    assertThat(refused)
        .extracting(line -> line.substring(0, 1))
        .containsExactly("1", "2", "3", "4", "5", "6", "7");
    assertThat(refused.subList(0, 5)).allMatch(line -> line.contains("FLX-INFLUX-0101"));
    assertThat(refused.get(5)).contains("FLX-SINK-0001");
    assertThat(points("rows")).hasSize(1);
  }

  @Test
  void pointThatTheServerRefuses_isFoundAndTold_andTheOthersAreWritten() {
    write(sink("measurement", "rows"), rows(0, 1));
    Schema other =
        Schema.of(
            new Field("id", DataType.DOUBLE),
            new Field("kind", DataType.STRING),
            new Field("name", DataType.STRING));
    EventBatchBuilder builder = new EventBatchBuilder(other);
    for (int i = 1; i < 50; i++) {
      builder.row(i, (double) i, i == 20 || i == 33 ? "rows" : "others", "n");
    }
    List<String> refused = write(sink(other, options("measurement", "{kind}")), builder.build());
    assertThat(refused).hasSize(2);
    assertThat(refused.get(0))
        .startsWith("20.0 ")
        .contains("FLX-INFLUX-0102", "field type conflict", "type float");
    assertThat(refused.get(1)).startsWith("33.0 ");
    assertThat(points("others")).hasSize(47);
  }

  @Test
  void retentionPolicyAndPrecision_areThoseOfTheOptions() {
    server.query("test", "CREATE RETENTION POLICY long ON test DURATION INF REPLICATION 1");
    EventBatch batch = new EventBatchBuilder(ROWS).row(1_500, 1L, "a").row(1_900, 2L, "b").build();
    write(sink("retentionPolicy", "long", "precision", "s", "gzip", true), batch);
    assertThat(server.query("test", "SELECT * FROM test.\"long\".rows"))
        .contains("\"values\":[[1000000000,2,\"b\"]]");
  }

  /** The server at hand does not speak version 2: what is sent is looked at. */
  @Test
  void version2_hasItsOwnPathAndToken() {
    try (HttpReceiver receiver = HttpReceiver.start(request -> Answer.of(204))) {
      Map<String, Object> options = options("url", receiver.url() + "/");
      options.remove("database");
      options.putAll(
          Map.of("bucket", "b 1", "org", "o/1", "token", "t==", "precision", "s", "tags", "name"));
      assertThat(write(sink(ROWS, options), rows(1_000, 1_001))).isEmpty();
      Request request = receiver.requests().get(0);
      assertThat(request.method()).isEqualTo("POST");
      assertThat(request.target()).isEqualTo("/api/v2/write?org=o%2F1&bucket=b+1&precision=s");
      assertThat(request.header("authorization")).isEqualTo("Token t==");
      assertThat(request.text()).isEqualTo("rows,name=name-1000 id=1000i 1\n");
    }
  }

  @Test
  void wrongOptions_areAllSaid() {
    assertThatThrownBy(
            () ->
                sink(
                    "url",
                    "http://me:secret@host",
                    "bucket",
                    "b",
                    "tags",
                    "nowhere",
                    "timeField",
                    "id",
                    "batchSize",
                    0,
                    "token",
                    "t",
                    "user",
                    "u"))
        .hasMessageContainingAll(
            "'url'", "'database'", "'org'", "'tags'", "'timeField'", "'batchSize'", "'token'")
        .hasMessageNotContaining("secret@");
  }
}
