package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.adapters.in.cli.FluxCoreCommandLine;
import io.fluxcore.adapters.in.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The examples of {@code examples/patterns.md}, run as they are: every row of them. */
class PatternExamplesTest {
  private static List<String> rows(String example, String... fields) {
    return run(example, List.of(), fields);
  }

  private static List<String> run(String example, List<String> settings, String... fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal streams =
        new Terminal(out, new PrintStream(err, true, StandardCharsets.UTF_8), false, false);
    List<String> arguments = new ArrayList<>(List.of("run"));
    arguments.add(Program.ROOT.resolve("examples/" + example + ".yaml").toString());
    arguments.addAll(List.of("-o", "json"));
    arguments.addAll(settings);
    int exit =
        new FluxCoreCommandLine(
                streams,
                handler -> {},
                EmbeddedEngine::new,
                options -> {
                  throw new IllegalStateException("no server was asked for");
                },
                "test")
            .execute(arguments.toArray(String[]::new));
    assertThat(exit).as(err.toString(StandardCharsets.UTF_8)).isZero();
    JsonNode document = JsonMapper.builder().build().readTree(out.toString(StandardCharsets.UTF_8));
    assertThat(document.path("summary").path("status").asString()).isEqualTo("FINISHED");
    List<String> rows = new ArrayList<>();
    for (JsonNode row : document.path("rows")) {
      List<String> values = new ArrayList<>();
      for (String field : fields) {
        values.add(row.path(field).asString());
      }
      rows.add(String.join(" ", values));
    }
    return rows;
  }

  @Test
  void threeFailedLoginsInARow_withinFiveMinutes_areAnAlert() {
    assertThat(rows("failed-logins", "user", "match_start", "match_end", "addresses", "last_ip"))
        .containsExactly(
            "eve 2026-01-05T08:01:10Z 2026-01-05T08:02:10Z 3 203.0.113.6",
            "eve 2026-01-05T08:10:00Z 2026-01-05T08:14:00Z 3 203.0.113.5");
  }

  @Test
  void crawlersBelowTheLimit_andSilentOnes_areAlerts() {
    assertThat(rows("slow-crawlers", "crawler", "alert", "since"))
        .containsExactlyInAnyOrder(
            "north slow 2026-01-05T10:01:00Z",
            "south slow 2026-01-05T10:04:00Z",
            "north silent 2026-01-05T10:01:10Z",
            "south silent 2026-01-05T10:01:35Z",
            "south silent 2026-01-05T10:04:00Z");
  }

  @Test
  void higherLimit_givesMoreAlerts() {
    assertThat(run("slow-crawlers", List.of("--set", "qps=0.07"), "crawler", "alert", "since"))
        .contains("south slow 2026-01-05T10:00:00Z", "south slow 2026-01-05T10:01:00Z")
        .doesNotContain("north slow 2026-01-05T10:00:00Z");
  }

  @Test
  void implausibleTemperatures_areLeftOutOfTheAverage() {
    assertThat(rows("temperatures", "room", "window_start", "celsius", "readings"))
        .containsExactlyInAnyOrder(
            "attic 2026-01-05T12:00:00Z 21.0 2",
            "cellar 2026-01-05T12:00:00Z 10.0 2",
            "attic 2026-01-05T12:01:00Z 22.0 1");
  }
}
