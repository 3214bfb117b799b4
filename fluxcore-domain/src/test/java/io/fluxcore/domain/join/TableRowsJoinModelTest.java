package io.fluxcore.domain.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.harness.Tables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Joins with what a table has, several rows of a key or left rows that are taken back: whatever the
 * way, their changes make the table that remembering what each row found makes.
 */
class TableRowsJoinModelTest {
  private static final int SHARES = 6;

  /** What is random about the input. */
  record Case(TableJoin join, boolean conditional, int keys, long seed) {
    Script script() {
      Script rows = JoinCases.script(seed, 120, keys, 0, 3, 0, 0);
      return JoinCases.withRetractions(rows, seed);
    }

    @Override
    public String toString() {
      return join.stateMeaning() + (conditional ? ", condition" : "") + ", seed " + seed;
    }
  }

  static Stream<Case> cases() {
    return LongStream.range(0, 96)
        .mapToObj(
            seed -> {
              Random random = new Random(seed);
              JoinType type = random.nextBoolean() ? JoinType.INNER : JoinType.LEFT;
              boolean conditional = random.nextBoolean();
              boolean allRows = seed % 3 != 0;
              boolean takesBack = !allRows || random.nextBoolean();
              EquiJoin join = JoinCases.join(type, random.nextInt(3) == 0, conditional);
              return new Case(
                  new TableJoin(join, allRows, takesBack, null),
                  conditional,
                  random.nextInt(4) == 0 ? 1 : 4,
                  seed);
            });
  }

  /**
   * Only insertions of left rows where the join takes none back. What a row finds depends on what
   * came before: rows of both inputs are never in one batch.
   */
  private static Script input(Case c) {
    Script all = c.script();
    Script.Builder script = Script.of(all.schema(0), all.schema(1));
    int last = 0;
    long watermark = 0;
    for (Script.Element element : all.elements()) {
      if (element instanceof Script.Row row) {
        if (row.input() != last) {
          script.watermark(++watermark);
          last = row.input();
        }
        boolean isLeft = row.input() == JoinType.LEFT_INPUT;
        if (!isLeft || c.join().takesBack() || row.kind() == RowKind.INSERT) {
          script.row(row.input(), row.kind(), row.timestamp(), row.values().toArray());
        }
      }
    }
    return script.end();
  }

  private static List<String> expected(Case c, Script script) {
    EquiJoin join = c.join().join();
    JoinReference reference = new JoinReference(join, c.conditional(), c.join().outputSchema());
    List<Script.Row> table = new ArrayList<>();
    Map<List<?>, List<List<Script.Row>>> found = new LinkedHashMap<>();
    List<Script.Row> lefts = new ArrayList<>();
    for (Script.Element element : script.elements()) {
      if (!(element instanceof Script.Row row)) {
        continue;
      }
      if (row.input() == JoinType.RIGHT_INPUT) {
        change(c, table, row);
      } else if (row.kind().isRetraction()) {
        List<List<Script.Row>> equals = found.get(row.values());
        equals.remove(equals.size() - 1);
      } else {
        lefts.add(row);
        found
            .computeIfAbsent(row.values(), values -> new ArrayList<>())
            .add(table.stream().filter(right -> reference.matches(row, right)).toList());
      }
    }
    found.forEach(
        (values, each) -> {
          Script.Row left =
              lefts.stream().filter(row -> row.values().equals(values)).findFirst().orElseThrow();
          each.forEach(rights -> add(c, reference, left, rights));
        });
    return reference.results().stream()
        .map(text -> text.substring(text.indexOf('['), text.lastIndexOf('@')))
        .toList();
  }

  private static void add(
      Case c, JoinReference reference, Script.Row left, List<Script.Row> rights) {
    rights.forEach(
        right ->
            reference.add(new JoinReference.Row(left), new JoinReference.Row(right), (l, r) -> 0));
    if (rights.isEmpty() && c.join().join().type() == JoinType.LEFT) {
      reference.add(new JoinReference.Row(left), null, (l, r) -> 0);
    }
  }

  private static void change(Case c, List<Script.Row> table, Script.Row row) {
    if (!c.join().allRows()) {
      if (row.kind() != RowKind.UPDATE_BEFORE) {
        table.removeIf(other -> sameKey(c, other, row));
      }
      if (!row.kind().isRetraction()) {
        table.add(row);
      }
    } else if (row.kind().isRetraction()) {
      table.remove(
          table.stream()
              .filter(other -> other.values().equals(row.values()))
              .findFirst()
              .orElseThrow());
    } else {
      table.add(row);
    }
  }

  private static boolean sameKey(Case c, Script.Row a, Script.Row b) {
    return c.join().join().rightKeys().stream()
        .map(name -> JoinCases.PAYMENTS.ordinal(name))
        .allMatch(
            field ->
                a.values().get(field) != null
                    && a.values().get(field).equals(b.values().get(field)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void changes_makeTheTableOfWhatEachRowFound_inEveryMode(Case c) {
    Script script = input(c);
    List<String> expected = expected(c, script);
    assertThat(script.elements()).isNotEmpty();
    StageHarness.of(
            JoinCases.pipeline(
                c.join().join(), () -> c.join().operator(JoinCases.condition(c.conditional()))))
        .inOrderOfArrival()
        .withoutInterleaving()
        .share(c.seed(), SHARES)
        .view(0, Tables::of)
        .assertEverywhere(script, List.of(expected, List.of(), List.of()));
  }
}
