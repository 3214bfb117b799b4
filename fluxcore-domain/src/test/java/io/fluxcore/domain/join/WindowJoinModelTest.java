package io.fluxcore.domain.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.harness.Mode;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.window.CumulativeWindows;
import io.fluxcore.domain.window.TimeWindows;
import io.fluxcore.domain.window.WindowSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Window joins of every type against {@link JoinReference}, on seeded random input, in every mode:
 * cases take turns with the modes.
 */
class WindowJoinModelTest {
  private static final int SHARES = 6;

  /** The shape of a join, and what is random about the input. */
  record Case(JoinType type, TimeWindows window, boolean conditional, int keys, long seed) {
    boolean composite() {
      return seed % 2 == 0;
    }

    WindowJoin join(long lateness) {
      return new WindowJoin(
          JoinCases.join(type, composite(), conditional),
          window,
          new Lateness(lateness),
          seed % 3 != 0);
    }

    Script script(long early) {
      long base = seed % 4 == 0 ? -300 : 1_700_000_000_000L;
      return JoinCases.script(seed, 260, keys, base, 3, 40, early);
    }
  }

  static Stream<Case> cases() {
    List<TimeWindows> windows =
        List.of(
            WindowSpec.tumbling(20, 0),
            WindowSpec.sliding(30, 10, 0),
            WindowSpec.sliding(25, 10, 3),
            new CumulativeWindows(60, 20, -7),
            WindowSpec.sliding(10, 25, 4),
            WindowSpec.tumbling(1, 0));
    return LongStream.range(0, 36)
        .mapToObj(
            seed -> {
              Random random = new Random(seed);
              return new Case(
                  JoinType.values()[(int) seed % 6],
                  windows.get((int) (seed / 6) % 6),
                  random.nextBoolean(),
                  random.nextInt(4) == 0 ? 1 : 5,
                  seed);
            });
  }

  /** All windows in full, and what came too late for each input. */
  private static List<List<String>> expected(WindowJoin join, boolean conditional, Script script) {
    long watermark = Long.MIN_VALUE;
    Map<Long, List<List<JoinReference.Row>>> windows = new TreeMap<>();
    List<List<String>> outputs = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Watermark w) {
        watermark = w.time();
      } else if (element instanceof Script.Row row) {
        long slice = join.window().sliceStart(row.timestamp());
        if (join.window().isGap(slice)) {
          continue;
        }
        boolean taken = false;
        long last = join.window().lastEnd(slice);
        for (long end = join.window().firstEnd(slice);
            end <= last;
            end = join.window().nextEnd(end)) {
          if (end - 1 + join.lateness().millis() > watermark) {
            taken = true;
            windows
                .computeIfAbsent(end, e -> List.of(new ArrayList<>(), new ArrayList<>()))
                .get(row.input())
                .add(new JoinReference.Row(row));
          }
        }
        if (!taken) {
          outputs.get(1 + row.input()).add(JoinReference.text(row, script.schema(row.input())));
        }
      }
    }
    JoinReference reference = new JoinReference(join.join(), conditional, join.outputSchema());
    windows.forEach(
        (end, rows) ->
            reference.join(rows.get(0), rows.get(1), (l, r) -> true, new OfWindow(join, end)));
    outputs.get(0).addAll(reference.results());
    return outputs;
  }

  private record OfWindow(WindowJoin join, long end) implements JoinReference.Result {
    @Override
    public long time(JoinReference.@Nullable Row left, JoinReference.@Nullable Row right) {
      return end - 1;
    }

    @Override
    public List<Object> constants() {
      return join.emitsBounds()
          ? List.of(Instant.ofEpochMilli(join.window().start(end)), Instant.ofEpochMilli(end))
          : List.of();
    }
  }

  private static StageHarness harness(Case c, WindowJoin join) {
    return StageHarness.of(
        JoinCases.pipeline(join.join(), () -> join.operator(JoinCases.condition(c.conditional()))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inputWithoutLateRows_givesTheSameInEveryMode(Case c) {
    WindowJoin join = c.join(0);
    Script script = c.script(0);
    List<List<String>> expected = expected(join, c.conditional(), script);
    assertThat(expected.get(1)).isEmpty();
    assertThat(expected.get(2)).isEmpty();
    harness(c, join).share(c.seed(), SHARES).assertEverywhere(script, expected);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lateRows_leaveByTheirPorts_andAreCounted(Case c) {
    WindowJoin join = c.join(c.seed() % 2 == 0 ? 0 : 13);
    Script script = c.script(45);
    List<List<String>> expected = expected(join, c.conditional(), script);
    StageHarness harness = harness(c, join).withoutInterleaving();
    harness.share(c.seed(), SHARES).assertEverywhere(script, expected);
    assertThat(harness.run(script, Mode.PLAIN).ledger("join").late())
        .isEqualTo(expected.get(1).size() + expected.get(2).size());
  }
}
