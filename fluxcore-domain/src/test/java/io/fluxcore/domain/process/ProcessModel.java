package io.fluxcore.domain.process;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.Mode;
import io.fluxcore.domain.harness.Outcome;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random programs of states and timers next to {@link NaiveProcess}, for any state backend. */
public final class ProcessModel {
  private static final Schema INPUT =
      Schema.builder()
          .field("user", DataType.STRING)
          .field("place", DataType.LONG)
          .field("seed", DataType.LONG)
          .build();

  private ProcessModel() {}

  private static Script script(long seed) {
    Random random = new Random(seed);
    Script.Builder script = Script.of(INPUT);
    long time = 0;
    long clock = 1_000;
    script.processingTime(clock);
    for (int i = 0; i < 120; i++) {
      time += random.nextInt(6);
      script.row(
          time - random.nextInt(30),
          random.nextInt(15) == 0 ? null : "u" + random.nextInt(3),
          (long) random.nextInt(2),
          random.nextLong());
      switch (random.nextInt(8)) {
        case 0 -> script.watermark(time - random.nextInt(20));
        case 1 -> script.processingTime(clock += random.nextInt(25));
        case 2 -> script.cut();
        default -> {}
      }
    }
    return script.end();
  }

  /**
   * Asserts that a program gives what it means.
   *
   * @param seed of the program, its states' lives and its script
   * @param modes in which it is run; rows of a key come by one partition in all of them
   */
  public static void check(int seed, List<Mode> modes) {
    boolean oneField = seed % 2 == 0;
    KeyedProcess process =
        new KeyedProcess(
            new RandomProgram(seed, seed % 3 == 0 ? 0 : 8),
            oneField ? List.of("user") : List.of("place", "user"),
            List.of(),
            null,
            RandomProgram.OUTPUT,
            Map.of("side", RandomProgram.SIDE));
    int[] ordinals = oneField ? new int[] {0} : new int[] {1, 0};
    Script script = script(seed);
    NaiveProcess expected = new NaiveProcess(process, ordinals).run(script);
    if (expected.outputs.get(0).size() < 200) {
      throw new AssertionError("the program of seed " + seed + " does next to nothing");
    }
    Outcome outcome =
        StageHarness.of(() -> process.operator(INPUT), Exchange.hash(ordinals), 2)
            .in(
                modes.stream()
                    .map(mode -> mode.parallelism(mode.parallelism(), 1))
                    .distinct()
                    .toList())
            .assertEverywhere(script, expected.outputs);
    if (outcome.failures().size() != expected.failures) {
      throw new AssertionError(
          expected.failures
              + " calls should have failed, and "
              + outcome.failures().size()
              + " did");
    }
  }
}
