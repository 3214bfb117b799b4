package io.fluxcore.adapters.in.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.SourceConnectorContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.connector.kit.SourceReading.SplitContent;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TextFileSourceTest extends SourceConnectorContract {
  private static final Schema SCHEMA =
      Schema.of(
          new Field("time", DataType.TIMESTAMP_TZ),
          new Field("clientIp", DataType.STRING),
          new Field("status", DataType.LONG),
          new Field("bytes", DataType.LONG),
          new Field("path", DataType.STRING),
          new Field("referer", DataType.STRING));

  @TempDir private Path directory;

  @Override
  protected SourceConnector connector() {
    return new FileSourceConnector();
  }

  private String write(String name, byte[] bytes) {
    try {
      return Files.write(directory.resolve(name), bytes).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String write(String name, String text) {
    return write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  protected Map<String, Object> options() {
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      log.append("10.0.0.").append(i).append(" - - [17/May/2015:10:05:");
      log.append(i < 10 ? "0" : "").append(i).append(" +0200] \"GET /p").append(i);
      log.append(" HTTP/1.1\" 200 ")
          .append(i % 2 == 0 ? "-" : i)
          .append(" \"-\" \"agent \\\"x\\\"\"\n");
      if (i == 4) {
        log.append("\n10.0.0.5 - - [17/May/2015:10:05:05 +0200] \"GET /trunc\n");
        log.append("1 - - [31/Feb/2015:10:05:05 +0200] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"\n");
      }
    }
    return Map.of(
        "path",
        write("access.log", log.toString()),
        "format",
        "text",
        "pattern",
        "apache-combined");
  }

  @Override
  protected Schema schema() {
    return SCHEMA;
  }

  @Override
  protected List<List<EventRecord>> expectedRows() {
    List<EventRecord> rows = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      rows.add(
          EventRecord.of(
              SCHEMA,
              EventBatch.NO_TIMESTAMP,
              Instant.parse("2015-05-17T08:05:00Z").plusSeconds(i),
              "10.0.0." + i,
              200L,
              i % 2 == 0 ? null : (Object) (long) i,
              "/p" + i,
              null));
    }
    return List.of(rows);
  }

  @Override
  protected List<String> expectedBadCoordinates() {
    return List.of(directory + "/access.log:7", directory + "/access.log:8");
  }

  @Override
  protected Map<String, Object> emptyOptions() {
    return Map.of("path", write("e", ""), "format", "text", "pattern", "apache-combined");
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    return Map.of("path", "x", "format", "text", "pattern", "no(group");
  }

  private Source source(Object... keysAndValues) {
    Map<String, Object> options = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      options.put(keysAndValues[i].toString(), keysAndValues[i + 1]);
    }
    return source(options);
  }

  private static SplitContent read(Source source, Schema schema) {
    return SourceReading.readFrom(
        source, SourceReading.context(schema, 100), source.discoverSplits().get(0), null);
  }

  private static Schema schemaOf(Source source) {
    Schema schema = source.schema();
    return schema == null ? Schema.of() : schema;
  }

  private static List<List<@Nullable Object>> values(SplitContent content) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (EventRecord row : content.rows()) {
      rows.add(Arrays.asList(row.schema().fieldNames().stream().map(row::get).toArray()));
    }
    return rows;
  }

  @Test
  void withoutPattern_theLineIsTheField() {
    Source source = source("path", write("x.txt", "a b\n\nc\r\n  \n"), "format", "text");
    assertThat(schemaOf(source).fieldNames()).containsExactly("line");
    assertThat(values(read(source, schemaOf(source))))
        .containsExactly(List.of("a b"), List.of("c"), List.of("  "));
  }

  @Test
  void heldFiles_doNotKeepOthersFromBeingOpened() {
    for (int i = 10; i < 40; i++) {
      write("many-" + i + ".txt", "1\n2\n3\n");
    }
    Source source = source("path", directory.resolve("many-*.txt").toString(), "format", "text");
    Set<String> begun = new HashSet<>();
    try (SourceReader reader = source.createReader(SourceReading.context(schemaOf(source), 1))) {
      source.discoverSplits().forEach(split -> reader.assign(split, null));
      for (int i = 0; i < 30; i++) {
        assertThat(reader.poll(Duration.ZERO))
            .isInstanceOfSatisfying(
                Poll.Rows.class, rows -> assertThat(begun.add(rows.split())).isTrue());
        assertThat(reader.holdSplits(begun)).isTrue();
      }
      assertThat(reader.poll(Duration.ZERO)).isInstanceOf(Poll.Nothing.class);
      begun.remove(source.discoverSplits().get(29).id());
      reader.holdSplits(begun);
      assertThat(reader.poll(Duration.ZERO)).isInstanceOf(Poll.Rows.class);
    }
  }

  @Test
  void ownPattern_namesFieldsAndSchemaTypesThem() {
    Source source =
        source(
            "path",
            write("x.log", "INFO 12 hello\nWARN x oops\nERROR 3\n"),
            "format",
            "text",
            "pattern",
            "(?<level>[A-Z]+) (?<code>\\w+)(?: (?P<text>.*))?",
            "schema",
            Map.of("code", "long"),
            "required",
            "level");
    assertThat(schemaOf(source).toString()).isEqualTo("(level string, code long, text string)");
    SplitContent content = read(source, schemaOf(source));
    assertThat(values(content))
        .containsExactly(List.of("INFO", 12L, "hello"), Arrays.asList("ERROR", 3L, null));
    assertThat(content.bad())
        .singleElement()
        .satisfies(b -> assertThat(b.message()).isEqualTo("field 'code' is 'x', not long"));
  }

  @Test
  void ownPattern_keepsToTheEncoding() {
    byte[] latin1 = "été 1\nx 2\n".getBytes(StandardCharsets.ISO_8859_1);
    Object[] options = {
      "path", write("l.log", latin1), "format", "text", "pattern", "(?<word>\\S+) .*"
    };
    Source utf8 = source(options);
    assertThat(values(read(utf8, schemaOf(utf8)))).containsExactly(List.of("x"));
    assertThat(read(utf8, schemaOf(utf8)).bad())
        .singleElement()
        .satisfies(b -> assertThat(b.code()).isEqualTo("FLX-FORMAT-0006"));
    Object[] more = Arrays.copyOf(options, 8);
    more[6] = "encoding";
    more[7] = "iso-8859-1";
    Source latin = source(more);
    assertThat(values(read(latin, schemaOf(latin)))).containsExactly(List.of("été"), List.of("x"));
  }

  @Test
  void patternWithoutNamedGroup_isRefused() {
    assertThatThrownBy(() -> source("path", "x", "format", "text", "pattern", "(a)|\\(?<b>"))
        .hasMessageContaining("has no named group")
        .hasMessageContaining("apache-combined");
  }

  @Test
  void fieldThatThePatternDoesNotGive_isRefused() {
    assertThatThrownBy(
            () ->
                source(
                    "path",
                    "x",
                    "format",
                    "text",
                    "pattern",
                    "apache-common",
                    "schema",
                    "refer: string"))
        .hasMessageContaining("gives no field refer")
        .hasMessageContaining("clientIp");
  }

  @Test
  void missingFile_directoryAndNoMatch_areErrorsOfTheUser() {
    for (String path :
        List.of(directory + "/none.log", directory.toString(), directory + "/*.nope")) {
      assertThatThrownBy(() -> source("path", path, "format", "text").discoverSplits())
          .isInstanceOfSatisfying(
              FluxCoreException.class,
              e -> {
                assertThat(e.category()).isEqualTo(ErrorCategory.USER);
                assertThat(e.diagnostics().get(0).remedy()).isNotEmpty();
              });
    }
  }

  @Test
  void patterns_findFilesInOrderAndLeaveHiddenOnesOut() throws IOException {
    Files.createDirectories(directory.resolve("d/e"));
    write("d/b.log", "b\n");
    write("d/a.log", "a\n");
    write("d/.hidden.log", "h\n");
    write("d/e/c.log", "c\n");
    assertThat(source("path", directory + "/d/*.log", "format", "text").discoverSplits())
        .extracting(Source.Split::id)
        .containsExactly(directory + "/d/a.log", directory + "/d/b.log");
    assertThat(source("path", directory + "/**/[bc].log", "format", "text").discoverSplits())
        .extracting(Source.Split::id)
        .containsExactly(directory + "/d/b.log", directory + "/d/e/c.log");
  }

  @Test
  void truncatedGzip_givesWhatIsWholeAndThenAnError() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append("line ").append(i * 7919 % 10_007).append('\n');
    }
    byte[] whole = JsonFileSourceTest.gzip(text.toString().getBytes(StandardCharsets.UTF_8));
    String path = write("t.gz", Arrays.copyOf(whole, whole.length / 2));
    Source source = source("path", path, "format", "text");
    Schema schema = schemaOf(source);
    List<EventRecord> rows = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              try (var reader = source.createReader(SourceReading.context(schema, 500))) {
                reader.assign(source.discoverSplits().get(0), null);
                while (true) {
                  if (reader.poll(java.time.Duration.ZERO)
                      instanceof io.fluxcore.application.connector.Poll.Rows more) {
                    rows.addAll(SourceReading.records(more.batch()));
                  }
                }
              }
            })
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.code()).isEqualTo("FLX-FILE-0003"))
        .hasMessageContaining("ends too early");
    assertThat(rows.size()).isBetween(5_000, 19_000);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i).getString("line")).isEqualTo("line " + i * 7919 % 10_007);
    }
  }

  @Test
  void noGzip_isAnErrorThatSaysSo() {
    Source source = source("path", write("plain.gz", "not compressed"), "format", "text");
    assertThatThrownBy(() -> read(source, schemaOf(source)))
        .hasMessageContaining("plain.gz")
        .hasMessageContaining("Not in GZIP format");
  }

  @Test
  void positionBehindTheEnd_isAnError() {
    Source source = source("path", write("s.txt", "short\n"), "format", "text");
    for (String position : List.of("byte 999999999, line 3", "17", "byte -1, line 1")) {
      assertThatThrownBy(
              () ->
                  SourceReading.readFrom(
                      source,
                      SourceReading.context(schemaOf(source), 10),
                      source.discoverSplits().get(0),
                      new SplitPosition(position)))
          .isInstanceOfSatisfying(
              FluxCoreException.class, e -> assertThat(e.code()).isEqualTo("FLX-FILE-0005"));
    }
  }

  @Test
  void manyFiles_areAllReadThoughFewAreOpen() {
    for (int i = 0; i < 50; i++) {
      write("many-" + i + ".txt", "x" + i + "\n");
    }
    Source source = source("path", directory + "/many-*.txt", "format", "text");
    List<String> lines = new ArrayList<>();
    SourceReading.readAll(source, SourceReading.context(schemaOf(source), 10))
        .values()
        .forEach(c -> c.rows().forEach(r -> lines.add(String.valueOf(r.getString("line")))));
    assertThat(lines).hasSize(50).doesNotHaveDuplicates();
  }
}
