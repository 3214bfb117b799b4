package io.fluxcore.domain.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.harness.Mode;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Interval joins of every type against {@link JoinReference}, on seeded random input, in every
 * mode: cases take turns with the modes.
 */
class IntervalJoinModelTest {
  private static final int SHARES = 6;

  /** The interval, and what is random about the input. */
  record Case(JoinType type, long lower, long upper, boolean conditional, int keys, long seed) {
    IntervalJoin join(long lateness) {
      return join(lateness, null);
    }

    IntervalJoin join(long lateness, @Nullable Duration lateMatches) {
      return new IntervalJoin(
          JoinCases.join(type, seed % 2 == 0, conditional),
          lower,
          upper,
          new Lateness(lateness),
          lateMatches);
    }

    /** By the seed: none, some, and more than the disorder of the script. */
    IntervalJoin joinOfLateRows() {
      long[] longer = {0, 17, 120};
      return join(seed % 2 == 0 ? 0 : 13, Duration.ofMillis(longer[(int) seed / 6 % 3]));
    }

    Script script(long early) {
      long base = seed % 4 == 0 ? -300 : 1_700_000_000_000L;
      return JoinCases.script(seed, 260, keys, base, 3, 40, early);
    }
  }

  static Stream<Case> cases() {
    long[][] intervals = {{-20, 20}, {0, 0}, {5, 90}, {-60, -10}, {-1, 400}, {-3, 4}};
    return LongStream.range(0, 36)
        .mapToObj(
            seed -> {
              Random random = new Random(seed);
              long[] interval = intervals[(int) (seed / 6) % intervals.length];
              return new Case(
                  JoinType.values()[(int) seed % 6],
                  interval[0],
                  interval[1],
                  random.nextBoolean(),
                  random.nextInt(4) == 0 ? 1 : 5,
                  seed);
            });
  }

  /** The later of both, or the time of the one. */
  private static long time(JoinReference.@Nullable Row left, JoinReference.@Nullable Row right) {
    return Math.max(
        left == null ? Long.MIN_VALUE : left.time(), right == null ? Long.MIN_VALUE : right.time());
  }

