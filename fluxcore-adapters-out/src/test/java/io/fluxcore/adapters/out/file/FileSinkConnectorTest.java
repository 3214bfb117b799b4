package io.fluxcore.adapters.out.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.out.format.JsonReadBack;
import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.application.connector.kit.SinkConnectorContract;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

final class FileSinkConnectorTest extends SinkConnectorContract {
  @TempDir private Path directory;

  @Override
  protected SinkConnector connector() {
    return new FileSinkConnector();
  }

  @Override
  protected Map<String, Object> options() {
    return Map.of("path", directory.resolve("out/rows.json.gz"));
  }

  @Override
  protected List<List<@Nullable Object>> visibleRows(Schema schema) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Path file : visibleFiles(directory.resolve("out"))) {
      rows.addAll(JsonReadBack.rows(schema, unzipped(file)));
    }
    return rows;
  }

  private static String unzipped(Path file) {
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> visibleFiles(Path directory) {
    return files(directory).stream()
        .filter(p -> !p.getFileName().toString().startsWith("."))
        .toList();
  }

  private static List<Path> files(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Sink sink(Path path, Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("path", path);
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i].toString(), more[i + 1]);
    }
    return connector()
        .create(OptionParser.parse(connector().descriptor(), options).orThrow(), PAIRS);
  }

  private static EventBatch row(long id, @Nullable String name) {
    return new EventBatchBuilder(PAIRS).row(0, id, name).build();
  }

  private static List<String> names(List<Path> files) {
    return files.stream().map(p -> p.getFileName().toString()).toList();
  }

  @Test
  void oneWriterWithoutCheckpoints_givesExactlyTheFileThatWasAskedFor() throws IOException {
    Path path = directory.resolve("counts.csv");
    try (SinkWriter writer = sink(path, "format", "csv").createWriter("s", 0, 1)) {
      writer.write(row(1, "a"), RecordFailures.FAIL);
      writer.write(row(2, null), RecordFailures.FAIL);
      writer.write(row(3, ""), RecordFailures.FAIL);
      assertThat(visibleFiles(directory)).isEmpty();
      writer.flush();
    }
    assertThat(names(files(directory))).containsExactly("counts.csv");
    assertThat(Files.readString(path)).isEqualTo("id,name\n1,a\n2,\n3,\"\"\n");
  }

  @Test
  void noRow_givesAFileWithoutRows() throws IOException {
    Path path = directory.resolve("counts.csv");
    try (SinkWriter writer = sink(path, "format", "csv").createWriter("s", 0, 1)) {
      writer.flush();
    }
    assertThat(Files.readString(path)).isEqualTo("id,name\n");
  }

  @Test
  void laterFlush_appendsWithoutASecondHeader() throws IOException {
    Path path = directory.resolve("counts.csv");
    try (SinkWriter writer = sink(path, "format", "csv").createWriter("s", 0, 1)) {
      writer.write(row(1, "a"), RecordFailures.FAIL);
      writer.flush();
      writer.write(row(2, "b"), RecordFailures.FAIL);
      writer.flush();
    }
    assertThat(Files.readString(path)).isEqualTo("id,name\n1,a\n2,b\n");
  }

  private static final SinkOwner OWNER = new SinkOwner(JobId.of(1, 2), "s", new FencingToken(3));

  private static SinkWriter partWriter(Sink sink, int subtask) {
    return ((TwoPhaseSink) sink)
        .createWriter(
            new WriterContext(OWNER, subtask, 2, WriterContext.Visibility.AT_CHECKPOINTS));
  }

  @Test
  void names_sayWriterAndCheckpoint_andHiddenOnesTheOwner() {
    Path path = directory.resolve("a.b.json.gz");
    Sink sink = sink(path);
    String owner = "." + OWNER.job() + "-3.";
    try (SinkWriter writer = partWriter(sink, 1)) {
      writer.write(row(1, "a"), RecordFailures.FAIL);
      ((TwoPhaseSink) sink).commit(OWNER, writer.prepareCommit(7), RecordFailures.FAIL);
      writer.write(row(1, "a"), RecordFailures.FAIL);
      writer.prepareCommit(8);
      writer.write(row(1, "a"), RecordFailures.FAIL);
      assertThat(names(files(directory)))
          .containsExactly(
              ".a.b-1-8.json.gz" + owner + "pending",
              ".a.b-1.json.gz" + owner + "writing",
              "a.b-1-7.json.gz");
    }
    assertThat(names(files(directory)))
        .containsExactly(".a.b-1-8.json.gz" + owner + "pending", "a.b-1-7.json.gz");
  }

  @Test
  void endWithoutCheckpoint_givesTheFileThatWasAskedFor_afterTheCommit() throws IOException {
    Path path = directory.resolve("x.csv");
    TwoPhaseSink sink = (TwoPhaseSink) sink(path, "format", "csv");
    for (int round = 0; round < 2; round++) {
      try (SinkWriter writer =
          sink.createWriter(new WriterContext(OWNER, 0, 1, WriterContext.Visibility.AT_END))) {
        if (round == 1) {
          writer.write(row(1, "a"), RecordFailures.FAIL);
        }
        writer.flush();
        writer.endOfInput();
        List<Sink.CommitHandle> handles = writer.prepareCommit(1);
        if (round == 0) {
          assertThat(visibleFiles(directory)).isEmpty();
        }
        sink.commit(OWNER, handles, RecordFailures.FAIL);
      }
      assertThat(names(files(directory))).containsExactly("x.csv");
      assertThat(Files.readString(path)).isEqualTo(round == 0 ? "id,name\n" : "id,name\n1,a\n");
    }
  }

  @Test
  void restoredWithoutARowLeft_leavesTheFilesAsTheyAre() throws IOException {
    TwoPhaseSink sink = (TwoPhaseSink) sink(directory.resolve("x.json"));
    Files.writeString(directory.resolve("x-1.json"), "old");
    try (SinkWriter writer = partWriter(sink, 1)) {
      writer.restored();
      writer.endOfInput();
      assertThat(writer.prepareCommit(2)).isEmpty();
    }
    assertThat(directory.resolve("x-1.json")).hasContent("old");
  }

  /** Its handle says only what the part is called afterwards. */
  @Test
  void partOfAnOldSnapshot_isCommitted() throws IOException {
    Path part = directory.resolve("x-0-3.json");
    Files.writeString(directory.resolve(".x-0-3.json.pending"), "whole");
    TwoPhaseSink sink = (TwoPhaseSink) sink(directory.resolve("x.json"));
    for (int i = 0; i < 2; i++) {
      sink.settle(
          OWNER,
          List.of(new Sink.CommitHandle(part.toString())),
          TwoPhaseSink.Unknown.TAKE_BACK,
          RecordFailures.FAIL);
    }
    assertThat(part).hasContent("whole");
    assertThat(files(directory)).hasSize(1);
  }

  @Test
  void settle_leavesFilesOfOthersAlone() throws IOException {
    List<String> others =
        List.of(
            ".x-0-3.json." + JobId.of(9, 9) + "-1.pending",
            ".x-0-3.json." + OWNER.job() + "-4.pending",
            ".xy-0-3.json." + OWNER.job() + "-1.pending",
            ".x.json",
            "x-0-3.json");
    for (String name : others) {
      Files.writeString(directory.resolve(name), "other");
    }
    Files.writeString(directory.resolve(".x-0-3.json." + OWNER.job() + "-2.pending"), "mine");
    Files.writeString(directory.resolve(".x-1.json." + OWNER.job() + "-3.writing"), "mine");
    TwoPhaseSink sink = (TwoPhaseSink) sink(directory.resolve("x.json"));
    sink.settle(OWNER, List.of(), TwoPhaseSink.Unknown.KEEP, RecordFailures.FAIL);
    assertThat(files(directory)).hasSize(7);
    sink.settle(OWNER, List.of(), TwoPhaseSink.Unknown.TAKE_BACK, RecordFailures.FAIL);
    assertThat(names(files(directory))).containsExactlyInAnyOrderElementsOf(others);
  }

  @Test
  void leftoverTemporary_isRemoved() throws IOException {
    Files.writeString(directory.resolve(".x-0.json.writing"), "half");
    sink(directory.resolve("x.json")).createWriter("s", 0, 1).close();
    assertThat(files(directory)).isEmpty();
  }

  @Test
  void failedJob_leavesTheOlderFileAsItWas() throws IOException {
    Path path = directory.resolve("x.json");
    Files.writeString(path, "old");
    try (SinkWriter writer = sink(path).createWriter("s", 0, 1)) {
      writer.write(row(1, "a"), RecordFailures.FAIL);
    }
    assertThat(Files.readString(path)).isEqualTo("old");
    assertThat(files(directory)).hasSize(1);
  }

  static boolean canMakePipes() {
    return Files.isExecutable(Path.of("/usr/bin/mkfifo"));
  }

  /** A pipe stands for every device: renaming a file to its name would take it from everybody. */
  @Test
  @EnabledIf("canMakePipes")
  void deviceOrPipe_isRefused_andNeverReplaced() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("/usr/bin/mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> sink(pipe).createWriter("s", 0, 1))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("replaces only ordinary files");
    Path whole = Files.writeString(directory.resolve("whole"), "rows");
    assertThatThrownBy(() -> FileSink.move(whole, pipe))
        .hasMessageContaining("replaces only ordinary files");
    assertThat(Files.readAttributes(pipe, BasicFileAttributes.class).isOther()).isTrue();
    assertThat(whole).hasContent("rows");
  }

  @Test
  void directoryInsteadOfAFile_isRefused() {
    assertThatThrownBy(() -> sink(directory).createWriter("s", 0, 1))
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.USER))
        .hasMessageContaining("is a directory");
  }

  @Test
  void fileInPlaceOfADirectory_isRefused() throws IOException {
    Files.writeString(directory.resolve("plain"), "x");
    assertThatThrownBy(() -> sink(directory.resolve("plain/rows.json")).createWriter("s", 0, 1))
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.USER))
        .hasMessageContaining("nothing has been written");
  }

  @Test
  void fullDisk_isAnErrorOfResources() {
    FluxCoreException error =
        FileErrors.of(
            new IOException("No space left on device"),
            "write",
            Path.of("rows.json"),
            "rows up to the last completed checkpoint are kept");
    assertThat(error.category()).isEqualTo(ErrorCategory.RESOURCE);
    assertThat(error).hasMessageContaining("are kept").hasMessageContaining("make room");
  }

  @Test
  void wrongCsvStyle_isRefused() {
    assertThatThrownBy(() -> sink(directory.resolve("x.csv"), "delimiter", "ab"))
        .hasMessageContaining("not one character");
    assertThatThrownBy(() -> sink(directory.resolve("x.csv"), "nullText", "a,b"))
        .hasMessageContaining("null text");
  }

  @Test
  void tabSeparated_quotesWhatNeedsIt() throws IOException {
    Path path = directory.resolve("x.tsv");
    try (SinkWriter writer =
        sink(path, "format", "csv", "delimiter", "\\t", "header", false, "nullText", "-")
            .createWriter("s", 0, 1)) {
      writer.write(row(1, "a,b"), RecordFailures.FAIL);
      writer.write(row(2, "a\tb"), RecordFailures.FAIL);
      writer.write(row(3, "-"), RecordFailures.FAIL);
      writer.write(row(4, null), RecordFailures.FAIL);
      writer.flush();
    }
    assertThat(Files.readString(path)).isEqualTo("1\ta,b\n2\t\"a\tb\"\n3\t\"-\"\n4\t-\n");
  }
}
