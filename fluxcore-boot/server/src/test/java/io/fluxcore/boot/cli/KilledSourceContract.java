package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.kit.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a source keeps into which others push, and which cannot tell them so, while FluxCore is
 * killed again and again: what it has taken is written, each once. A source's test extends it, and
 * says how one pushes.
 */
@Timeout(600)
abstract class KilledSourceContract {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int KILLS = 3;
  private static final long AT_ONCE = 500;

  final int port = FreePort.next();
  @TempDir private Path folder;

  /** The source, as a job file writes it, without its spool and the schema. */
  abstract String source();

  /** Pushes events with an {@code id} each, as soon as they can be taken. */
  abstract void push(long fromId, long toId) throws Exception;

  private String job() {
    return """
    job:
      name: pushed
      parallelism: 1
      checkpointInterval: 700ms
      deliveryGuarantee: exactly-once
      restartStrategy: {fixedDelay: {attempts: 100000, delay: 200ms}}
    topology:
      - name: in
        source:
    %s
          spool: %s
          schema: {id: long}
      - name: out
        sink: {connector: file, path: "%s"}
    """
        .formatted(
            source().strip().indent(6).stripTrailing(),
            folder.resolve("spool"),
            folder.resolve("out/rows.json"));
  }

  private List<Long> written() throws IOException {
    List<Long> ids = new ArrayList<>();
    Path directory = folder.resolve("out");
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.filter(f -> !f.getFileName().toString().startsWith(".")).toList()) {
          for (String line : Files.readAllLines(file)) {
            ids.add(JSON.readTree(line).path("id").asLong());
          }
        }
      }
    }
    return ids.stream().sorted().toList();
  }

  @Test
  void whatWasTaken_outlivesKills_andIsWrittenOnce() throws Exception {
    Path home = Files.createDirectories(folder.resolve("home"));
    RunningServer server = RunningServer.start(home);
    try {
      String job = server.submit(job());
      long pushed = 0;
      for (int kill = 0; kill <= KILLS; kill++) {
        push(pushed, pushed + AT_ONCE);
        pushed += AT_ONCE;
        while (server.rowsRead(job) < pushed) {
          TimeUnit.MILLISECONDS.sleep(10);
        }
        if (kill < KILLS) {
          server.close();
          server = RunningServer.start(home);
        }
      }
      while (written().size() < pushed) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
      assertThat(written()).isEqualTo(LongStream.range(0, pushed).boxed().toList());
    } finally {
      server.close();
    }
  }
}
