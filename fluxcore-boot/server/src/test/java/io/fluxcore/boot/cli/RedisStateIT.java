package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.runtime.kit.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** State in a real Redis, through the doors of a user: the command line and the server. */
@Timeout(300)
final class RedisStateIT {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;
  private final List<Process> started = new ArrayList<>();
  private RedisServer redis;

  @BeforeEach
  void begin() {
    redis = RedisServer.startOwn();
  }

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
    redis.close();
  }

  private Process start(String backend, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "FLUXCORE_STATE_BACKEND=" + backend,
                "FLUXCORE_STATE_REDIS_URI=" + redis.uri(),
                "FLUXCORE_STATE_REDIS_CACHE=4KB",
                "FLUXCORE_STATE_REDIS_LEASE=2s",
                Program.ROOT.resolve("bin/fluxcore").toString()));
    command.addAll(List.of(arguments));
    Process process = Program.start(folder, command);
    started.add(process);
    return process;
  }

  private JsonNode rows(String backend) throws IOException, InterruptedException {
    Process process =
        start(
            backend,
            "run",
            Program.ROOT.resolve("examples/access-log.yaml").toString(),
            "-o",
            "json");
    Program.Result result = Program.result(folder, process, "");
    assertThat(result.exitCode()).as(result.err()).isZero();
    return JSON.readTree(result.out()).path("rows");
  }

  @Test
  void jobOfTheCommandLine_givesTheSameAsOnTheHeap() throws IOException, InterruptedException {
    JsonNode rows = rows("redis");
    assertThat(rows.size()).isPositive();
    assertThat(rows).isEqualTo(rows("heap"));
    assertThat(redis.ask("DBSIZE")).isEqualTo(":0");
  }

  private RunningServer startServer() throws IOException {
    return RunningServer.greeted(folder, start("redis", RunningServer.command(folder)));
  }

  /** A condition that may take a while to hold. */
  private interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  private static void await(Condition condition) throws IOException, InterruptedException {
    while (!condition.holds()) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private int number(String... command) throws IOException {
    return Integer.parseInt(redis.ask(command).substring(1));
  }

  @Test
  void serverThatIsKilled_goesOn_andWhatItHasLeftInRedisIsRemoved()
      throws IOException, InterruptedException {
    RunningServer server = startServer();
    String id =
        server.submit(
            """
            job: {name: users, checkpointInterval: 200ms}
            topology:
              - name: in
                source:
                  connector: generator
                  rate: 5000
                  fields: {user: {kind: uniform, min: 0, max: 20000, type: long}}
              - name: hour
                window: {tumbling: {duration: 1h}}
              - name: count
                aggregate: {groupBy: user, fields: {n: count}}
              - name: out
                sink: {connector: memory, overflow: dropOldest, maxRows: 10}
            """);
    await(() -> number("DBSIZE") > 200);
    server.await(id, job -> RunningServer.newest(job) > 0);
    String killed = redis.ask("SRANDMEMBER", "fluxcore:state:sessions");

    server.close();
    RunningServer again = startServer();
    again.await(id, RunningServer.says("from checkpoint"));
    await(() -> number("DBSIZE") > 200);
    await(() -> number("SISMEMBER", "fluxcore:state:sessions", killed) == 0);

    again.send("POST", "/jobs/" + id + "/cancel", "");
    await(() -> number("DBSIZE") == 0);
  }
}
