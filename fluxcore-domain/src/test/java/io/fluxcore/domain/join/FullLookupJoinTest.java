package io.fluxcore.domain.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.operator.Operator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Joins with a table that is held in memory. */
class FullLookupJoinTest {
  private static final Schema CLICKS =
      Schema.builder().field("user", DataType.STRING).field("page", DataType.LONG).build();
  private static final Schema USERS =
      Schema.builder().field("plan", DataType.STRING).field("age", DataType.LONG).build();
  private static final Schema KEY = Schema.builder().field("name", DataType.STRING).build();
  private static final LookupTable ASKED = new LookupTable(KEY, USERS, Duration.ofHours(1));
  private static final Duration RELOAD = Duration.ofSeconds(10);

  private static final JoinFields FIELDS =
      new JoinFields(
          CLICKS,
          USERS,
          List.of(
              new JoinFields.Joined(1, 1, "age"),
              new JoinFields.Joined(0, 0, "user"),
              new JoinFields.Joined(1, 0, "plan"),
              new JoinFields.Joined(0, 1, "page")),
          4);

  /** A table that can change, and be broken. */
  private static final class Table implements WholeTable {
    final List<List<@Nullable Object>> rows = new ArrayList<>();
    @Nullable Exception broken;
    int readings;

    Table row(@Nullable String name, @Nullable String plan, @Nullable Long age) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(name);
      row.add(plan);
      row.add(age);
      rows.add(row);
      return this;
    }

