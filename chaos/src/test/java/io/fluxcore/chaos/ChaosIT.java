package io.fluxcore.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.chaos.Chaos.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short run of {@code bin/chaos}; the long one is for people. */
@Timeout(1_200)
final class ChaosIT {
  @TempDir private Path work;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

  private static Options options(String sink, int kills, Scenario... scenarios) {
    return new Options(
        kills, System.nanoTime() % 1_000_000, "rocksdb", sink, 2, List.of(scenarios));
  }

  @Test
  void killedAtAnyMoment_everyRowIsThereOnce() throws Exception {
    Options options =
        options(
            "file",
            5,
            Scenario.RANDOM,
            Scenario.SNAPSHOT,
            Scenario.COMMIT,
            Scenario.RESTORE,
            Scenario.PAUSE);

    Outcome outcome = new Chaos(options, work, out).runTogether();

    assertThat(outcome).as(said.toString(StandardCharsets.UTF_8)).isEqualTo(Outcome.PASSED);
  }

  @Test
  void killedWhileItWritesToPostgres_everyRowIsThereOnce() throws Exception {
    Options options = options("postgres", 2, Scenario.RANDOM, Scenario.COMMIT);

    Outcome outcome = new Chaos(options, work, out).runTogether();

    assertThat(outcome).as(said.toString(StandardCharsets.UTF_8)).isEqualTo(Outcome.PASSED);
  }

  /** Where nothing can be mounted it is not run, and says so. */
  @ParameterizedTest
  @EnumSource(names = {"END", "FULL_DISK", "READ_ONLY"})
  void scenario_losesNothing(Scenario scenario) throws Exception {
    Outcome outcome = new Chaos(options("file", 1, scenario), work, out).run();

    assertThat(outcome).as(said.toString(StandardCharsets.UTF_8)).isNotEqualTo(Outcome.FAILED);
  }
}
