package io.fluxcore.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.kit.SourceReading.SplitContent;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the file sink writes, the file source reads: random rows of random schemas. */
final class FileRoundTripTest {
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
    DataType.TIMESTAMP_TZ,
    DataType.NESTED
  };

  private static final RoundTrip FILES = new RoundTrip("file");

  @TempDir private Path directory;

  private static Schema schema(Random random, int seed) {
    // Every third schema is a single string: CSV's hard case.
    if (seed % 3 == 0) {
      return Schema.of(new Field("only, \"one\"", DataType.STRING));
    }
    List<Field> fields = new ArrayList<>();
    for (int i = random.nextInt(12); i >= 0; i--) {
      fields.add(new Field("field " + i + " ü\"", TYPES[random.nextInt(TYPES.length)]));
    }
    return Schema.of(fields);
  }

  @ParameterizedTest
  @CsvSource({"json,,", "csv,,", "json,gzip,", "csv,gzip,", "csv,,;", "csv,,\\t", "csv,,|"})
  void whatTheSinkWrites_theSourceReads(
      String format, @Nullable String compression, @Nullable String delimiter) {
    for (int seed = 1; seed <= 12; seed++) {
      Random random = new Random(seed);
      Schema schema = schema(random, seed);
      Map<String, Object> options = new HashMap<>();
      options.put("path", directory.resolve("rows-" + seed + "." + format).toString());
      options.put("format", format);
      options.put("compression", compression);
      options.put("delimiter", delimiter);
      if (format.equals("csv")) {
        options.put("nullText", seed % 2 == 0 ? "" : "null");
      }
      List<EventRecord> written =
          FILES.write(options, schema, random, 60, i -> EventBatch.NO_TIMESTAMP);
      SplitContent read = FILES.read(options, schema);
      assertThat(read.bad()).as("seed " + seed).isEmpty();
      assertThat(read.rows()).as("seed " + seed + " " + schema).isEqualTo(written);
    }
  }

  /** Nested values are texts in Avro. */
  @ParameterizedTest
  @CsvSource({"auto", "none", "zstd"})
  void containerFilesOfAvro_areReadByTheSource(String compression) {
    for (int seed = 1; seed <= 12; seed++) {
      Random random = new Random(seed);
      List<Field> fields = new ArrayList<>();
      for (int i = random.nextInt(12); i >= 0; i--) {
        DataType type = TYPES[random.nextInt(TYPES.length)];
        fields.add(new Field("f" + i, type.equals(DataType.NESTED) ? DataType.LONG : type));
      }
      Schema schema = Schema.of(fields);
      Map<String, Object> options = new HashMap<>();
      options.put("path", directory.resolve("rows-" + seed + ".avro").toString());
      options.put("format", "avro");
      options.put("compression", compression);
      List<EventRecord> written =
          FILES.write(options, schema, random, 60, i -> EventBatch.NO_TIMESTAMP);
      options.put("path", directory + "/rows-" + seed + "-*.avro");
      options.remove("compression");
      SplitContent read = FILES.read(options, schema);
      assertThat(read.bad()).as("seed " + seed).isEmpty();
      assertThat(read.rows()).as("seed " + seed + " " + schema).isEqualTo(written);
    }
  }
}
