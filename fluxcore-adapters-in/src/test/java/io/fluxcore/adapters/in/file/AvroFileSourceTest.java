package io.fluxcore.adapters.in.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.SourceConnectorContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.connector.kit.SourceReading.SplitContent;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Container files that Avro's own writer has written. */
final class AvroFileSourceTest extends SourceConnectorContract {
  private static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("name", DataType.STRING).build();

  private static final String OLD =
      """
      {"type": "record", "name": "Old", "fields": [
        {"name": "unused", "type": {"type": "array", "items": "string"}},
        {"name": "name", "type": ["null", "string"]},
        {"name": "id", "type": "long"}]}
      """;

  private static final String NEW =
      """
      {"type": "record", "name": "New", "fields": [
        {"name": "id", "type": "long"},
        {"name": "name", "type": ["null", "string"]},
        {"name": "price", "type": "double"}]}
      """;

  @TempDir private Path directory;

  @Override
  protected SourceConnector connector() {
    return new FileSourceConnector();
  }

  /** Names of every fifth record are null; blocks have few records. */
  private Path write(String name, String schema, String codec, int count) {
    Path path = directory.resolve(name);
    org.apache.avro.Schema parsed = new org.apache.avro.Schema.Parser().parse(schema);
    try (DataFileWriter<GenericRecord> file =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(parsed))) {
      file.setCodec(CodecFactory.fromString(codec));
      file.create(parsed, path.toFile());
      for (int id = 0; id < count; id++) {
        GenericRecord record = new GenericData.Record(parsed);
        record.put("id", (long) id);
        record.put("name", id % 5 == 4 ? null : "n" + id + "\n");
        if (parsed.getField("unused") != null) {
          record.put("unused", List.of("x".repeat(id)));
        } else {
          record.put("price", 1.5);
        }
        file.append(record);
        if (id % 4 == 3) {
          file.sync();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return path;
  }

  @Override
  protected Map<String, Object> options() {
    write("a.avro", OLD, "deflate", 30);
    write("b.avro", NEW, "null", 11);
    return Map.of("path", directory + "/*.avro", "format", "avro", "required", List.of("name"));
  }

  @Override
  protected Schema schema() {
    return SCHEMA;
  }

  private static List<EventRecord> rows(int count) {
    List<EventRecord> rows = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      if (id % 5 != 4) {
        rows.add(EventRecord.of(SCHEMA, EventBatch.NO_TIMESTAMP, (long) id, "n" + id + "\n"));
      }
    }
    return rows;
  }

  @Override
  protected List<List<EventRecord>> expectedRows() {
    return List.of(rows(30), rows(11));
  }

  @Override
  protected List<String> expectedBadCoordinates() {
    List<String> bad = new ArrayList<>();
    for (Map.Entry<String, Integer> file : List.of(Map.entry("a", 30), Map.entry("b", 11))) {
      List<Long> blocks = blocks(directory.resolve(file.getKey() + ".avro"));
      for (int id = 4; id < file.getValue(); id += 5) {
        bad.add(
            directory
                + "/"
                + file.getKey()
                + ".avro:block "
                + blocks.get(id / 4)
                + ", record "
                + (id % 4 + 1));
      }
    }
    return bad;
  }

  private static List<Long> blocks(Path path) {
    List<Long> blocks = new ArrayList<>();
    try (var file =
        new org.apache.avro.file.DataFileReader<>(
            path.toFile(), new org.apache.avro.generic.GenericDatumReader<>())) {
      while (file.hasNext()) {
        blocks.add(file.previousSync());
        file.nextBlock();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return blocks;
  }

  @Override
  protected Map<String, Object> emptyOptions() {
    write("none.avro", OLD, "null", 0);
    return Map.of("path", directory + "/none.avro", "format", "avro");
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    return Map.of(
        "path", "x.avro", "format", "avro", "mode", "tail", "compression", "gzip", "nullText", "-");
  }

  private SplitContent read(Map<String, Object> options, Schema wanted) {
    Source source = source(options);
    return SourceReading.readFrom(
        source, SourceReading.context(wanted, 50), source.discoverSplits().get(0), null);
  }

  @Test
  void fields_areThoseOfTheFirstFile_orOfTheSchemaFile_whichGivesDefaults() throws IOException {
    Map<String, Object> options = new HashMap<>(options());
    assertThat(source(options).schema().fieldNames()).containsExactly("unused", "name", "id");
    Path schema =
        Files.writeString(
            directory.resolve("reader.avsc"),
            """
            {"type": "record", "name": "R", "fields": [
              {"name": "number", "type": "long", "aliases": ["id"]},
              {"name": "price", "type": "double", "default": 7.5}]}
            """);
    options.put("schemaFile", schema);
    options.remove("required");
    assertThat(source(options).schema().fieldNames()).containsExactly("number", "price");
    Schema wanted =
        Schema.builder().field("number", DataType.LONG).field("price", DataType.DOUBLE).build();
    assertThat(read(options, wanted).rows().get(3).copy().get("price")).isEqualTo(7.5);
    options.put("path", directory + "/b.avro");
    assertThat(read(options, wanted).rows().get(3).copy().get("price")).isEqualTo(1.5);
    assertThat(read(options, wanted).rows().get(3).copy().get("number")).isEqualTo(3L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "deflate", "snappy", "zstandard", "bzip2"})
  void blocks_areDecompressedAsTheFileSays(String codec) {
    write("c.avro", NEW, codec, 100);
    SplitContent content = read(Map.of("path", directory + "/c.avro", "format", "avro"), SCHEMA);
    assertThat(content.rows()).hasSize(100);
  }

  @Test
  void damagedFile_givesTheRecordsBefore_andFails() throws IOException {
    Path whole = write("d.avro", OLD, "deflate", 40);
    byte[] bytes = Files.readAllBytes(whole);
    Map<String, Object> options = Map.of("path", whole.toString(), "format", "avro");
    Files.write(whole, java.util.Arrays.copyOf(bytes, bytes.length - 3));
    assertDamaged(options, "its last block is not whole");
    byte[] scratched = bytes.clone();
    scratched[bytes.length - 5] ^= 1;
    Files.write(whole, scratched);
    assertDamaged(options, "sync");
    Files.writeString(whole, "this is no container file");
    assertDamaged(options, "Not an Avro data file");
  }

  private void assertDamaged(Map<String, Object> options, String why) {
    assertThatThrownBy(() -> read(options, SCHEMA))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-FILE-0003")
        .hasMessageContaining(why);
  }

  @Test
  void positionOfAnotherFile_isRefused() {
    Path path = write("e.avro", OLD, "null", 10);
    Source source = source(Map.of("path", path.toString(), "format", "avro"));
    for (String wrong : List.of("byte 4, line 1", "block 99999, record 0", "block -1, record 0")) {
      assertThatThrownBy(
              () ->
                  SourceReading.readFrom(
                      source,
                      SourceReading.context(SCHEMA, 50),
                      source.discoverSplits().get(0),
                      new SplitPosition(wrong)))
          .hasMessageContaining("FLX-FILE-0005");
    }
    assertThat(source.seeking().position(source.discoverSplits().get(0), "block 7, record 2"))
        .isEqualTo(new SplitPosition("block 7, record 2"));
  }

  @Test
  void fieldOfAnotherType_isToldWithTheFile() {
    Path path = write("f.avro", NEW, "null", 10);
    Schema wanted = Schema.builder().field("id", DataType.BOOLEAN).build();
    assertThatThrownBy(() -> read(Map.of("path", path.toString(), "format", "avro"), wanted))
        .hasMessageContaining("f.avro")
        .hasMessageContaining("'id'");
  }

  @Test
  void emptyFile_hasNoRecords() throws IOException {
    Path path = Files.createFile(directory.resolve("g.avro"));
    Map<String, Object> options = new HashMap<>();
    options.put("path", path.toString());
    options.put("format", "avro");
    @Nullable SplitContent content = read(options, SCHEMA);
    assertThat(content.rows()).isEmpty();
  }
}
