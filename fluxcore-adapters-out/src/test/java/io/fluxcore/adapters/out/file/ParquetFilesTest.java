package io.fluxcore.adapters.out.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.out.format.ParquetReadBack;
import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.application.connector.WriterContext.Visibility;
import io.fluxcore.application.connector.kit.SinkConnectorContract;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of Parquet, as another reader finds them. */
final class ParquetFilesTest extends SinkConnectorContract {
  private static final RecordFailures FAIL = RecordFailures.FAIL;
  private static final SinkOwner OWNER = new SinkOwner(JobId.of(1, 2), "s", new FencingToken(3));

  @TempDir private Path directory;

  @Override
  protected SinkConnector connector() {
    return new FileSinkConnector();
  }

  @Override
  protected Map<String, Object> options() {
    return Map.of("path", directory.resolve("out/rows.parquet"), "format", "parquet");
  }

  @Override
  protected List<List<@Nullable Object>> visibleRows(Schema schema) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    PartFiles.in(directory.resolve("out"), false).stream()
        .sorted(Comparator.comparingLong(ParquetFilesTest::number))
        .forEach(file -> rows.addAll(ParquetReadBack.rows(schema, file)));
    return rows;
  }

  private static long number(Path file) {
    String[] name = file.getFileName().toString().split("[-.]");
    return name.length == 5 ? Long.parseLong(name[3]) : 0;
  }

  private TwoPhaseSink sink(Schema schema, Map<String, Object> more) {
    Map<String, Object> options = new HashMap<>(options());
    options.putAll(more);
    Sink sink =
        connector().create(OptionParser.parse(connector().descriptor(), options).orThrow(), schema);
    return (TwoPhaseSink) sink;
  }

  private static SinkWriter writer(TwoPhaseSink sink, Visibility visibility) {
    return sink.createWriter(new WriterContext(OWNER, 0, 1, visibility));
  }

  private static EventBatch rows(long from, long to) {
    EventBatchBuilder builder = new EventBatchBuilder(PAIRS);
    for (long id = from; id < to; id++) {
      builder.row(0, id, id % 5 == 0 ? null : "name-" + id);
    }
    return builder.build();
  }

  @Test
  void columns_haveTheTypesThatReadersKnow() {
    TwoPhaseSink sink = sink(ALL_TYPES, Map.of());
    try (SinkWriter writer = writer(sink, Visibility.AT_END)) {
      writer.endOfInput();
      sink.commit(OWNER, writer.prepareCommit(1), FAIL);
    }
    Map<String, String> types = ParquetReadBack.types(directory.resolve("out/rows.parquet"));
    assertThat(types.keySet()).containsExactlyElementsOf(ALL_TYPES.fieldNames());
    assertThat(types.values())
        .containsExactly(
            "BOOLEAN",
            "BIGINT",
            "DOUBLE",
            "DECIMAL(12,3)",
            "DECIMAL(38,10)",
            "VARCHAR",
            "BLOB",
            "DATE",
            "TIMESTAMP",
            "TIMESTAMP WITH TIME ZONE",
            "JSON");
  }

  @ParameterizedTest
  @CsvSource({"auto,SNAPPY", "none,UNCOMPRESSED", "gzip,GZIP", "zstd,ZSTD"})
  void compression_isThatOfPages_andLargePartsHaveSeveralRowGroups(String option, String codec) {
    TwoPhaseSink sink = sink(PAIRS, Map.of("compression", option, "rowGroupSize", "64kb"));
    try (SinkWriter writer = writer(sink, Visibility.AT_CHECKPOINTS)) {
      for (int id = 0; id < 20_000; id += 1_000) {
        writer.write(rows(id, id + 1_000), FAIL);
      }
      sink.commit(OWNER, writer.prepareCommit(1), FAIL);
    }
    Path file = directory.resolve("out/rows-0-1.parquet");
    assertThat(ParquetReadBack.chunks(file, "compression")).containsOnly(codec);
    assertThat(ParquetReadBack.chunks(file, "row_group_id").stream().distinct())
        .hasSizeBetween(3, 20);
    List<List<@Nullable Object>> rows = ParquetReadBack.rows(PAIRS, file);
    assertThat(rows).hasSize(20_000);
    for (int id = 0; id < 20_000; id++) {
      assertThat(rows.get(id).get(0)).isEqualTo((long) id);
      assertThat(rows.get(id).get(1)).isEqualTo(id % 5 == 0 ? null : "name-" + id);
    }
  }

  @Test
  void partsAreRolledAndPartitioned_andNoneIsUnderItsNameBeforeItIsWhole() throws IOException {
    TwoPhaseSink sink =
        sink(
            PAIRS,
            Map.of("partitionBy", "dt={yyyy-MM-dd}", "rollSize", "64kb", "rowGroupSize", "64kb"));
    try (SinkWriter writer = writer(sink, Visibility.AT_CHECKPOINTS)) {
      for (int id = 0; id < 50_000; id += 1_000) {
        writer.write(rows(id, id + 1_000), FAIL);
      }
      var handles = writer.prepareCommit(1);
      assertThat(PartFiles.in(directory, false)).isEmpty();
      sink.commit(OWNER, handles, FAIL);
    }
    List<Path> files = PartFiles.in(directory, false);
    assertThat(files).hasSizeGreaterThan(3);
    for (Path file : files) {
      assertThat(Files.size(file)).isLessThan(200_000);
      assertThat(file.getParent().getFileName()).hasToString("dt=1970-01-01");
    }
    assertThat(files.stream().flatMap(file -> ParquetReadBack.rows(PAIRS, file).stream()))
        .extracting(row -> row.get(0))
        .hasSize(50_000)
        .doesNotHaveDuplicates();
  }

  /** Its days do not fit the 32 bits that Parquet has for them. */
  @Test
  void dateThatParquetDoesNotHave_isABadRow_andOthersAreWritten() {
    Schema schema = Schema.builder().field("id", DataType.LONG).field("day", DataType.DATE).build();
    List<String> refused = new ArrayList<>();
    TwoPhaseSink sink = sink(schema, Map.of());
    try (SinkWriter writer = writer(sink, Visibility.AT_CHECKPOINTS)) {
      writer.write(
          new EventBatchBuilder(schema)
              .row(0, 1L, LocalDate.MAX)
              .row(0, 2L, LocalDate.of(2026, 11, 30))
              .row(0, 3L, null)
              .build(),
          (batch, row, error) -> refused.add(row + " " + error.code()));
      sink.commit(OWNER, writer.prepareCommit(1), FAIL);
    }
    assertThat(refused).containsExactly("0 FLX-SINK-0002");
    assertThat(ParquetReadBack.rows(schema, directory.resolve("out/rows-0-1.parquet")))
        .extracting(row -> row.get(0))
        .containsExactly(2L, 3L);
  }

  @Test
  void wrongOptions_areRefused() {
    assertThatThrownBy(() -> sink(PAIRS, Map.of("rowGroupSize", "1kb")))
        .hasMessageContaining("rowGroupSize");
    assertThatThrownBy(() -> sink(PAIRS, Map.of("schemaFile", "x.avsc")))
        .hasMessageContaining("the format is parquet");
  }
}
