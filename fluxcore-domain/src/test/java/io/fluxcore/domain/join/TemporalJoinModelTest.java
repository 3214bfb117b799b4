package io.fluxcore.domain.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.harness.Mode;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Temporal joins against a search through all changes, on seeded random input, in every mode: cases
 * take turns with the modes.
 */
class TemporalJoinModelTest {
  private static final int SHARES = 6;

  /** What is random about the input. */
  record Case(
      JoinType type, boolean conditional, int keys, long step, @Nullable Duration life, long seed) {
    TemporalJoin join(long lateness) {
      return new TemporalJoin(
          JoinCases.join(type, seed % 2 == 0, conditional), new Lateness(lateness), life);
    }

    /** Changes of the table have times of their own, so that it is certain which comes last. */
    Script script(long early, boolean deletions) {
      long base = seed % 4 == 0 ? -300 : 1_700_000_000_000L;
      Script any = JoinCases.script(seed, 260, keys, base, step, 40 * step, early);
      Random random = new Random(seed);
      Set<Long> taken = new HashSet<>();
      long watermark = Long.MIN_VALUE;
      Script.Builder script = Script.of(JoinCases.ORDERS, JoinCases.PAYMENTS);
      for (Script.Element element : any.elements()) {
        if (element instanceof Script.Row row) {
          long time = row.timestamp();
          while (row.input() == 1 && !taken.add(time)) {
            time++;
          }
          RowKind kind = row.input() == 0 || !deletions ? RowKind.INSERT : any(random);
          script.row(row.input(), kind, time, row.values().toArray());
        } else if (element instanceof Script.Watermark w) {
          // rows are joined when the watermark has moved a little
          if (early == 0 || watermark == Long.MIN_VALUE || w.time() - watermark > 100) {
            watermark = w.time();
            script.watermark(watermark);
          }
        } else {
          script.cut();
        }
      }
      return script.end();
    }

    private static RowKind any(Random random) {
      return RowKind.values()[random.nextInt(4)];
    }
  }

  static Stream<Case> cases() {
    return LongStream.range(0, 24)
        .mapToObj(
            seed -> {
              Random random = new Random(seed);
              long step = seed % 3 == 0 ? 200 : 3;
              return new Case(
                  seed % 2 == 0 ? JoinType.INNER : JoinType.LEFT,
                  random.nextBoolean(),
                  random.nextInt(3) == 0 ? 1 : 4,
                  step,
                  random.nextInt(3) == 0 ? Duration.ofMillis(30 * step) : null,
                  seed);
            });
  }

  /** Watermarks that are far apart: which changes come too late for a row is certain then. */
  static Stream<Case> casesOfLongSteps() {
    return cases().filter(c -> c.step() > 100);
  }

  private static List<List<String>> expected(TemporalJoin join, Case c, Script script) {
    long watermark = Long.MIN_VALUE;
    List<Script.Row> lefts = new ArrayList<>();
    List<Script.Row> changes = new ArrayList<>();
    List<List<String>> outputs = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    JoinReference keys = new JoinReference(join.join(), false, join.outputSchema());
    JoinReference reference = new JoinReference(join.join(), c.conditional(), join.outputSchema());
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Watermark w) {
        watermark = w.time();
        long horizon = watermark - join.lateness().millis();
        lefts.stream()
            .filter(left -> left.timestamp() <= horizon)
            .forEach(left -> reference.addAsOf(left, changes, c.life()));
        lefts.removeIf(left -> left.timestamp() <= horizon);
      } else if (element instanceof Script.Row row) {
        long horizon = watermark - join.lateness().millis();
        boolean late = watermark != Long.MIN_VALUE && row.timestamp() <= horizon;
        if (row.input() == 1) {
          late &=
              changes.stream()
                  .anyMatch(
                      other ->
                          keys.sameKey(row, other)
                              && other.timestamp() > row.timestamp()
                              && other.timestamp() <= horizon);
        }
        if (row.input() == 1 && (row.kind() == RowKind.UPDATE_BEFORE || !keys.hasKey(row))) {
          continue;
        }
        if (late) {
          String text = JoinReference.text(row, script.schema(row.input()));
          outputs.get(1 + row.input()).add(text);
        } else {
          (row.input() == 0 ? lefts : changes).add(row);
        }
      }
    }
    lefts.forEach(left -> reference.addAsOf(left, changes, c.life()));
    outputs.get(0).addAll(reference.results());
    return outputs;
  }

  private static StageHarness harness(Case c, TemporalJoin join) {
    return StageHarness.of(
        JoinCases.pipeline(join.join(), () -> join.operator(JoinCases.condition(c.conditional()))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inputInAnyOrder_givesTheSameInEveryMode(Case c) {
    TemporalJoin join = c.join(c.seed() % 3 == 0 ? 7 : 0);
    Script script = c.script(0, true);
    List<List<String>> expected = expected(join, c, script);
    assertThat(expected.get(1)).isEmpty();
    assertThat(expected.get(2)).isEmpty();
    harness(c, join).share(c.seed(), SHARES).assertEverywhere(script, expected);
  }

  @ParameterizedTest
  @MethodSource("casesOfLongSteps")
  void lateRows_leaveByTheirPorts_andLateChangesCountForWhatFollows(Case c) {
    TemporalJoin join = c.join(c.seed() % 2 == 0 ? 0 : 13);
    Script script = c.script(45 * c.step(), false);
    List<List<String>> expected = expected(join, c, script);
    assertThat(expected.get(1)).isNotEmpty();
    StageHarness harness = harness(c, join).withoutInterleaving();
    harness
        .in(harness.modes().stream().map(mode -> mode.parallelism(mode.parallelism(), 1)).toList())
        .share(c.seed(), 2)
        .assertEverywhere(script, expected);
    assertThat(harness.run(script, Mode.PLAIN).ledger("join").late())
        .isEqualTo(expected.get(1).size() + expected.get(2).size());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void results_areNeverLateBehindTheJoin(Case c) {
    TemporalJoin join = c.join(c.seed() % 2 == 0 ? 0 : 13);
    StageHarness.of(
            JoinCases.behindIt(
                join.join(), () -> join.operator(JoinCases.condition(c.conditional()))))
        .in(List.of(Mode.PLAIN))
        .assertEverywhere(c.script(20, true), List.of(List.of()));
  }
}
