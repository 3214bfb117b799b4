package io.fluxcore.domain.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Backend;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.keyed.TimeToLive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Joins of a stream with what a table has when a row comes. */
class TableJoinTest {
  private static final Schema CLICKS =
      Schema.builder().field("user", DataType.STRING).field("page", DataType.STRING).build();

  private static final Schema USERS =
      Schema.builder().field("name", DataType.STRING).field("plan", DataType.STRING).build();

  private static TableJoin join(JoinType type, @Nullable TimeToLive life) {
    return join(type, false, false, life);
  }

  private static TableJoin join(
      JoinType type, boolean allRows, boolean takesBack, @Nullable TimeToLive life) {
    JoinFields fields =
        new JoinFields(
            CLICKS,
            USERS,
            List.of(
                new JoinFields.Joined(0, 0, "user"),
                new JoinFields.Joined(0, 1, "page"),
                new JoinFields.Joined(1, 1, "plan")),
            3);
    return new TableJoin(
        new EquiJoin(type, fields, List.of("user"), List.of("name")), allRows, takesBack, life);
  }

  private static OperatorHarness harness(JoinType type, @Nullable TimeToLive life) {
    return OperatorHarness.of(() -> join(type, life).operator(null), Backend.EVICTING);
  }

  private static void user(OperatorHarness harness, RowKind kind, String name, String plan) {
    harness.process(1, new EventBatchBuilder(USERS, 1).row(kind, 0, name, plan).build());
  }

  private static void click(OperatorHarness harness, String user) {
    harness.process(0, new EventBatchBuilder(CLICKS, 1).row(5, user, "/").build());
  }

  @Test
  void row_findsWhatTheTableHasNow() {
    OperatorHarness harness = harness(JoinType.LEFT, null);
    click(harness, "ann");
    user(harness, RowKind.INSERT, "ann", "free");
    click(harness, "ann");
    user(harness, RowKind.UPDATE_BEFORE, "ann", "free");
    user(harness, RowKind.UPDATE_AFTER, "ann", "paid");
    click(harness, "ann");
    harness.restore(harness.snapshot());
    click(harness, "ann");
    user(harness, RowKind.DELETE, "ann", null);
    click(harness, "ann");
    click(harness, null);
    assertThat(harness.take(0))
        .containsExactly(
            "+I[ann, /, null]@5",
            "+I[ann, /, free]@5",
            "+I[ann, /, paid]@5",
            "+I[ann, /, paid]@5",
            "+I[ann, /, null]@5",
            "+I[null, /, null]@5");
    assertThat(harness.ledger().filtered()).isZero();
  }

  @Test
  void innerJoin_leavesOutWhatTheTableHasNot() {
    OperatorHarness harness = harness(JoinType.INNER, null);
    user(harness, RowKind.INSERT, "ann", "free");
    user(harness, RowKind.INSERT, null, "free");
    click(harness, "bob");
    click(harness, null);
    click(harness, "ann");
    assertThat(harness.take(0)).containsExactly("+I[ann, /, free]@5");
    assertThat(harness.ledger().filtered()).isEqualTo(2);
  }

  @Test
  void rowOfTheTable_isForgottenWhenItWasNotWrittenForItsLife() {
    TimeToLive life = TimeToLive.ofProcessingTime(Duration.ofMillis(100));
    OperatorHarness harness = harness(JoinType.LEFT, life);
    harness.processingTime(1_000);
    user(harness, RowKind.INSERT, "ann", "free");
    user(harness, RowKind.INSERT, "bob", "free");
    harness.processingTime(1_060);
    user(harness, RowKind.UPDATE_AFTER, "ann", "paid");
    harness.processingTime(1_100);
    click(harness, "ann");
    click(harness, "bob");
    harness.restore(harness.snapshot());
    harness.processingTime(1_159);
    click(harness, "ann");
    harness.processingTime(1_165);
    click(harness, "ann");
    assertThat(harness.take(0))
        .containsExactly(
            "+I[ann, /, paid]@5", "+I[bob, /, null]@5", "+I[ann, /, paid]@5", "+I[ann, /, null]@5");
    assertThat(harness.state().estimatedBytes()).isZero();
  }

  private static OperatorHarness allRows(boolean takesBack, @Nullable TimeToLive life) {
    TableJoin join = join(JoinType.LEFT, true, takesBack, life);
    return OperatorHarness.of(() -> join.operator(null), Backend.EVICTING);
  }

  private static void takeBack(OperatorHarness harness, String user) {
    harness.process(0, new EventBatchBuilder(CLICKS, 1).row(RowKind.DELETE, 9, user, "/").build());
  }

