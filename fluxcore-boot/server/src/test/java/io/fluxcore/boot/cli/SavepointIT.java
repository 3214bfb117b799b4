package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The way of a savepoint on the command line, with a server in a process of its own. */
@Timeout(300)
final class SavepointIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int ROWS = 20_000;

  @TempDir private Path folder;
  private RunningServer server;

  @BeforeEach
  void start() throws IOException {
    server = RunningServer.start(Files.createDirectories(folder.resolve("server")));
  }

  @AfterEach
  void end() {
    server.close();
  }

  private Program.Result command(String line, String... more)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(line.split(" ")));
    words.addAll(List.of(more));
    words.addAll(List.of("--server", server.url(), "-o", "json"));
    return Program.run(folder, words.toArray(String[]::new));
  }

  private JsonNode ask(String line, String... more) throws IOException, InterruptedException {
    Program.Result result = command(line, more);
    assertThat(result.exitCode()).as(line + ": " + result.out() + result.err()).isZero();
    return JSON.readTree(result.out());
  }

  /** Counts rows by key in a window that ends with the input. */
  private String file(String name, int parallelism, int rate) throws IOException {
    return Files.writeString(
            folder.resolve(name + ".yaml"),
            """
            job: {name: %s, parallelism: %d}
            topology:
              - name: in
                source: {connector: generator, rate: %d, count: %d, splits: 4}
              - name: hour
                window: {tumbling: {duration: 1h}}
              - name: counts
                aggregate:
                  groupBy: key
                  fields: {seen: count}
              - name: out
                sink: {connector: file, path: "%s"}
            """
                .formatted(
                    name, parallelism, rate, ROWS, folder.resolve(name).resolve("rows.json")))
        .toString();
  }

  private long seen(String name) throws IOException {
    long seen = 0;
    try (Stream<Path> files = Files.list(folder.resolve(name))) {
      for (Path file : files.toList()) {
        for (String line : Files.readAllLines(file)) {
          seen += JSON.readTree(line).path("seen").asLong();
        }
      }
    }
    return seen;
  }

  @Test
  void savepoint_isMade_broughtElsewhere_andRestoredAtAnotherParallelism() throws Exception {
    ask("job submit", file("slow", 1, 500));
    while (ask("job metrics slow").at("/operators/0/rowsIn").asLong() == 0) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    JsonNode made = ask("savepoint create slow --stop --wait --label", "before the move");
    String id = made.at("/result/savepointId").asString();
    assertThat(ask("savepoint list --job slow").at("/items/0/id").asString()).isEqualTo(id);
    assertThat(ask("job get slow").path("state").asString()).isEqualTo("STOPPED");

    Path file = folder.resolve("slow.savepoint");
    assertThat(ask("savepoint export " + id, file.toString()).path("bytes").asLong())
        .isEqualTo(Files.size(file))
        .isPositive();
    assertThat(command("savepoint delete " + id).exitCode()).as("nobody to be asked").isEqualTo(2);
    ask("savepoint delete --yes " + id);
    assertThat(command("savepoint restore " + id).exitCode()).isEqualTo(3);
    JsonNode brought = ask("savepoint import", file.toString());
    assertThat(brought.path("label").asString()).isEqualTo("before the move");
    String imported = brought.path("id").asString();
    JsonNode contents = ask("savepoint describe " + imported);
    assertThat(contents.toString()).contains("\"split\":");

    JsonNode restored = ask("savepoint restore --parallelism 2 " + imported);
    assertThat(restored.path("parallelism").asInt()).isEqualTo(2);
    assertThat(restored.path("name").asString()).isEqualTo("slow");
    ask("job cancel slow --wait");

    String fast = file("fast", 3, 0);
    assertThat(ask("savepoint restore --dry-run " + imported, "--file", fast).toString())
        .contains("\"fate\":\"KEPT\"")
        .doesNotContain("DROPPED", "INCOMPATIBLE");
    JsonNode finished = ask("savepoint restore --wait " + imported, "--file", fast);
    assertThat(finished.path("state").asString()).as(finished.toString()).isEqualTo("FINISHED");
    assertThat(finished.path("parallelism").asInt()).isEqualTo(3);
    assertThat(seen("fast")).isEqualTo(ROWS);
    assertThat(seenBefore(contents)).isBetween(1L, ROWS - 1L);
  }

  /** Rows that had been read when the savepoint was made: what the restored job did not read. */
  private static long seenBefore(JsonNode contents) {
    long rows = 0;
    for (JsonNode operator : contents.path("operators")) {
      for (JsonNode split : operator.path("splits")) {
        rows += Long.parseLong(split.path("position").asString("0"));
      }
    }
    return rows;
  }
}
