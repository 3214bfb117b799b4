package io.fluxcore.domain.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.harness.Tables;
import io.fluxcore.domain.join.AsOfMatch.Comparison;
import io.fluxcore.domain.row.SortField;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Joins with the closest row over changelogs of both inputs: whatever the way, their changes make
 * the table that looking at every row that is left makes.
 */
class AsOfJoinModelTest {
  private static final int SHARES = 6;
  private static final int PAYER = 1;
  private static final int PAID = 3;
  private static final int PRICE = 4;
  private static final int AMOUNT = 2;

  /** Of rows of one value the last payer, none the very last, then the cheapest. */
  private static final List<SortField> TIES =
      List.of(SortField.descending("payer"), SortField.ascending("price"));

  private static final Comparator<Script.Row> BY_TIES =
      Comparator.comparing(
              (Script.Row row) -> (String) row.values().get(PAYER),
              Comparator.nullsFirst(Comparator.<String>naturalOrder()).reversed())
          .thenComparing(row -> (BigDecimal) row.values().get(PRICE));

  /** What is random about the input. */
  record Case(Comparison comparison, JoinType type, int keys, long seed) {
    AsOfJoin join() {
      return new AsOfJoin(
          JoinCases.join(type, seed % 3 == 0, false),
          new AsOfMatch("amount", comparison, "paid"),
          TIES,
          null);
    }

    Script script() {
      Script rows = JoinCases.script(seed, 90, keys, 0, 3, 0, 0);
      return seed % 5 == 0 ? rows : JoinCases.withRetractions(rows, seed);
    }
  }

  static Stream<Case> cases() {
    return LongStream.range(0, 240)
        .mapToObj(
            seed -> {
              Random random = new Random(seed);
              return new Case(
                  Comparison.values()[random.nextInt(4)],
                  random.nextBoolean() ? JoinType.INNER : JoinType.LEFT,
                  random.nextInt(3) == 0 ? 1 : 4,
                  seed);
            });
  }

  private static Script.@Nullable Row closest(Script.Row left, List<Script.Row> rights, Case c) {
    JoinReference keys = new JoinReference(c.join().join(), false, c.join().outputSchema());
    boolean isBackward = c.comparison().isBackward();
    BinaryOperator<Script.Row> closer =
        (a, b) -> {
          int order = Long.compare((Long) a.values().get(PAID), (Long) b.values().get(PAID));
          int better = order != 0 ? (isBackward ? -order : order) : BY_TIES.compare(a, b);
          return better <= 0 ? a : b;
        };
    return rights.stream()
        .filter(right -> keys.matches(left, right) && isTrue(left, right, c.comparison()))
        .reduce(closer)
        .orElse(null);
  }

  private static boolean isTrue(Script.Row left, Script.Row right, Comparison comparison) {
    Long amount = (Long) left.values().get(AMOUNT);
    Long paid = (Long) right.values().get(PAID);
    if (amount == null || paid == null) {
      return false;
    }
    return switch (comparison) {
      case AT_OR_AFTER -> amount >= paid;
      case AFTER -> amount > paid;
      case AT_OR_BEFORE -> amount <= paid;
      case BEFORE -> amount < paid;
    };
  }

  private static List<String> expected(Case c, Script script) {
    JoinReference reference = new JoinReference(c.join().join(), false, c.join().outputSchema());
    List<Script.Row> rights = JoinCases.left(script, JoinType.RIGHT_INPUT);
    for (Script.Row left : JoinCases.left(script, JoinType.LEFT_INPUT)) {
      Script.Row right = closest(left, rights, c);
      if (right != null || c.type() == JoinType.LEFT) {
        reference.add(
            new JoinReference.Row(left),
            right == null ? null : new JoinReference.Row(right),
            (l, r) -> 0);
      }
    }
    return reference.results().stream()
        .map(text -> text.substring(text.indexOf('['), text.lastIndexOf('@')))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void changes_makeTheTableOfTheRowsThatAreLeft_inEveryMode(Case c) {
    AsOfJoin join = c.join();
    Script script = c.script();
    List<String> expected = expected(c, script);
    assertThat(script.elements()).as("seed %s", c.seed()).isNotEmpty();
    StageHarness.of(JoinCases.pipeline(join.join(), join::operator))
        .inOrderOfArrival()
        .share(c.seed(), SHARES)
        .view(0, Tables::of)
        .assertEverywhere(script, List.of(expected, List.of(), List.of()));
  }
}