  @Test
  void row_findsAllRowsOfItsKey_untilTheyAreTakenBackThemselves() {
    OperatorHarness harness = allRows(false, null);
    user(harness, RowKind.INSERT, "ann", "free");
    user(harness, RowKind.INSERT, "ann", "paid");
    user(harness, RowKind.INSERT, "ann", "paid");
    click(harness, "ann");
    harness.restore(harness.snapshot());
    user(harness, RowKind.DELETE, "ann", "paid");
    user(harness, RowKind.UPDATE_BEFORE, "ann", "never there");
    click(harness, "ann");
    assertThat(harness.take(0))
        .containsExactly(
            "+I[ann, /, free]@5",
            "+I[ann, /, paid]@5",
            "+I[ann, /, paid]@5",
            "+I[ann, /, free]@5",
            "+I[ann, /, paid]@5");
    assertThat(harness.ledger().filtered()).isEqualTo(1);
  }

  @Test
  void rowThatIsTakenBack_takesBackWhatItFound_whateverTheTableHasNow() {
    OperatorHarness harness = allRows(true, null);
    click(harness, "ann");
    user(harness, RowKind.INSERT, "ann", "free");
    click(harness, "ann");
    user(harness, RowKind.DELETE, "ann", "free");
    assertThat(harness.take(0)).containsExactly("+I[ann, /, null]@5", "+I[ann, /, free]@5");
    harness.restore(harness.snapshot());
    takeBack(harness, "ann");
    takeBack(harness, "ann");
    takeBack(harness, "ann");
    takeBack(harness, null);
    assertThat(harness.take(0))
        .containsExactly("-D[ann, /, free]@9", "-D[ann, /, null]@9", "-D[null, /, null]@9");
    assertThat(harness.ledger().filtered()).isEqualTo(1);
    assertThat(harness.state().estimatedBytes()).isZero();
  }

  @Test
  void whatRowsFound_isForgottenWithTheRowsOfTheTable() {
    OperatorHarness harness = allRows(true, TimeToLive.ofProcessingTime(Duration.ofMillis(100)));
    harness.processingTime(1_000);
    user(harness, RowKind.INSERT, "ann", "free");
    click(harness, "ann");
    harness.processingTime(1_099);
    takeBack(harness, "ann");
    click(harness, "ann");
    harness.processingTime(1_200);
    takeBack(harness, "ann");
    click(harness, "ann");
    assertThat(harness.take(0))
        .containsExactly(
            "+I[ann, /, free]@5", "-D[ann, /, free]@9", "+I[ann, /, free]@5", "+I[ann, /, null]@5");
    assertThat(harness.ledger().filtered()).isEqualTo(1);
    harness.processingTime(1_301);
    assertThat(harness.state().estimatedBytes()).isZero();
  }

  @Test
  void stateThatIsNotOfThisJoin_isToldApart() {
    assertThat(join(JoinType.LEFT, null).operator(null).stateMeaning())
        .isEqualTo("left table join on user = name");
    assertThat(join(JoinType.LEFT, true, true, null).operator(null).stateMeaning())
        .isEqualTo("left table of all rows join on user = name, of rows that are taken back");
  }

  /** Changes and rows never in one batch, so that each row has one answer. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void randomChanges_giveWhatAMapGives(long seed) {
    Random random = new Random(seed);
    TableJoin join = join(seed % 2 == 0 ? JoinType.INNER : JoinType.LEFT, null);
    Script.Builder script = Script.of(CLICKS, USERS);
    Map<String, String> table = new HashMap<>();
    List<String> expected = new ArrayList<>();
    for (int round = 0; round < 60; round++) {
      int input = random.nextInt(2);
      Set<String> changed = new HashSet<>();
      for (int i = random.nextInt(12); i > 0; i--) {
        String key = "k" + random.nextInt(8);
        if (input == 0) {
          script.row(round, key, "p" + i);
          String plan = table.get(key);
          if (plan != null || join.join().type() == JoinType.LEFT) {
            expected.add("+I[" + key + ", p" + i + ", " + plan + "]@" + round);
          }
        } else if (changed.add(key)) { // changes of one key come in order, through one partition
          RowKind kind = RowKind.values()[random.nextInt(4)];
          String plan = "plan " + random.nextInt(100);
          script.row(1, kind, round, new Object[] {key, plan});
          if (kind == RowKind.DELETE) {
            table.remove(key);
          } else if (kind != RowKind.UPDATE_BEFORE) {
            table.put(key, plan);
          }
        }
      }
      script.watermark(round);
    }
    StageHarness.of(JoinCases.pipeline(join.join(), () -> join.operator(null)))
        .withoutInterleaving()
        .assertEverywhere(script.end(), List.of(expected, List.of(), List.of()));
  }
}
