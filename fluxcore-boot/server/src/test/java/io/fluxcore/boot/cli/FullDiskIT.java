package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Checkpoints in a directory on a disk that is full, or that cannot be written: a file system of
 * its own, which is mounted for the test. Where mounting is not permitted the tests fail and say
 * so.
 */
@Timeout(600)
final class FullDiskIT {
  private static final int DISK_MEBIBYTES = 4;
  private static final String JOB =
      """
      job:
        name: counting
        checkpoints: {interval: 100ms, toleratedFailures: 100000}
      topology:
        - name: in
          source:
            connector: generator
            rate: 5000
            fields:
              at: time
              user: {kind: zipf, keys: 20000, prefix: user-}
        - name: year
          window:
            calendar: {unit: year, zone: UTC}
        - name: counts
          aggregate:
            groupBy: user
            fields: {n: count}
        - name: out
          sink: {connector: memory, overflow: dropOldest, maxRows: 10}
      """;

  @TempDir private Path folder;
  private Path disk;
  private RunningServer server;

  @BeforeEach
  void start() throws Exception {
    disk = Files.createDirectories(folder.resolve("disk"));
    mount("mount", "-t", "tmpfs", "-o", "size=" + DISK_MEBIBYTES + "m", "fluxcore-test", "" + disk);
    server =
        RunningServer.start(
            RunningServer.configured(
                folder.resolve("home"),
                "fluxcore: {checkpoints: {directory: \"" + disk.resolve("checkpoints") + "\"}}"));
  }

  @AfterEach
  void end() throws Exception {
    if (server != null) {
      server.close();
    }
    mount("umount", "" + disk);
  }

  private static void mount(String... command) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      // Busy: at this moment a file is open for writing.
      if (said.contains("busy") && System.nanoTime() < deadline) {
        continue;
      }
      assertThat(code)
          .as(
              "this test mounts a small disk, for which it must be root: %s: %s",
              String.join(" ", command), said)
          .isZero();
      return;
    }
  }

  /** All but a few KiB of the disk, in a file. */
  private Path fill() throws IOException {
    Path ballast = disk.resolve("ballast");
    try (var out = Files.newOutputStream(ballast)) {
      byte[] block = new byte[4 << 10];
      while (Files.getFileStore(disk).getUsableSpace() > (16 << 10)) {
        out.write(block);
      }
    }
    return ballast;
  }

  /** Directories of checkpoints without a manifest, and files that are not under their names. */
  private List<String> unfinished(String job) throws IOException {
    try (Stream<Path> all = Files.walk(disk.resolve("checkpoints").resolve(job), 2)) {
      return all.filter(
              path ->
                  path.getFileName().toString().startsWith("chk-")
                          && !Files.exists(path.resolve("MANIFEST"))
                      || path.getFileName().toString().startsWith(".manifest"))
          .map(Path::toString)
          .toList();
    }
  }

  private void assertGoesOn(long last) throws Exception {
    JsonNode well = server.await("counting", job -> RunningServer.newest(job) > last + 1);
    assertThat(well.path("state").asString()).isEqualTo("RUNNING");
    assertThat(RunningServer.history(well)).noneMatch(line -> line.startsWith("restarting"));
  }

  @Test
  void fullDisk_failsCheckpoints_untilThereIsRoom() throws Exception {
    String id = server.submit(JOB);
    server.await("counting", job -> RunningServer.newest(job) > 3);
    Path ballast = fill();
    JsonNode failed = server.await("counting", RunningServer.says("No space left on device"));
    assertThat(RunningServer.history(failed))
        .anyMatch(
            line ->
                line.matches("checkpoint \\d+ failed: .*")
                    && line.contains(disk.resolve("checkpoints").toString())
                    && line.contains("No space left on device"));
    server.awaitProgress("counting");
    long last = RunningServer.newest(server.get("/jobs/counting"));
    Files.delete(ballast);
    assertGoesOn(last);
    Program.signal(server.process(), "TERM");
    assertThat(server.process().waitFor()).isZero();
    assertThat(unfinished(id)).isEmpty();
  }

  @Test
  void diskThatCannotBeWritten_failsCheckpoints_untilItCan() throws Exception {
    String id = server.submit(JOB);
    server.await("counting", job -> RunningServer.newest(job) > 3);
    mount("mount", "-o", "remount,ro", "" + disk);
    JsonNode failed = server.await("counting", RunningServer.says("Read-only file system"));
    assertThat(RunningServer.history(failed))
        .anyMatch(
            line ->
                line.matches("checkpoint \\d+ failed: .*")
                    && line.contains(disk.resolve("checkpoints").toString()));
    server.awaitProgress("counting");
    long last = RunningServer.newest(server.get("/jobs/counting"));
    mount("mount", "-o", "remount,rw", "" + disk);
    assertGoesOn(last);
    Program.signal(server.process(), "TERM");
    assertThat(server.process().waitFor()).isZero();
    assertThat(unfinished(id)).isEmpty();
  }
}
