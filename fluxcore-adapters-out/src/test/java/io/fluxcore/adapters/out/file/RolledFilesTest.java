package io.fluxcore.adapters.out.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.out.format.JsonReadBack;
import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.application.connector.WriterContext.Visibility;
import io.fluxcore.application.connector.kit.SinkConnectorContract;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rolled and partitioned files, compressed by Zstandard. */
final class RolledFilesTest extends SinkConnectorContract {
  private static final RecordFailures FAIL = RecordFailures.FAIL;
  private static final SinkOwner OWNER = new SinkOwner(JobId.of(1, 2), "s", new FencingToken(3));

  @TempDir private Path directory;

  @Override
  protected SinkConnector connector() {
    return new FileSinkConnector();
  }

  @Override
  protected Map<String, Object> options() {
    return Map.of(
        "path", directory.resolve("out/rows.json.zst"),
        "partitionBy", "dt={yyyy-MM-dd}",
        "rollSize", "1kb");
  }

  /** In the order of their numbers, and of the writers before that. */
  @Override
  protected List<List<@Nullable Object>> visibleRows(Schema schema) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    PartFiles.in(directory.resolve("out"), false).stream()
        .sorted(java.util.Comparator.comparingLong(RolledFilesTest::order))
        .forEach(file -> rows.addAll(JsonReadBack.rows(schema, PartFiles.text(file))));
    return rows;
  }

  private static long order(Path file) {
    String[] name = file.getFileName().toString().split("[-.]");
    assertThat(file.getParent().getFileName()).hasToString("dt=1970-01-01");
    long number = name.length == 6 ? Long.parseLong(name[3]) : 0;
    return Long.parseLong(name[2]) * 100_000 + number;
  }

  private TwoPhaseSink sink(Map<String, Object> more) {
    Map<String, Object> options = new HashMap<>(options());
    options.putAll(more);
    return (TwoPhaseSink)
        connector().create(OptionParser.parse(connector().descriptor(), options).orThrow(), PAIRS);
  }

  private static SinkWriter writer(TwoPhaseSink sink) {
    return sink.createWriter(new WriterContext(OWNER, 1, 2, Visibility.AT_CHECKPOINTS));
  }

  private static EventBatch rows(long from, long to) {
    EventBatchBuilder builder = new EventBatchBuilder(PAIRS);
    for (long id = from; id < to; id++) {
      builder.row(0, id, id % 2 == 0 ? "even" : "odd");
    }
    return builder.build();
  }

  private List<String> names(boolean hidden) {
    return PartFiles.in(directory, hidden).stream()
        .map(file -> directory.relativize(file).toString())
        .toList();
  }

  @Test
  void names_sayDirectoryWriterCheckpointAndNumber_andHiddenOnesLieAbove() {
    TwoPhaseSink sink =
        sink(Map.of("path", directory.resolve("x.csv"), "format", "csv", "partitionBy", "{name}"));
    String owner = "." + OWNER.job() + "-3.";
    try (SinkWriter writer = writer(sink)) {
      writer.write(rows(0, 4), FAIL);
      assertThat(names(true))
          .containsExactly(".x-1-1.csv" + owner + "writing", ".x-1.csv" + owner + "writing");
      var handles = writer.prepareCommit(7);
      assertThat(names(true))
          .containsExactly(".x-1-7-1.csv" + owner + "pending", ".x-1-7.csv" + owner + "pending");
      assertThat(names(false)).isEmpty();
      sink.commit(OWNER, handles, FAIL);
      sink.commit(OWNER, handles, FAIL);
    }
    assertThat(names(true)).isEmpty();
    assertThat(names(false)).containsExactly("even/x-1-7.csv", "odd/x-1-7-1.csv");
    assertThat(directory.resolve("odd/x-1-7-1.csv")).hasContent("id,name\n1,odd\n3,odd\n");
  }

  @Test
  void commit_makesDirectoriesAgainThatWereRemoved() throws IOException {
    TwoPhaseSink sink = sink(Map.of("partitionBy", "{name}"));
    try (SinkWriter writer = writer(sink)) {
      writer.write(rows(0, 1), FAIL);
      sink.commit(OWNER, writer.prepareCommit(7), FAIL);
      writer.write(rows(0, 1), FAIL);
      var handles = writer.prepareCommit(8);
      Files.delete(directory.resolve("out/even/rows-1-7.json.zst"));
      Files.delete(directory.resolve("out/even"));
      sink.commit(OWNER, handles, FAIL);
    }
    assertThat(names(false)).containsExactly("out/even/rows-1-8.json.zst");
  }

  @Test
  void text_isOneFieldALine() throws IOException {
    TwoPhaseSink sink =
        sink(
            Map.of(
                "path", directory.resolve("x.txt"),
                "format", "text",
                "valueField", "name",
                "partitionBy", "{id}"));
    try (SinkWriter writer = writer(sink)) {
      writer.write(rows(0, 1), FAIL);
      writer.write(rows(0, 1), FAIL);
      sink.commit(OWNER, writer.prepareCommit(7), FAIL);
    }
    assertThat(directory.resolve("0/x-1-7.txt")).hasContent("even\neven\n");
    assertThatThrownBy(() -> sink(Map.of("format", "text")))
        .hasMessageContaining("one field is written");
  }

  @Test
  void hugeRow_isAPartOfItsOwn() {
    TwoPhaseSink sink = sink(Map.of("compression", "none"));
    String huge = "ü".repeat(3_000_000);
    try (SinkWriter writer = writer(sink)) {
      writer.write(new EventBatchBuilder(PAIRS).row(0, 1L, huge).build(), FAIL);
      writer.write(rows(2, 3), FAIL);
      sink.commit(OWNER, writer.prepareCommit(7), FAIL);
    }
    List<Path> files = PartFiles.in(directory, false);
    assertThat(files).hasSize(2);
    assertThat(files.stream().mapToLong(f -> f.toFile().length())).anyMatch(n -> n > 6_000_000);
  }

  @Test
  void directoryThatCannotBeWritten_isToldAtSubmission() throws IOException {
    Path plain = Files.writeString(directory.resolve("plain"), "x");
    TwoPhaseSink sink = sink(Map.of("path", plain.resolve("deep/er/rows.json")));
    assertThatThrownBy(sink::check)
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.USER))
        .hasMessageContaining(plain + " is not a directory");
    sink(Map.of()).check();
    assertThat(names(false)).containsExactly("plain");
  }

  /** What file systems say, which a test that runs as root cannot make all of them say. */
  @Test
  void readOnlyDirectory_andFullDisk_areToldApart() {
    Path path = Path.of("rows.json");
    FluxCoreException readOnly =
        FileErrors.of(
            new FileSystemException("rows.json", null, "Read-only file system"), "write", path, "");
    assertThat(readOnly.category()).isEqualTo(ErrorCategory.USER);
    FluxCoreException denied =
        FileErrors.of(new AccessDeniedException("rows.json"), "write", path, "");
    assertThat(denied.category()).isEqualTo(ErrorCategory.USER);
    FluxCoreException full =
        FileErrors.of(
            new FileSystemException("rows.json", null, "No space left on device"),
            "write",
            path,
            "");
    assertThat(full.category()).isEqualTo(ErrorCategory.RESOURCE);
    assertThat(full).hasMessageContaining("No space left");
  }

  @Test
  void directoryThatIsGone_failsTheWriter_andTheNextOneMakesIt() throws IOException {
    TwoPhaseSink sink = sink(Map.of());
    try (SinkWriter writer = writer(sink)) {
      Files.delete(directory.resolve("out"));
      assertThatThrownBy(() -> writer.write(rows(0, 1), FAIL))
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContaining("later ones are not visible");
    }
    try (SinkWriter writer = writer(sink)) {
      writer.write(rows(0, 1), FAIL);
      sink.commit(OWNER, writer.prepareCommit(7), FAIL);
    }
    assertThat(names(false)).hasSize(1);
  }
}