  /** All rows that are not late beside each other, and what came too late for each input. */
  private static List<List<String>> expected(IntervalJoin join, Case c, Script script) {
    long watermark = Long.MIN_VALUE;
    List<List<JoinReference.Row>> rows = List.of(new ArrayList<>(), new ArrayList<>());
    List<List<String>> outputs = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Watermark w) {
        watermark = w.time();
      } else if (element instanceof Script.Row row) {
        if (row.timestamp() + join.lateness().millis() <= watermark) {
          String text = JoinReference.text(row, script.schema(row.input()));
          outputs.get(1 + row.input()).add(text);
        } else {
          rows.get(row.input()).add(new JoinReference.Row(row));
        }
      }
    }
    JoinReference reference = new JoinReference(join.join(), c.conditional(), join.outputSchema());
    reference.join(
        rows.get(0),
        rows.get(1),
        (left, right) ->
            right.time() - left.time() >= c.lower() && right.time() - left.time() <= c.upper(),
        IntervalJoinModelTest::time);
    outputs.get(0).addAll(reference.results());
    return outputs;
  }

  private static StageHarness harness(Case c, IntervalJoin join) {
    return StageHarness.of(
        JoinCases.pipeline(join.join(), () -> join.operator(JoinCases.condition(c.conditional()))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inputWithoutLateRows_givesTheSameInEveryMode(Case c) {
    IntervalJoin join = c.join(0);
    Script script = c.script(0);
    List<List<String>> expected = expected(join, c, script);
    assertThat(expected.get(1)).isEmpty();
    assertThat(expected.get(2)).isEmpty();
    harness(c, join).share(c.seed(), SHARES).assertEverywhere(script, expected);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lateRows_leaveByTheirPorts_andAreCounted(Case c) {
    IntervalJoin join = c.join(c.seed() % 2 == 0 ? 0 : 13);
    Script script = c.script(45);
    List<List<String>> expected = expected(join, c, script);
    StageHarness harness = harness(c, join).withoutInterleaving();
    harness.share(c.seed(), SHARES).assertEverywhere(script, expected);
    assertThat(harness.run(script, Mode.PLAIN).ledger("join").late())
        .isEqualTo(expected.get(1).size() + expected.get(2).size());
  }

  /** The inputs by turns: whether a late row is given alone depends on what has come before it. */
  private static Script byTurns(Script script) {
    Script.Builder turns = Script.of(JoinCases.ORDERS, JoinCases.PAYMENTS);
    int last = 0;
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Watermark watermark) {
        turns.watermark(watermark.time());
      } else if (element instanceof Script.Row row) {
        if (row.input() != last) {
          turns.flush();
        }
        last = row.input();
        turns.row(row.input(), row.kind(), row.timestamp(), row.values().toArray());
      }
    }
    return turns.end();
  }

  /** Row by row, what is held and what has been given alone. */
  private static List<List<String>> expectedOfLateRows(IntervalJoin join, Case c, Script script) {
    long watermark = Long.MIN_VALUE;
    List<List<JoinReference.Row>> rows = List.of(new ArrayList<>(), new ArrayList<>());
    List<List<String>> outputs = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    JoinReference reference = new JoinReference(join.join(), c.conditional(), join.outputSchema());
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Watermark w) {
        watermark = w.time();
        for (List<JoinReference.Row> input : rows) {
          for (JoinReference.Row row : input) {
            giveAlone(reference, join, row, watermark);
          }
        }
      } else if (element instanceof Script.Row arrived) {
        JoinReference.Row row = new JoinReference.Row(arrived);
        for (JoinReference.Row other : rows.get(1 - arrived.input())) {
          match(reference, join, row, other, watermark);
        }
        giveAlone(reference, join, row, watermark);
        rows.get(arrived.input()).add(row);
        if (!row.matched
            && row.time() + join.lateness().millis() <= watermark
            && isDropped(join, row, watermark)
            && reference.hasKey(arrived)) {
          String text = JoinReference.text(arrived, script.schema(arrived.input()));
          outputs.get(1 + arrived.input()).add(text);
        }
      }
    }
    for (List<JoinReference.Row> input : rows) {
      for (JoinReference.Row row : input) {
        giveAlone(reference, join, row, Long.MAX_VALUE);
      }
    }
    outputs.get(0).addAll(reference.results());
    return outputs;
  }

  private static long reach(IntervalJoin join, JoinReference.Row row) {
    return (row.row.input() == 0 ? join.upperMillis() : -join.lowerMillis())
        + join.lateness().millis();
  }

  private static boolean isDropped(IntervalJoin join, JoinReference.Row row, long watermark) {
    return row.time() + reach(join, row) + join.lateMatches().toMillis() <= watermark;
  }

  /** {@code matched} is: has a result, be it alone. */
  private static void giveAlone(
      JoinReference reference, IntervalJoin join, JoinReference.Row row, long watermark) {
    boolean isLeft = row.row.input() == 0;
    boolean isOver = row.time() + reach(join, row) <= watermark || !reference.hasKey(row.row);
    if (!row.matched && isOver && join.join().type().givesUnmatched(row.row.input())) {
      row.matched = true;
      reference.add(isLeft ? row : null, isLeft ? null : row, IntervalJoinModelTest::time);
    }
  }

  private static void match(
      JoinReference reference,
      IntervalJoin join,
      JoinReference.Row row,
      JoinReference.Row other,
      long watermark) {
    JoinReference.Row left = row.row.input() == 0 ? row : other;
    JoinReference.Row right = row.row.input() == 0 ? other : row;
    long distance = right.time() - left.time();
    if (isDropped(join, other, watermark)
        || distance < join.lowerMillis()
        || distance > join.upperMillis()
        || !reference.matches(left.row, right.row)) {
      return;
    }
    if (join.join().type().givesPairs()) {
      reference.add(left, right, IntervalJoinModelTest::time);
    } else if (left.matched) {
      return; // one match decides on it
    } else if (join.join().type() == JoinType.SEMI) {
      reference.add(left, null, IntervalJoinModelTest::time);
    }
    left.matched = true;
    right.matched = true;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lateRows_thatMay_matchWhatIsHeld(Case c) {
    IntervalJoin join = c.joinOfLateRows();
    Script script = byTurns(c.script(150));
    List<List<String>> expected = expectedOfLateRows(join, c, script);
    StageHarness harness = harness(c, join).inOrderOfArrival().withoutInterleaving();
    harness.share(c.seed(), SHARES).assertEverywhere(script, expected);
    assertThat(harness.run(script, Mode.PLAIN).ledger("join").late())
        .isEqualTo(expected.get(1).size() + expected.get(2).size());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inputWithoutLateRows_givesTheSameWhereLateRowsMatch(Case c) {
    Script script = c.script(0);
    harness(c, c.join(0, Duration.ofMillis(50)))
        .share(c.seed(), SHARES)
        .assertEverywhere(script, expected(c.join(0), c, script));
  }

  /** Rows of their own are as late as they came; pairs, and rows of semi joins, are not. */
  @ParameterizedTest
  @MethodSource("cases")
  void pairsOfLateRows_areNeverLateBehindTheJoin(Case c) {
    if (c.type() != JoinType.INNER && c.type() != JoinType.SEMI) {
      return;
    }
    IntervalJoin join = c.joinOfLateRows();
    StageHarness harness =
        StageHarness.of(
            JoinCases.behindIt(
                join.join(), () -> join.operator(JoinCases.condition(c.conditional()))));
    harness.in(List.of(Mode.PLAIN)).assertEverywhere(c.script(150), List.of(List.of()));
  }

  /** What is given is never behind the watermark that was handed on before it. */
  @ParameterizedTest
  @MethodSource("cases")
  void results_areNeverLateBehindTheJoin(Case c) {
    IntervalJoin join = c.join(c.seed() % 2 == 0 ? 0 : 13);
    StageHarness harness =
        StageHarness.of(
            JoinCases.behindIt(
                join.join(), () -> join.operator(JoinCases.condition(c.conditional()))));
    harness.in(List.of(Mode.PLAIN)).assertEverywhere(c.script(20), List.of(List.of()));
  }
}
