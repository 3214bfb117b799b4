package io.fluxcore.adapters.out.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.out.format.JsonReadBack;
import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.TwoPhaseSink.Unknown;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.application.connector.WriterContext.Visibility;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is full, or that cannot be written: a file system of its own, which is mounted for
 * the test. Where mounting is not permitted the tests fail and say so.
 */
final class FileSinkDiskIT {
  private static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("text", DataType.STRING).build();
  private static final SinkOwner OWNER = new SinkOwner(JobId.of(1, 2), "s", new FencingToken(1));
  private static final RecordFailures FAIL = RecordFailures.FAIL;

  @TempDir private Path folder;
  private Path disk;

  @BeforeEach
  void mountDisk() throws Exception {
    disk = Files.createDirectories(folder.resolve("disk"));
    mount("mount", "-t", "tmpfs", "-o", "size=1m", "fluxcore-test", "" + disk);
  }

  @AfterEach
  void unmount() throws Exception {
    mount("umount", "" + disk);
  }

  private static void mount(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor())
        .as(
            "this test mounts a small disk, for which it must be root: %s: %s",
            String.join(" ", command), said)
        .isZero();
  }

  private TwoPhaseSink sink() {
    FileSinkConnector connector = new FileSinkConnector();
    return (TwoPhaseSink)
        connector.create(
            OptionParser.parse(
                    connector.descriptor(),
                    Map.of("path", disk.resolve("out/rows.json"), "rollSize", "100kb"))
                .orThrow(),
            SCHEMA);
  }

  private static SinkWriter writer(TwoPhaseSink sink, long after) {
    return sink.createWriter(new WriterContext(OWNER, 0, 1, Visibility.AT_CHECKPOINTS, after));
  }

  private static EventBatch row(long id) {
    return new EventBatchBuilder(SCHEMA).row(0, id, "x".repeat(10_000)).build();
  }

  @Test
  void fullDisk_isToldAsThat_leavesNoRowTwice_andTheNextAttemptGoesOn() throws IOException {
    TwoPhaseSink sink = sink();
    List<CommitHandle> registered;
    try (SinkWriter writer = writer(sink, 0)) {
      writer.write(row(0), FAIL);
      registered = writer.prepareCommit(1);
      sink.commit(OWNER, registered, FAIL);
      assertThatThrownBy(
              () -> {
                for (int id = 1; ; id++) {
                  writer.write(row(id), FAIL);
                }
              })
          .isInstanceOfSatisfying(
              FluxCoreException.class,
              e -> assertThat(e.category()).isEqualTo(ErrorCategory.RESOURCE))
          .hasMessageContaining("No space left on device")
          .hasMessageContaining("rows up to the last completed checkpoint are kept");
    }
    sink.settle(OWNER, registered, Unknown.TAKE_BACK, FAIL);
    assertThat(PartFiles.in(disk, true)).isEmpty();
    try (SinkWriter writer = writer(sink, 1)) {
      writer.write(row(1), FAIL);
      sink.commit(OWNER, writer.prepareCommit(2), FAIL);
    }
    List<Path> files = PartFiles.in(disk, false);
    assertThat(files).hasSize(2);
    assertThat(files.stream().flatMap(f -> JsonReadBack.rows(SCHEMA, PartFiles.text(f)).stream()))
        .extracting(row -> row.get(0))
        .containsExactly(0L, 1L);
  }

  @Test
  void readOnlyDisk_isToldAtSubmission_andByWriters() throws Exception {
    TwoPhaseSink sink = sink();
    sink.check();
    try (SinkWriter writer = writer(sink, 0)) {
      mount("mount", "-o", "remount,ro", "" + disk);
      assertThatThrownBy(sink::check)
          .isInstanceOfSatisfying(
              FluxCoreException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.USER))
          .hasMessageContaining("is not writable for this user");
      assertThatThrownBy(() -> writer.write(row(0), FAIL))
          .isInstanceOfSatisfying(
              FluxCoreException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.USER))
          .hasMessageContaining("Read-only file system");
    }
  }
}
