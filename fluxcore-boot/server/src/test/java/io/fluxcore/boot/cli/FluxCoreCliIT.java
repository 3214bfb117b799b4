package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program as a process: exit codes, streams, signals, full disks. */
@Timeout(300)
class FluxCoreCliIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;

  private Path job(String source, String sink) throws IOException {
    return Files.writeString(
        folder.resolve("job.yaml"),
        """
        job: {name: forked}
        topology:
          - name: in
            source: %s
          - name: out
            sink: %s
        """
            .formatted(source, sink));
  }

  @Test
  void rowsGoToStandardOutput_messagesToStandardError() throws Exception {
    job("{connector: generator, count: 3}", "{connector: console, format: json}");
    Program.Result result = Program.run(folder, "run", "job.yaml");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out().lines()).hasSize(3).allMatch(line -> line.startsWith("{"));
    assertThat(result.err()).contains("Job forked FINISHED", "OPERATOR", "DROPPED");
    assertThat(result.err()).doesNotContain("\u001b");
    assertThat(folder.resolve("forked.dead-letters.ndjson")).doesNotExist();
  }

  @Test
  void invalidFile_exits2_withPlaceHintAndCode() throws Exception {
    job("{connector: generator, cuont: 3}", "{connector: console}");
    Program.Result result = Program.run(folder, "run", "job.yaml");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("job.yaml:4:36:", "'cuont'", "did you mean 'count'", "FLX-JOBFILE-0020");
  }

  @Test
  void missingInput_exits1() throws Exception {
    job("{connector: file, path: nowhere.log, format: text}", "{connector: console}");
    Program.Result result = Program.run(folder, "run", "job.yaml");
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).contains("the job failed", "nowhere.log", "FLX-FILE-");
  }

  @Test
  void outputThatIsNoFile_exits1_andIsLeftAlone() throws Exception {
    Files.createDirectory(folder.resolve("taken"));
    job("{connector: generator, count: 3}", "{connector: file, path: taken}");
    Program.Result result = Program.run(folder, "run", "job.yaml");
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).contains("taken", "is a directory", "FLX-FILE-0101");
    assertThat(folder.resolve("taken")).isDirectory();
  }

  /** A limit on the size of files is what a full disk looks like to one process alone. */
  @Test
  void diskFull_exits1_andNoHalfFileIsSeen() throws Exception {
    job("{connector: generator, count: 200000}", "{connector: file, path: out/rows.json}");
    Program.Result result = shell("ulimit -f 1024; exec \"$0\" run job.yaml");
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).contains("the job failed in 'out'", "FLX-FILE-", "out/rows.json");
    assertThat(folder.resolve("out/rows.json")).doesNotExist();
  }

  static boolean hasFullDevice() {
    return Files.isWritable(Path.of("/dev/full"));
  }

  /** The shell opens the device; no file sink is near it. */
  @ParameterizedTest(name = "{0}")
  @EnabledIf("hasFullDevice")
  @ValueSource(strings = {"table", "json", "ndjson"})
  void standardOutputOnAFullDisk_exits1(String format) throws Exception {
    job("{connector: generator, count: 100}", "{connector: console}");
    Program.Result result = shell("exec \"$0\" run job.yaml -o " + format + " > /dev/full");
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).contains("No space left on device");
  }

  @Test
  void readerOfAPipeThatLeaves_endsTheJob() throws Exception {
    job("{connector: generator, rate: 1000}", "{connector: console, format: json}");
    Program.Result result = shell("\"$0\" run job.yaml | head -n 1 | wc -l; exit ${PIPESTATUS[0]}");
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.out().strip()).isEqualTo("1");
    assertThat(result.err()).contains("the job failed in 'out'", "FLX-CONSOLE-0001");
  }

  private Program.Result shell(String line) throws IOException, InterruptedException {
    String program = Program.ROOT.resolve("bin/fluxcore").toString();
    Process process = Program.start(folder, List.of("bash", "-c", line, program));
    return Program.result(folder, process, "");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"INT, 130", "TERM, 143"})
  void signal_stopsInOrder_withSummary(String signal, int exitCode) throws Exception {
    job("{connector: generator, rate: 1000}", "{connector: console}");
    Process process = Program.start(folder, "run", "job.yaml", "-o", "ndjson");
    String sent = signal.equals("INT") && ignoresInterrupts() ? "TERM" : signal;
    StringBuilder out = new StringBuilder();
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (int i = 0; i < 50; i++) {
      out.append(reader.readLine()).append('\n');
    }
    Program.signal(process, sent);
    reader.lines().forEach(line -> out.append(line).append('\n'));
    Program.Result result = Program.result(folder, process, out.toString());
    assertThat(result.exitCode()).as(result.err()).isEqualTo(sent.equals(signal) ? exitCode : 143);
    assertThat(result.err()).contains("Stopping", "Job forked STOPPED");
    List<String> lines = result.out().lines().toList();
    String summary = lines.get(lines.size() - 1);
    int rows = lines.size() - 1;
    assertThat(summary).startsWith("{\"summary\":").contains("\"status\":\"STOPPED\"");
    assertThat(summary)
        .as("what was read was written")
        .contains("\"operator\":\"out\",\"stage\":0,\"subtasks\":1,\"in\":" + rows + ",");
  }

  @Test
  void secondSignal_endsAJobWhoseOutputNobodyReads() throws Exception {
    job("{connector: generator}", "{connector: console}");
    Process process = Program.start(folder, "run", "job.yaml", "-o", "ndjson");
    assertThat(process.getInputStream().read()).as("it writes").isPositive();

    Program.signal(process, "TERM");
    await("Stopping; press Ctrl-C again to cancel.");
    Program.signal(process, "TERM");
    await("Given up.");

    Program.Result result = Program.result(folder, process, "");
    assertThat(result.exitCode()).as(result.err()).isEqualTo(143);
    assertThat(result.err()).contains("Cancelling.");
  }

  /** Waits for a message on standard error. */
  private void await(String message) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.readString(folder.resolve("stderr.txt")).contains(message)) {
      assertThat(System.nanoTime()).as("waiting for '" + message + "'").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Whether children of this process inherit that Ctrl-C is ignored, as in background jobs. */
  private static boolean ignoresInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return false;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }
}
