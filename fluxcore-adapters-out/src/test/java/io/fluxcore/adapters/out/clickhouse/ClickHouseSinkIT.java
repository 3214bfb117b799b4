package io.fluxcore.adapters.out.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.out.format.JsonReadBack;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.kit.ClickHouseServer;
import io.fluxcore.application.connector.kit.HttpReceiver;
import io.fluxcore.application.connector.kit.HttpReceiver.Answer;
import io.fluxcore.application.connector.kit.HttpReceiver.Request;
import io.fluxcore.application.connector.kit.SinkConnectorContract;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The sink against a real ClickHouse. */
@Timeout(120)
final class ClickHouseSinkIT {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final Schema ROWS =
      Schema.of(
          new Field("id", DataType.LONG),
          new Field("name", DataType.STRING),
          new Field("amount", DataType.decimal(12, 3)));

  private static ClickHouseServer server;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    server = ClickHouseServer.start();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static void table(String columns) {
    server.query("DROP TABLE IF EXISTS results");
    server.query("CREATE TABLE results (" + columns + ") ENGINE = Log");
  }

  @BeforeEach
  void emptyTable() {
    table("id Int64, name Nullable(String), amount Nullable(Decimal(12, 3))");
  }

  private static Map<String, Object> options(Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("url", server.url());
    options.put("table", "results");
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i].toString(), more[i + 1]);
    }
    return options;
  }

  private static Sink sink(Schema schema, Object... more) {
    ClickHouseSinkConnector connector = new ClickHouseSinkConnector();
    return connector.create(
        OptionParser.parse(connector.descriptor(), options(more)).orThrow(), schema);
  }

  private static Sink sink(Object... more) {
    return sink(ROWS, more);
  }

  private static EventBatch rows(long from, long to) {
    EventBatchBuilder builder = new EventBatchBuilder(ROWS);
    LongStream.range(from, to)
        .forEach(id -> builder.row(0, id, "name-" + id, new BigDecimal("1.500")));
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

  private static void assertWritten(long rows) {
    assertThat(server.query("SELECT count(), sum(id), uniqExact(id) FROM results").strip())
        .isEqualTo(rows + "\t" + rows * (rows - 1) / 2 + "\t" + rows);
  }

  @Nested
  class OfConnectors extends SinkConnectorContract {
    private static final Instant LAST = Instant.parse("2105-12-31T23:59:59Z");

    @Override
    protected SinkConnector connector() {
      return new ClickHouseSinkConnector();
    }

    /** A column for each field of both schemas; TinyLog is read in order, Log by many threads. */
    @Override
    protected Map<String, Object> options() {
      if (server.query("EXISTS TABLE results_all").strip().equals("0")) {
        server.query(
            "CREATE TABLE results_all (id Nullable(Int64), name Nullable(String), bool"
                + " Nullable(UInt8), long Nullable(Int64), double Nullable(Float64), decimal"
                + " Nullable(Decimal(12, 3)), wide Nullable(Decimal(38, 10)), string"
                + " Nullable(String), bytes Nullable(String), date Nullable(Date), timestamp"
                + " Nullable(DateTime), instant Nullable(DateTime), nested Nullable(String))"
                + " ENGINE = TinyLog");
      }
      return ClickHouseSinkIT.options("table", "results_all");
    }

    @BeforeEach
    void empty() {
      server.query("DROP TABLE IF EXISTS results_all");
    }

    @Override
    protected Object holdable(DataType type, Object value) {
      return switch (type.kind()) {
        case DATE -> clamp((LocalDate) value);
        case TIMESTAMP ->
            LocalDateTime.ofInstant(
                clamp(((LocalDateTime) value).toInstant(ZoneOffset.UTC)), ZoneOffset.UTC);
        case TIMESTAMP_TZ -> clamp((Instant) value);
        case DOUBLE -> shortened((Double) value);
        case DECIMAL -> ((BigDecimal) value).remainder(BigDecimal.valueOf(100_000_000));
        default -> value;
      };
    }

    /** Version 18 reads about 15 digits of a float exactly; it writes 18 of a decimal. */
    private static Double shortened(double value) {
      return Double.isFinite(value) ? (double) (long) (value % 1e6) : value;
    }

    private static LocalDate clamp(LocalDate date) {
      return date.isBefore(LocalDate.EPOCH)
          ? LocalDate.EPOCH.plusDays(1)
          : date.isAfter(LocalDate.of(2105, 12, 31)) ? LocalDate.of(2105, 12, 31) : date;
    }

    private static Instant clamp(Instant instant) {
      Instant whole = Instant.ofEpochSecond(instant.getEpochSecond());
      return whole.isBefore(Instant.EPOCH)
          ? Instant.EPOCH.plusSeconds(1)
          : whole.isAfter(LAST) ? LAST : whole;
    }

    @Override
    protected List<List<@Nullable Object>> visibleRows(Schema schema) {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      String names =
          String.join(", ", schema.fieldNames().stream().map(ClickHouseSinkIT::read).toList());
      String lines = server.query("SELECT " + names + " FROM results_all FORMAT JSONEachRow");
      for (String line : lines.split("\n")) {
        if (!line.isEmpty()) {
          rows.add(row(schema, JSON.readTree(line)));
        }
      }
      return rows;
    }

    private static List<@Nullable Object> row(Schema schema, JsonNode line) {
      List<@Nullable Object> row = new ArrayList<>();
      for (Field field : schema.fields()) {
        JsonNode node = line.path(field.name());
        row.add(node.isNull() ? null : value(field.type(), node));
      }
      return row;
    }

    private static Object value(DataType type, JsonNode node) {
      String text = node.asString();
      return switch (type.kind()) {
        case BOOLEAN -> node.asLong() == 1;
        case LONG -> node.asLong();
        case DOUBLE -> floating(text);
        case DECIMAL -> new BigDecimal(text).setScale(type.scale());
        case STRING -> text;
        case BYTES -> Base64.getDecoder().decode(text);
        case DATE -> LocalDate.parse(text);
        case TIMESTAMP -> LocalDateTime.parse(text.replace(' ', 'T'));
        case TIMESTAMP_TZ -> LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
        case NESTED -> JsonReadBack.text(type, text);
      };
    }

    private static double floating(String text) {
      return switch (text) {
        case "nan" -> Double.NaN;
        case "inf" -> Double.POSITIVE_INFINITY;
        case "-inf" -> Double.NEGATIVE_INFINITY;
        default -> Double.parseDouble(text);
      };
    }
  }

  /** Decimals and floats as texts, which no reader rounds. */
  private static String read(String field) {
    return switch (field) {
      case "double", "decimal", "wide" -> "toString(" + field + ") AS " + field;
      default -> field;
    };
  }

  @Test
  void manyRows_areInserted_alsoCompressed() {
    assertThat(write(sink("batchSize", 1_000, "gzip", true), rows(0, 2_500))).isEmpty();
    assertThat(write(sink("batchBytes", "1kb"), rows(2_500, 3_000))).isEmpty();
    assertWritten(3_000);
    assertThat(server.query("SELECT sum(amount) FROM results").strip()).isEqualTo("4500.000");
  }

  @Test
  void rowThatTheServerRefuses_isFoundAndTold_andTheOthersAreInserted() {
    table("id Int64, name FixedString(8), amount Nullable(Decimal(12, 3))");
    EventBatchBuilder builder = new EventBatchBuilder(ROWS);
    for (long id = 0; id < 100; id++) {
      builder.row(0, id, id == 37 || id == 99 ? "much too long" : "n" + id, null);
    }
    List<String> refused = write(sink(), builder.build());
    assertThat(refused).hasSize(2);
    assertThat(refused.get(0)).startsWith("37 ").contains("FLX-CLICKHOUSE-0102", "Code: 131");
    assertThat(refused.get(1)).startsWith("99 ");
    assertThat(server.query("SELECT count() FROM results").strip()).isEqualTo("98");
  }

  /** What the server would cut or change without a word. */
  @Test
  void valuesThatDoNotFit_areToldBeforeTheyAreSent() {
    Schema schema =
        Schema.of(
            new Field("id", DataType.LONG),
            new Field("small", DataType.LONG),
            new Field("day", DataType.DATE),
            new Field("at", DataType.TIMESTAMP_TZ),
            new Field("amount", DataType.decimal(12, 3)));
    table("id Int64, small UInt8, day Date, at DateTime, amount Decimal(5, 2)");
    LocalDate day = LocalDate.of(2026, 1, 31);
    Instant at = Instant.parse("2026-01-31T10:00:00Z");
    BigDecimal amount = new BigDecimal("999.990");
    List<String> refused =
        write(
            sink(schema),
            new EventBatchBuilder(schema)
                .row(0, 0L, 255L, day, at, amount)
                .row(0, 1L, 256L, day, at, amount)
                .row(0, 2L, -1L, day, at, amount)
                .row(0, 3L, 1L, LocalDate.of(1969, 12, 31), at, amount)
                .row(0, 4L, 1L, day, Instant.parse("2106-02-08T00:00:00Z"), amount)
                .row(0, 5L, 1L, day, at, new BigDecimal("1.005"))
                .row(0, 6L, 1L, day, at, new BigDecimal("1000.000"))
                .row(0, 7L, null, day, at, amount)
                .build());
    assertThat(refused).hasSize(7).allMatch(line -> line.contains("FLX-CLICKHOUSE-0101"));
    assertThat(refused)
        .extracting(line -> line.substring(0, 2).strip())
        .containsExactly("1", "2", "3", "4", "5", "6", "7");
    assertThat(server.query("SELECT * FROM results").strip())
        .isEqualTo("0\t255\t2026-01-31\t2026-01-31 10:00:00\t999.99");
  }

  @Test
  void columns_areThoseOfTheMap_andOthersKeepTheirDefaults() {
    table(
        "number Int64, name Nullable(String), amount Nullable(Decimal(12, 3)), kind String"
            + " DEFAULT 'new', twice Int64 MATERIALIZED number * 2");
    assertThat(write(sink("columns", Map.of("id", "number")), rows(7, 8))).isEmpty();
    assertThat(server.query("SELECT number, name, kind, twice FROM results").strip())
        .isEqualTo("7\tname-7\tnew\t14");
  }

  @Test
  void tableThatDoesNotFit_isSaidAtSubmission() {
    table("id Date, number Int64");
    assertThatThrownBy(sink()::check)
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContainingAll(
            "FLX-CLICKHOUSE-0003",
            "column 'id' is a Date, which takes no long",
            "no column 'name'",
            "no column 'amount'",
            "number (Int64)");
  }

  @Test
  void password_isAskedFor() throws Exception {
    Path file = Files.writeString(folder.resolve("password"), ClickHouseServer.PASSWORD);
    Sink right = sink("user", ClickHouseServer.USER, "passwordFile", file.toString());
    right.check();
    assertThat(write(right, rows(0, 10))).isEmpty();
    Sink wrong = sink("user", ClickHouseServer.USER, "password", "guessed");
    assertThatThrownBy(wrong::check)
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-CLICKHOUSE-0001")
        .hasMessageNotContaining("guessed");
    assertThatThrownBy(() -> write(wrong, rows(0, 1))).hasMessageContaining("FLX-CLICKHOUSE-0001");
    assertWritten(10);
  }

  /** By the requests alone: the server at hand knows no tokens. */
  @Test
  void settingsAndToken_goWithEachInsertion() {
    Function<Request, Answer> behind = HttpReceiver.forwardTo(server.url());
    List<String> targets = new ArrayList<>();
    try (HttpReceiver gate =
        HttpReceiver.start(
            request -> {
              targets.add(request.target());
              String known = request.target().replaceAll("&insert_deduplication_token=[^&]*", "");
              return behind.apply(
                  new Request(request.method(), known, request.headers(), request.body()));
            })) {
      Sink sink =
          sink(
              "url",
              gate.url(),
              "deduplicationToken",
              true,
              "settings",
              Map.of("max_insert_block_size", 5000));
      assertThat(write(sink, rows(0, 3))).isEmpty();
      assertThat(write(sink, rows(3, 4))).isEmpty();
    }
    List<String> inserts = targets.stream().filter(target -> target.contains("INSERT")).toList();
    assertThat(inserts).hasSize(2).doesNotHaveDuplicates();
    assertThat(inserts)
        .allMatch(target -> target.contains("max_insert_block_size=5000"))
        .allMatch(target -> target.matches(".*insert_deduplication_token=[0-9a-f]{64}.*"));
    assertWritten(4);
  }

  @Test
  void hugeAndUnicodeRows_areInserted() {
    String huge = "é".repeat(2_000_000);
    EventBatch batch =
        new EventBatchBuilder(ROWS).row(0, 0L, huge, null).row(0, 1L, "日本 😀 '\"\\`", null).build();
    assertThat(write(sink(), batch)).isEmpty();
    assertThat(server.query("SELECT max(length(name)) FROM results").strip())
        .isEqualTo("" + huge.getBytes(StandardCharsets.UTF_8).length);
    assertThat(server.query("SELECT name FROM results WHERE id = 1 FORMAT JSONEachRow"))
        .contains("日本 😀 '\\\"\\\\`");
  }

  @Test
  void writerThatIsClosedTwice_andHasNothing() {
    SinkWriter writer = sink().createWriter("sink", 0, 1);
    writer.flush();
    writer.write(rows(0, 0), RecordFailures.FAIL);
    writer.close();
    writer.close();
    assertThat(server.query("SELECT count() FROM results").strip()).isEqualTo("0");
  }
}
