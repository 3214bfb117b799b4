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

/** Rules of a running job on the command line, with a server in a process of its own. */
@Timeout(300)
final class RuleIT {
  private static final JsonMapper JSON = new JsonMapper();

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

  private Program.Result command(String line) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(line.split(" ")));
    words.addAll(List.of("--server", server.url()));
    return Program.run(folder, words.toArray(String[]::new));
  }

  private String ask(String line) throws IOException, InterruptedException {
    Program.Result result = command(line);
    assertThat(result.exitCode()).as(line + ": " + result.out() + result.err()).isZero();
    return result.out();
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private String job() throws IOException {
    return file(
        "job.yaml",
        """
        job: {name: watched}
        topology:
          - name: in
            source:
              connector: http
              stream: payments
              schema: {user: string, amount: long, at: long}
              timestampField: at
              maxOutOfOrderness: 0s
          - name: fraud
            pattern:
              key: user
              rules:
                - id: stays
                  stages: [{begin: a, where: amount = 1}, {followedBy: b, where: amount = 5}]
                  within: 1h
                - id: changes
                  stages: [{begin: a, where: amount = 1}, {followedBy: b, where: amount = 5}]
                  within: 1h
                - id: goes
                  stages: [{begin: a, where: amount = 1}, {followedBy: b, where: amount = 5}]
                  within: 1h
          - name: out
            sink: {connector: file, path: "%s"}
        """
            .formatted(folder.resolve("alerts").resolve("rows.json")));
  }

  /** A stream is there while its job runs, which an upgrade interrupts. */
  private void publish(String... events) throws IOException, InterruptedException {
    String file = file("events.json", String.join("\n", events) + "\n");
    long before = server.rowsRead("watched");
    while (command("stream publish payments " + file).exitCode() != 0) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
    while (server.rowsRead("watched") < before + events.length) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static String event(String user, int amount, long at) {
    return "{\"user\":\"%s\",\"amount\":%d,\"at\":%d}".formatted(user, amount, at);
  }

  @Test
  void rules_areChangedWhileTheJobRuns_othersKeepTheirPartialMatches() throws Exception {
    ask("job submit " + job());
    publish(event("ann", 1, 1_000), event("other", 0, 2_000));
    assertThat(ask("rule list watched fraud")).contains("stays", "followedBy b", "version 1\n");

    String comes =
        file(
            "comes.yaml",
            """
            id: comes
            stages: [{begin: c, where: amount = 2}, {next: d, where: amount = 5}]
            within: 1h
            """);
    assertThat(ask("rule put watched fraud " + comes)).isEqualTo("comes is in force\n");
    assertThat(ask("rule put watched fraud " + comes + " --if-version 1"))
        .as("what is so already is no change")
        .isEqualTo("comes is in force\n");
    String shown = ask("rule show watched fraud changes");
    String changed = file("changed.yaml", shown.replace("1h", "59m"));
    assertThat(command("rule put watched fraud " + changed + " --if-version 1").exitCode())
        .isEqualTo(5);
    ask("rule put watched fraud " + changed + " --if-version 1+rules.1");
    assertThat(command("rule delete watched fraud goes").exitCode()).isEqualTo(2);
    ask("rule delete watched fraud goes --yes");

    JsonNode rules = JSON.readTree(ask("rule list watched fraud -o json"));
    assertThat(rules.path("version").asString()).isEqualTo("1+rules.3");
    assertThat(rules.path("items").valueStream().map(rule -> rule.path("id").asString()))
        .containsExactly("stays", "changes", "comes");
    assertThat(server.get("/jobs/watched").path("version").asString()).isEqualTo("1+rules.3");

    publish(event("bob", 2, 3_000), event("ann", 5, 4_000), event("bob", 5, 5_000));
    ask("job stop watched --wait");
    assertThat(alerts()).containsExactlyInAnyOrder("ann stays", "bob comes");
  }

  private List<String> alerts() throws IOException {
    List<String> alerts = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.resolve("alerts"))) {
      for (Path file : files.toList()) {
        for (String line : Files.readAllLines(file)) {
          JsonNode alert = JSON.readTree(line);
          alerts.add(alert.path("user").asString() + " " + alert.path("rule").asString());
        }
      }
    }
    return alerts;
  }

  @Test
  void whatIsWrong_isTold_andTheJobGoesOn() throws Exception {
    ask("job submit " + job());
    String wrong = file("wrong.yaml", "id: wrong\nstages: [{begin: a, wher: x}]\nwithin: soon\n");
    Program.Result refused = command("rule put watched fraud " + wrong);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("wher", "soon", "wrong.yaml:2");
    String unfit =
        file("unfit.yaml", "id: unfit\nstages: [{begin: a, where: amont > 1 and usr = 'x'}]\n");
    refused = command("rule put watched fraud " + unfit);
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains("amont", "usr");
    assertThat(command("rule put watched fraud " + file("no.yaml", "stages: []\n")).exitCode())
        .as("without an id")
        .isEqualTo(2);
    assertThat(command("rule show watched fraud none").exitCode()).isEqualTo(3);
    assertThat(command("rule list watched in").exitCode()).isEqualTo(3);
    assertThat(server.get("/jobs/watched").path("version").asString()).isEqualTo("1");
    publish(event("ann", 1, 1_000));
    ask("job stop watched --wait");
  }
}