    @Override
    public void read(Consumer<EventBatch> batches) throws Exception {
      readings++;
      EventBatchBuilder builder = new EventBatchBuilder(ASKED.rows(), 3);
      for (List<@Nullable Object> row : rows) {
        builder.row(EventBatch.NO_TIMESTAMP, row.toArray());
        if (builder.isFull()) {
          batches.accept(builder.build());
        }
      }
      batches.accept(builder.build());
      if (broken != null) {
        throw broken;
      }
    }
  }

  private final Table users =
      new Table().row("bob", "free", null).row("ann", "paid", 41L).row("bob", "trial", 7L);

  private Supplier<Operator> operators(JoinType type, int mostRows) {
    return new FullLookupJoin(type, FIELDS, List.of("user"), mostRows, RELOAD)
        .operators(users, ASKED);
  }

  private OperatorHarness harness(JoinType type) {
    return OperatorHarness.of(operators(type, 100)).processingTime(0);
  }

  private static void click(OperatorHarness harness, @Nullable String... usersOfRows) {
    EventBatchBuilder rows = new EventBatchBuilder(CLICKS, usersOfRows.length);
    for (int i = 0; i < usersOfRows.length; i++) {
      rows.row(5, usersOfRows[i], (long) i);
    }
    harness.process(0, rows.build());
  }

  @Test
  void leftJoin_givesEachRowWithAllThatItsKeyHas_atOnce() {
    OperatorHarness harness = harness(JoinType.LEFT);
    click(harness, "ann", "eve", "bob", null);
    assertThat(harness.take(0))
        .containsExactly(
            "+I[41, ann, paid, 0]@5",
            "+I[null, eve, null, 1]@5",
            "+I[null, bob, free, 2]@5",
            "+I[7, bob, trial, 2]@5",
            "+I[null, null, null, 3]@5");
    assertThat(harness.awaitsCalls()).isFalse();
  }

  @Test
  void innerJoin_leavesOutWhatIsNotFound_andCountsIt() {
    OperatorHarness harness = harness(JoinType.INNER);
    click(harness, "eve", "ann", null);
    assertThat(harness.take(0)).containsExactly("+I[41, ann, paid, 1]@5");
    assertThat(harness.ledger().filtered()).isEqualTo(2);
    assertThat(harness.lookups().hits()).isEqualTo(1);
    assertThat(harness.lookups().cachedKeys()).isEqualTo(2);
  }

  @Test
  void rowsOfTheTableWithoutAKey_equalNothing() {
    users.row(null, "none", 1L);
    OperatorHarness harness = harness(JoinType.INNER);
    click(harness, (String) null);
    assertThat(harness.take(0)).isEmpty();
  }

  @Test
  void emptyTable_isOneThatHasNothing() {
    users.rows.clear();
    OperatorHarness harness = harness(JoinType.LEFT);
    click(harness, "ann");
    assertThat(harness.take(0)).containsExactly("+I[null, ann, null, 0]@5");
  }

  @Test
  void rowThatTakesBack_fails() {
    OperatorHarness harness = harness(JoinType.LEFT);
    harness.process(new EventBatchBuilder(CLICKS).row(RowKind.DELETE, 1, "ann", 1L).build());
    assertThat(harness.failures()).singleElement().extracting("code").isEqualTo("FLX-JOIN-0001");
  }

  @Test
  void table_isReadAgainInTime_andRowsFindTheOldOneMeanwhile() {
    OperatorHarness harness = harness(JoinType.INNER).processingTime(9_999);
    users.rows.clear();
    users.row("ann", "gold", 42L);
    assertThat(users.readings).isEqualTo(1);
    harness.processingTime(10_000).processingTime(10_001);
    click(harness, "ann");
    assertThat(harness.take(0)).containsExactly("+I[41, ann, paid, 0]@5");
    harness.complete(0);
    click(harness, "ann", "bob");
    assertThat(harness.take(0)).containsExactly("+I[42, ann, gold, 0]@5");
    assertThat(users.readings).isEqualTo(2);
    harness.processingTime(20_000).complete(0);
    assertThat(users.readings).isEqualTo(3);
  }

  @Test
  void readingAgainFails_keepsWhatThereIs_andIsCounted_andTriedAgain() {
    OperatorHarness harness = harness(JoinType.INNER);
    users.broken = new IOException("no disk");
    users.rows.clear();
    harness.processingTime(10_000).complete(0);
    click(harness, "ann");
    assertThat(harness.take(0)).hasSize(1);
    assertThat(harness.lookups().failedCalls()).isEqualTo(1);
    users.broken = null;
    harness.processingTime(20_000).complete(0);
    click(harness, "ann");
    assertThat(harness.take(0)).isEmpty();
  }

  @Test
  void firstReadingFails_failsTheOperator() {
    users.broken = new IOException("no disk");
    assertThatThrownBy(() -> harness(JoinType.INNER))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> {
              assertThat(e.category()).isEqualTo(ErrorCategory.EXTERNAL);
              assertThat(e).hasMessageContaining("FLX-JOIN-0005").hasMessageContaining("no disk");
            });
  }

  @Test
  void tooManyRows_areRefused() {
    OperatorHarness harness = OperatorHarness.of(operators(JoinType.INNER, 2));
    assertThatThrownBy(() -> harness.processingTime(0))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-JOIN-0004")
        .hasMessageContaining("more than 2 rows");
  }

  @Test
  void subtasks_shareOneCopy_untilTheLastIsClosed() {
    Supplier<Operator> operators = operators(JoinType.INNER, 100);
    OperatorHarness one = OperatorHarness.of(operators).processingTime(0);
    OperatorHarness other = OperatorHarness.of(operators).processingTime(0);
    assertThat(users.readings).isEqualTo(1);
    one.processingTime(10_000);
    other.processingTime(10_000);
    one.complete(0);
    assertThat(users.readings).isEqualTo(2);
    assertThat(other.calls().size()).isZero();
    users.rows.clear();
    other.processingTime(20_000); // its reading ends with it, and others read for themselves
    other.close();
    one.processingTime(20_001).complete(0);
    click(one, "ann");
    assertThat(one.take(0)).isEmpty();
    one.close();
    OperatorHarness.of(operators).processingTime(0);
    assertThat(users.readings).isEqualTo(4);
  }

  /** Random rows and tables, while what follows takes few batches, against a search. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void results_areThoseOfASearch(long seed) {
    Random random = new Random(seed);
    users.rows.clear();
    for (int i = 0; i < 4_000; i++) {
      users.row(name(random), "p" + i, random.nextInt(9) == 0 ? null : (long) i);
    }
    JoinType type = seed % 2 == 0 ? JoinType.LEFT : JoinType.INNER;
    OperatorHarness harness =
        OperatorHarness.of(operators(type, 10_000)).processingTime(0).refusing(true);
    List<String> expected = new ArrayList<>();
    List<String> found = new ArrayList<>();
    for (int batch = 0; batch < 3; batch++) {
      String[] names = new String[1 + random.nextInt(20)];
      for (int i = 0; i < names.length; i++) {
        names[i] = name(random);
        expected.addAll(search(type, names[i], i));
      }
      click(harness, names);
      while (harness.hasMore()) {
        harness.resume();
      }
      found.addAll(harness.take(0));
    }
    assertThat(found).as("seed %s", seed).isEqualTo(expected);
    assertThat(harness.batchSizes()).allMatch(size -> size <= EventBatch.TARGET_ROWS);
  }

  private static @Nullable String name(Random random) {
    int name = random.nextInt(8);
    return name == 0 ? null : "n" + name;
  }

  private List<String> search(JoinType type, @Nullable String name, int page) {
    List<String> found = new ArrayList<>();
    for (List<@Nullable Object> row : users.rows) {
      if (name != null && name.equals(row.get(0))) {
        found.add("+I[" + row.get(2) + ", " + name + ", " + row.get(1) + ", " + page + "]@5");
      }
    }
    if (found.isEmpty() && type == JoinType.LEFT) {
      found.add("+I[null, " + name + ", null, " + page + "]@5");
    }
    return found;
  }
}
