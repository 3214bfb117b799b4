package io.fluxcore.adapters.out.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.out.format.JsonReadBack;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.kit.SinkConnectorContract;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.Values;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Container files, as Avro's own reader finds them. */
final class AvroFilesTest extends SinkConnectorContract {
  @TempDir private Path directory;

  @Override
  protected SinkConnector connector() {
    return new FileSinkConnector();
  }

  @Override
  protected Map<String, Object> options() {
    return Map.of("path", directory.resolve("out/rows.avro"), "format", "avro");
  }

  @Override
  protected List<List<@Nullable Object>> visibleRows(Schema schema) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    PartFiles.in(directory.resolve("out"), false).stream()
        .sorted(Comparator.comparingLong(AvroFilesTest::number))
        .forEach(file -> rows.addAll(read(file.toFile(), schema)));
    return rows;
  }

  private static long number(Path file) {
    String[] name = file.getFileName().toString().split("[-.]");
    return name.length == 5 ? Long.parseLong(name[3]) : 0;
  }

  private static List<List<@Nullable Object>> read(File file, Schema schema) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(file, new GenericDatumReader<GenericRecord>())) {
      for (GenericRecord record : reader) {
        List<@Nullable Object> row = new ArrayList<>();
        for (Field field : schema.fields()) {
          row.add(value(field.type(), record.get(field.name())));
        }
        rows.add(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
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
      case NESTED -> JsonReadBack.text(type, avro.toString());
      default -> avro;
    };
  }

  private Sink sink(Map<String, Object> more) {
    Map<String, Object> options = new HashMap<>(options());
    options.putAll(more);
    return connector()
        .create(OptionParser.parse(connector().descriptor(), options).orThrow(), PAIRS);
  }

  private static EventBatch rows(long from, long to) {
    EventBatchBuilder builder = new EventBatchBuilder(PAIRS);
    for (long id = from; id < to; id++) {
      builder.row(0, id, "name-" + id);
    }
    return builder.build();
  }

  @ParameterizedTest
  @CsvSource({"auto,deflate", "none,null", "gzip,deflate", "zstd,zstandard"})
  void compression_isThatOfBlocks(String option, String codec) throws IOException {
    try (SinkWriter writer = sink(Map.of("compression", option)).createWriter("s", 0, 1)) {
      for (int id = 0; id < 20_000; id += 1_000) {
        writer.write(rows(id, id + 1_000), RecordFailures.FAIL);
      }
      writer.flush();
    }
    Path file = PartFiles.in(directory, false).get(0);
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(file.toFile(), new GenericDatumReader<GenericRecord>())) {
      assertThat(reader.getMetaString(DataFileConstants.CODEC)).isEqualTo(codec);
    }
    assertThat(read(file.toFile(), PAIRS)).hasSize(20_000);
  }

  @Test
  void schemaOfAFile_isThatOfTheRecords() throws IOException {
    Path schema =
        Files.writeString(
            directory.resolve("pair.avsc"),
            """
            {"type": "record", "name": "Pair", "namespace": "com.example", "fields": [
              {"name": "name", "type": ["null", "string"]},
              {"name": "id", "type": "long"},
              {"name": "more", "type": "int", "default": 7}]}
            """);
    try (SinkWriter writer = sink(Map.of("schemaFile", schema)).createWriter("s", 0, 1)) {
      writer.write(rows(3, 4), RecordFailures.FAIL);
      writer.flush();
    }
    File file = PartFiles.in(directory.resolve("out"), false).get(0).toFile();
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(file, new GenericDatumReader<GenericRecord>())) {
      assertThat(reader.next()).hasToString("{\"name\": \"name-3\", \"id\": 3, \"more\": 7}");
      assertThat(reader.getSchema().getFullName()).isEqualTo("com.example.Pair");
    }
    assertThatThrownBy(() -> sink(Map.of("schemaFile", directory.resolve("none.avsc"))))
        .hasMessageContaining("cannot read");
    Files.writeString(schema, "{\"type\": \"record\", \"name\": \"P\", \"fields\": []}");
    assertThatThrownBy(() -> sink(Map.of("schemaFile", schema)))
        .hasMessageContaining("has no field 'id'")
        .hasMessageContaining("has no field 'name'");
  }
}
