package io.fluxcore.adapters.in.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.kit.SourceConnectorContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.connector.kit.SourceReading.SplitContent;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CsvFileSourceTest extends SourceConnectorContract {
  private static final Schema SCHEMA =
      Schema.of(
          new Field("id", DataType.LONG),
          new Field("text", DataType.STRING),
          new Field("price", DataType.DOUBLE));

  @TempDir private Path directory;

  @Override
  protected SourceConnector connector() {
    return new FileSourceConnector();
  }

  private String write(String name, String text, Charset charset) {
    try {
      return Files.write(directory.resolve(name), text.getBytes(charset)).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected Map<String, Object> options() {
    StringBuilder text = new StringBuilder("\uFEFF\r\nid,price,\"te\"\"xt\",text\r\n");
    for (int i = 0; i < 15; i++) {
      text.append(i).append(",\"").append(i).append(".5\",,\"line one\r\nsays \"\"").append(i);
      text.append("\"\"\"\r\n");
      if (i == 3) {
        text.append("\r\n1,2\r\n1,2,3,4,5\r\nx,1,,\r\n7,1,\"a\"b,c\r\n");
      }
    }
    text.append("15,,\"\",\"\"");
    return Map.of("path", write("a.csv", text.toString(), StandardCharsets.UTF_8), "format", "csv");
  }

  @Override
  protected Schema schema() {
    return SCHEMA;
  }

  @Override
  protected List<List<EventRecord>> expectedRows() {
    List<EventRecord> rows = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      rows.add(row((long) i, "line one\r\nsays \"" + i + "\"", i + 0.5));
    }
    rows.add(row(15L, "", null));
    return List.of(rows);
  }

  private static EventRecord row(@Nullable Object... values) {
    return EventRecord.of(SCHEMA, EventBatch.NO_TIMESTAMP, values);
  }

  @Override
  protected List<String> expectedBadCoordinates() {
    String file = directory + "/a.csv:";
    return List.of(file + 12, file + 13, file + 14, file + 15);
  }

  @Override
  protected Map<String, Object> emptyOptions() {
    return Map.of("path", write("e.csv", "", StandardCharsets.UTF_8), "format", "csv");
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    return Map.of("path", "x", "format", "csv", "header", false, "delimiter", "::", "quote", "");
  }

  private SplitContent read(String text, Schema schema, Object... more) {
    return readFile(write("file.csv", text, StandardCharsets.UTF_8), schema, more);
  }

  private SplitContent readFile(String path, Schema schema, Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("path", path);
    options.put("format", "csv");
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i].toString(), more[i + 1]);
    }
    Source source = source(options);
    return SourceReading.readFrom(
        source, SourceReading.context(schema, 100), source.discoverSplits().get(0), null);
  }

  private static List<List<@Nullable Object>> values(SplitContent content) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (EventRecord row : content.rows()) {
      rows.add(Arrays.asList(row.schema().fieldNames().stream().map(row::get).toArray()));
    }
    return rows;
  }

  @Test
  void withoutHeader_columnsOrSchemaNameTheValues() {
    Schema schema = Schema.of(new Field("b", DataType.LONG));
    assertThat(
            values(read("1;2\n3;4\n", schema, "header", false, "delimiter", ";", "columns", "a,b")))
        .containsExactly(List.of(2L), List.of(4L));
    assertThat(values(read("1,2\n", schema, "header", false, "schema", "a: long, b: long")))
        .containsExactly(List.of(2L));
  }

  @Test
  void nullText_isNullUnlessQuoted() {
    Schema schema = Schema.of(new Field("a", DataType.STRING), new Field("n", DataType.LONG));
    assertThat(values(read("a,n\n-,-\n\"-\",1\n,2\n", schema, "nullText", "-")))
        .containsExactly(Arrays.asList(null, null), Arrays.asList("-", 1L), Arrays.asList("", 2L));
  }

  @Test
  void singleColumn_hasNullsOnEmptyLines() {
    Schema schema = Schema.of(new Field("a", DataType.STRING));
    assertThat(values(read("\na\nx\n\ny\n", schema)))
        .containsExactly(List.of("x"), Arrays.asList((Object) null), List.of("y"));
    assertThat(values(read("x\n\ny\n", schema, "header", false, "columns", "a")))
        .containsExactly(List.of("x"), Arrays.asList((Object) null), List.of("y"));
  }

  @Test
  void quoteThatIsNeverClosed_costsItsLineOnly() {
    Schema schema = Schema.of(new Field("a", DataType.LONG), new Field("b", DataType.STRING));
    for (String rest : List.of("3,z\n", "3,z")) {
      SplitContent content = read("a,b\n1,\"x\n2,y\n" + rest, schema);
      assertThat(values(content)).containsExactly(List.of(2L, "y"), List.of(3L, "z"));
      assertThat(content.bad())
          .singleElement()
          .satisfies(b -> assertThat(b.coordinates()).endsWith(":2"))
          .satisfies(b -> assertThat(b.message()).contains("not closed before the file ends"));
    }
    assertThat(read("a,b\n1,\"x", schema).bad()).hasSize(1);
    String long_ = "4,filler\n".repeat(2000);
    SplitContent content = read("a,b\n1,\"x\n" + long_, schema, "maxRecordBytes", "1kb");
    assertThat(content.rows()).hasSize(2000);
    assertThat(content.bad().stream().map(BadRecord::message))
        .singleElement()
        .asString()
        .contains("within 1024 bytes");
  }

  @Test
  void quotedRecordAtTheEnd_needsNoLineEnd() {
    Schema schema = Schema.of(new Field("a", DataType.STRING));
    assertThat(values(read("a\n\"x\ny\"", schema))).containsExactly(List.of("x\ny"));
    assertThat(values(read("a\n\"x\"\"\"", schema))).containsExactly(List.of("x\""));
  }

  @Test
  void latin1_isReadWhereSaid_andMalformedUtf8IsBad() {
    Schema schema = Schema.of(new Field("a", DataType.STRING));
    String path = write("l.csv", "a\nétude\n", StandardCharsets.ISO_8859_1);
    assertThat(values(readFile(path, schema, "encoding", "iso-8859-1")))
        .containsExactly(List.of("étude"));
    assertThat(readFile(path, schema).bad())
        .singleElement()
        .satisfies(b -> assertThat(b.code()).isEqualTo("FLX-FORMAT-0006"));
    String replacement = write("r.csv", "a\n\uFFFD\n", StandardCharsets.UTF_8);
    assertThat(values(readFile(replacement, schema))).containsExactly(List.of("\uFFFD"));
  }

  @Test
  void columnThatIsNotThere_isAnErrorThatListsTheColumns() {
    Schema schema = Schema.of(new Field("c", DataType.STRING));
    assertThatThrownBy(() -> read("a,b\n1,2\n", schema))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("no column c")
        .hasMessageContaining("the columns are a, b");
  }

  @Test
  void wrongValues_sayFieldValueAndType() {
    SplitContent content = read("id,text,price\nx,a,1\n1,a,1d\n2,a,0x1p3\n3,a, 4.25 \n", SCHEMA);
    assertThat(content.bad().stream().map(BadRecord::message))
        .containsExactly(
            "field 'id' is 'x', not long",
            "field 'price' is '1d', not double",
            "field 'price' is '0x1p3', not double");
    assertThat(values(content)).containsExactly(List.of(3L, "a", 4.25));
  }
}
