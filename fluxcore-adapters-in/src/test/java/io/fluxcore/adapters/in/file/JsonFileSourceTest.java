package io.fluxcore.adapters.in.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.kit.SourceConnectorContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.connector.kit.SourceReading.SplitContent;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.RawRecords;
import io.fluxcore.domain.event.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonFileSourceTest extends SourceConnectorContract {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("id", DataType.LONG)
          .field("name", DataType.STRING)
          .field("price", DataType.decimal(8, 2))
          .build();

  @TempDir private Path directory;

  @Override
  protected SourceConnector connector() {
    return new FileSourceConnector();
  }

  private Path write(String name, String text) {
    return write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private Path write(String name, byte[] bytes) {
    try {
      return Files.write(directory.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Two files, one compressed, with what real files have: blank lines, CRLF, bad lines. */
  @Override
  protected Map<String, Object> options() {
    StringBuilder a = new StringBuilder("\uFEFF");
    StringBuilder b = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      a.append("{\"id\":")
          .append(i)
          .append(",\"name\":\"n")
          .append(i)
          .append("\",\"price\":1.5}\n");
      b.append("{\"name\":null,\"other\":[{\"id\":7}],\"id\":").append(i).append("}\r\n");
      if (i == 5) {
        a.append("\n   \nnot json\n");
      }
      if (i == 9) {
        b.append("{\"id\":9,\r\n\r\n{\"id\":1}{\"id\":2}\r\n[1]\r\n");
      }
    }
    b.append("{\"id\":20}");
    write("a.json", a.toString());
    write("b.json.gz", gzip(b.toString().getBytes(StandardCharsets.UTF_8)));
    return Map.of("path", directory + "/*.json*");
  }

  @Override
  protected Schema schema() {
    return SCHEMA;
  }

  @Override
  protected List<List<EventRecord>> expectedRows() {
    List<EventRecord> a = new ArrayList<>();
    List<EventRecord> b = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      a.add(row((long) i, "n" + i, new BigDecimal("1.50")));
      b.add(row((long) i, null, null));
    }
    b.add(row(20L, null, null));
    return List.of(a, b);
  }

  private static EventRecord row(@Nullable Object... values) {
    return EventRecord.of(SCHEMA, EventBatch.NO_TIMESTAMP, values);
  }

  @Override
  protected List<String> expectedBadCoordinates() {
    return List.of(
        directory + "/a.json:9",
        directory + "/b.json.gz:11",
        directory + "/b.json.gz:13",
        directory + "/b.json.gz:14");
  }

  @Override
  protected Map<String, Object> emptyOptions() {
    return Map.of("path", write("empty.json", "").toString());
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    Map<String, Object> options = new HashMap<>();
    options.put("path", "x");
    options.put("columns", List.of("a"));
    options.put("pattern", "x");
    options.put("nullText", "-");
    options.put("timeZone", "Mars/Olympus");
    options.put("schema", Map.of("a", "lng"));
    options.put("timestampFormat", Map.of("a", "bogus"));
    options.put("maxRecordBytes", 1);
    return options;
  }

  private SplitContent read(String text, Schema schema, Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("path", write("file.jsonl", text).toString());
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i].toString(), more[i + 1]);
    }
    Source source = source(options);
    return SourceReading.readFrom(
        source, SourceReading.context(schema, 100), source.discoverSplits().get(0), null);
  }

  private static List<List<@Nullable Object>> values(SplitContent content, Schema schema) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (EventRecord row : content.rows()) {
      rows.add(Arrays.asList(schema.fieldNames().stream().map(row::get).toArray()));
    }
    return rows;
  }

  @Test
  void everyType_isDecoded() {
    Schema schema =
        Schema.of(
            new Field("b", DataType.BOOLEAN),
            new Field("l", DataType.LONG),
            new Field("d", DataType.DOUBLE),
            new Field("date", DataType.DATE),
            new Field("ts", DataType.TIMESTAMP),
            new Field("tz", DataType.TIMESTAMP_TZ),
            new Field("n", DataType.NESTED));
    SplitContent content =
        read(
            """
            {"b":true,"l":-9223372036854775808,"d":1e-3,"date":"2024-02-29","ts":"2024-02-29T01:02:03.4","tz":"2024-02-29T01:02:03+01:00","n":{"a":[1,2.5,null,"x",true,1e400,99999999999999999999]}}
            {"b":false,"l":1e3,"d":"NaN","date":"1969-12-31","ts":"0001-01-01 00:00","tz":1000,"n":7}
            {"l":9223372036854775807,"d":5,"tz":"+12345-01-01T00:00:00Z","n":"s"}
            """,
            schema);
    assertThat(content.bad()).isEmpty();
    assertThat(values(content, schema))
        .containsExactly(
            Arrays.asList(
                true,
                Long.MIN_VALUE,
                0.001,
                LocalDate.of(2024, 2, 29),
                LocalDateTime.of(2024, 2, 29, 1, 2, 3, 400_000_000),
                Instant.parse("2024-02-29T00:02:03Z"),
                Map.of(
                    "a",
                    Arrays.asList(
                        1L,
                        2.5,
                        null,
                        "x",
                        true,
                        new BigDecimal("1e400"),
                        new BigDecimal("99999999999999999999")))),
            Arrays.asList(
                false,
                1000L,
                Double.NaN,
                LocalDate.of(1969, 12, 31),
                LocalDateTime.of(1, 1, 1, 0, 0),
                Instant.ofEpochSecond(1),
                7L),
            Arrays.asList(
                null,
                Long.MAX_VALUE,
                5.0,
                null,
                null,
                Instant.parse("+12345-01-01T00:00:00Z"),
                "s"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"1\"}",
        "{\"id\":1.5}",
        "{\"id\":true}",
        "{\"id\":[1]}",
        "{\"id\":9223372036854775808}",
        "{\"id\":1e99999999999}",
        "{\"id\":1e1000000000}",
        "{\"name\":5}",
        "{\"name\":{\"a\":1}}",
        "{\"price\":1.005}",
        "{\"price\":1000000}",
        "{\"price\":1e1000000000}",
        "{\"price\":1e-1000000000}",
        "{\"price\":\"cheap\"}",
        "{\"id\":1",
        "{\"id\":1}}",
        "{\"id\":1} x",
        "{'id':1}",
        "{\"id\":01}",
        "{\"id\":}",
        "{\"name\":\"a\tb\"}",
        "{\"name\":\"\\x\"}",
        "\"id\"",
        "[]",
        "17",
        "\u0000{\u0000}",
        "{\u0000\"\u0000i\u0000d\u0000",
        "}"
      })
  void badLine_isBadAndItsNeighboursAreNot(String line) {
    SplitContent content = read("{\"id\":1}\n" + line + "\n{\"id\":3}\n", SCHEMA);
    assertThat(content.bad())
        .singleElement()
        .satisfies(
            b -> {
              assertThat(new String(b.bytes(), StandardCharsets.UTF_8)).isEqualTo(line);
              assertThat(b.coordinates()).endsWith(":2");
            });
    assertThat(values(content, SCHEMA))
        .containsExactly(Arrays.asList(1L, null, null), Arrays.asList(3L, null, null));
  }

  @Test
  void malformedUtf8_isBad() {
    byte[] bytes = "{\"name\":\"?\"}\n{\"id\":2}\n".getBytes(StandardCharsets.UTF_8);
    bytes[9] = (byte) 0xC3;
    Source source = source(Map.of("path", write("x.json", bytes).toString()));
    SplitContent content =
        SourceReading.readFrom(
            source, SourceReading.context(SCHEMA, 10), source.discoverSplits().get(0), null);
    assertThat(content.bad()).hasSize(1);
    assertThat(content.rows()).hasSize(1);
  }

  @Test
  void ofDuplicateNames_theLastCounts() {
    SplitContent content = read("{\"id\":1,\"id\":2,\"name\":\"a\",\"name\":null}\n", SCHEMA);
    assertThat(values(content, SCHEMA)).containsExactly(Arrays.asList(2L, null, null));
  }

  @Test
  void exactDecimals_fit() {
    SplitContent content =
        read(
            "{\"price\":1.50000}\n{\"price\":\"999999.99\"}\n{\"price\":-0e999}\n{\"price\":12e1}\n",
            SCHEMA);
    assertThat(content.bad()).isEmpty();
    assertThat(values(content, SCHEMA).stream().map(r -> String.valueOf(r.get(2))))
        .containsExactly("1.50", "999999.99", "0.00", "120.00");
  }

  @Test
  void required_makesAbsentAndNullBad_alsoWhereNotAskedFor() {
    Schema idOnly = Schema.of(new Field("id", DataType.LONG));
    SplitContent content =
        read(
            "{\"id\":1,\"name\":\"a\"}\n{\"id\":2}\n{\"id\":3,\"name\":null}\n{\"name\":\"d\"}\n",
            idOnly,
            "required",
            List.of("id", "name"));
    assertThat(values(content, idOnly)).containsExactly(List.of(1L));
    assertThat(content.bad().stream().map(BadRecord::message))
        .containsExactly(
            "field 'name' is required but absent or null",
            "field 'name' is required but absent or null",
            "field 'id' is required but absent or null");
  }

  @Test
  void timestampFormats_applyToTextsAndNumbers() {
    Schema schema =
        Schema.of(
            new Field("s", DataType.TIMESTAMP_TZ),
            new Field("d", DataType.DATE),
            new Field("local", DataType.TIMESTAMP_TZ));
    SplitContent content =
        read(
            "{\"s\":1.5,\"d\":20240229,\"local\":\"2024-07-01 12:00\"}\n{\"s\":\"2\"}\n",
            schema,
            "timestampFormat",
            Map.of("s", "epoch-seconds", "d", "yyyyMMdd", "local", "yyyy-MM-dd HH:mm"),
            "timeZone",
            "Europe/Berlin");
    assertThat(content.bad()).isEmpty();
    assertThat(values(content, schema))
        .containsExactly(
            List.of(
                Instant.ofEpochMilli(1500),
                LocalDate.of(2024, 2, 29),
                Instant.parse("2024-07-01T10:00:00Z")),
            Arrays.asList(Instant.ofEpochSecond(2), null, null));
  }

  @Test
  void enormousLine_isCutAndTheRestIsRead() {
    String big = "{\"name\":\"" + "x".repeat(3_000_000) + "\"}";
    SplitContent content =
        read("{\"id\":1}\n" + big + "\n{\"id\":3}\n" + big, SCHEMA, "maxRecordBytes", "100kb");
    assertThat(content.rows()).hasSize(2);
    assertThat(content.bad()).hasSize(2);
    assertThat(content.bad())
        .allSatisfy(
            b -> {
              assertThat(b.bytes()).hasSize(4096);
              assertThat(b.code()).isEqualTo("FLX-FORMAT-0002");
              assertThat(b.message()).contains(big.length() + " bytes");
            });
    assertThat(content.bad().get(1).coordinates()).endsWith(":4");
  }

  @Test
  void recordOfExactlyTheLargestSize_isRead() {
    String text = "{\"name\":\"" + "x".repeat(1024 - 11) + "\"}";
    assertThat(text).hasSize(1024);
    SplitContent content =
        read(text + "\n" + text.replace("{", "{ ") + "\n", SCHEMA, "maxRecordBytes", 1024);
    assertThat(content.rows()).hasSize(1);
    assertThat(content.bad()).hasSize(1);
  }

  @Test
  void recordsLargerThanTheBuffer_areRead() {
    String big = "{\"id\":4,\"name\":\"" + "y".repeat(900_000) + "\"}\n";
    SplitContent content = read(big.repeat(12), SCHEMA);
    assertThat(content.bad()).isEmpty();
    assertThat(content.rows()).hasSize(12).allMatch(r -> r.getLong("id") == 4);
    assertThat(content.stops().size()).as("batches are bounded in bytes").isGreaterThan(1);
  }

  @Test
  void keepRaw_givesTheRecordAndItsOtherFields() {
    Source source =
        source(
            Map.of(
                "path",
                write("r.json", "{\"id\":1,\"x\":{\"y\":2}}\nbad\n{\"id\":3,\"x\":\"z\"}\n")
                    .toString()));
    Schema schema = Schema.of(new Field("id", DataType.LONG));
    ReaderContext context = new ReaderContext("s", 0, 1, schema, true, null, 10);
    try (SourceReader reader = source.createReader(context)) {
      reader.assign(source.discoverSplits().get(0), null);
      Poll.Rows rows = (Poll.Rows) reader.poll(Duration.ZERO);
      RawRecords raw = rows.batch().rawRecords();
      assertThat(raw).isNotNull();
      if (raw != null) {
        assertThat(raw.field(0, "x")).isEqualTo(Map.of("y", 2L));
        assertThat(raw.field(1, "x")).isEqualTo("z");
        assertThat(raw.field(1, "nope")).isNull();
        assertThat(new String(raw.bytes(1), StandardCharsets.UTF_8))
            .isEqualTo("{\"id\":3,\"x\":\"z\"}");
        RawRecords gathered = raw.gather(new int[] {1, -1, 0}, 3);
        assertThat(gathered.field(0, "id")).isEqualTo(3L);
        assertThat(gathered.bytes(1)).isEmpty();
        assertThat(gathered.field(2, "id")).isEqualTo(1L);
      }
    }
  }
}
