package io.fluxcore.domain.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.harness.Tables;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Unbounded joins of every type over changelogs: whatever the way, their changes make the table
 * that {@link JoinReference} makes of the rows that are left.
 */
class ChangelogJoinModelTest {
  private static final int SHARES = 6;

  /** What is random about the input. */
  record Case(JoinType type, boolean conditional, boolean retracts, int keys, long seed) {
    ChangelogJoin join() {
      return new ChangelogJoin(JoinCases.join(type, seed % 2 == 0, conditional), !retracts, null);
    }

    /** The rows of {@link JoinCases#script}, of which some are taken back again. */
    Script script() {
      Script rows = JoinCases.script(seed, 160, keys, 0, 3, 0, 0);
      return retracts ? JoinCases.withRetractions(rows, seed) : rows;
    }
  }

  static Stream<Case> cases() {
    return LongStream.range(0, 48)
        .mapToObj(
            seed -> {
              Random random = new Random(seed);
              return new Case(
                  JoinType.values()[(int) seed % 6],
                  random.nextBoolean(),
                  seed % 4 != 0,
                  random.nextInt(4) == 0 ? 1 : 5,
                  seed);
            });
  }

  private static List<String> expected(Case c, Script script) {
    List<List<JoinReference.Row>> rows =
        Stream.of(0, 1)
            .map(
                input ->
                    JoinCases.left(script, input).stream().map(JoinReference.Row::new).toList())
            .toList();
    ChangelogJoin join = c.join();
    JoinReference reference = new JoinReference(join.join(), c.conditional(), join.outputSchema());
    reference.join(rows.get(0), rows.get(1), (left, right) -> true, ChangelogJoinModelTest::time);
    return reference.results().stream()
        .map(text -> text.substring(text.indexOf('['), text.lastIndexOf('@')))
        .toList();
  }

  private static long time(JoinReference.@Nullable Row left, JoinReference.@Nullable Row right) {
    return 0;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void changes_makeTheTableOfTheRowsThatAreLeft_inEveryMode(Case c) {
    ChangelogJoin join = c.join();
    Script script = c.script();
    List<String> expected = expected(c, script);
    assertThat(script.elements()).isNotEmpty();
    StageHarness.of(
            JoinCases.pipeline(
                join.join(), () -> join.operator(JoinCases.condition(c.conditional()))))
        .inOrderOfArrival()
        .share(c.seed(), SHARES)
        .view(0, Tables::of)
        .assertEverywhere(script, List.of(expected, List.of(), List.of()));
  }
}
