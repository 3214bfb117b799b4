package io.fluxcore.domain.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.harness.Tables;
import java.util.ArrayList;
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
      if (!retracts) {
        return rows;
      }
      Random random = new Random(seed);
      Script.Builder script = Script.of(rows.schema(0), rows.schema(1));
      List<Script.Row> there = new ArrayList<>();
      for (Script.Element element : rows.elements()) {
        if (element instanceof Script.Row row) {
          script.row(row.input(), RowKind.INSERT, row.timestamp(), row.values().toArray());
          there.add(row);
          while (!there.isEmpty() && random.nextInt(5) < 2) {
            Script.Row gone = there.remove(random.nextInt(there.size()));
            RowKind kind = random.nextBoolean() ? RowKind.DELETE : RowKind.UPDATE_BEFORE;
            script.row(gone.input(), kind, row.timestamp(), gone.values().toArray());
          }
          if (random.nextInt(7) == 0) {
            script.cut();
          }
        }
      }
      return script.end();
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
    List<List<JoinReference.Row>> rows = List.of(new ArrayList<>(), new ArrayList<>());
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Row row) {
        List<JoinReference.Row> side = rows.get(row.input());
        if (row.kind().isRetraction()) {
          side.remove(
              side.stream()
                  .filter(r -> r.row.values().equals(row.values()))
                  .findFirst()
                  .orElseThrow());
        } else {
          side.add(new JoinReference.Row(row));
        }
      }
    }
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
