package io.fluxcore.domain.rank;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Backend;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.Failure;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.harness.Rows;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.row.SortField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All rows in an order, at the end. */
class WholeOrderTest {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("name", DataType.STRING)
          .field("number", DataType.LONG)
          .field("ratio", DataType.DOUBLE)
          .build();

  private static WholeOrder by(String... fields) {
    return new WholeOrder(
        Stream.of(fields).map(SortField::parse).toList(), 1, WholeOrder.DEFAULT_MAX_ROWS);
  }

  private static OperatorHarness harness(WholeOrder order) {
    return OperatorHarness.of(() -> order.operator(SCHEMA, SCHEMA));
  }

  private static EventBatch gone(long time, @Nullable Object... values) {
    return new EventBatchBuilder(SCHEMA, 1).row(RowKind.DELETE, time, values).build();
  }

  @Test
  void rows_leaveInOrderWhenTheInputEnds_andNothingBefore() {
    try (OperatorHarness harness = harness(by("number desc", "name"))) {
      harness.row(SCHEMA, 9, "b", 1L, 0.5).row(SCHEMA, 3, "a", 2L, 0.5);
      harness.row(SCHEMA, 5, "a", 1L, 0.5).watermark(100).flush();
      assertThat(harness.take(0)).isEmpty();
      harness.end();
      assertThat(harness.take(0))
          .containsExactly("+I[a, 2, 0.5]@3", "+I[a, 1, 0.5]@5", "+I[b, 1, 0.5]@9");
      assertThat(harness.isEnded()).isTrue();
    }
  }

  /**
   * Rows have times that lie before watermarks that have come: nobody behind it may find them late.
   */
  @Test
  void watermarks_areHeldBackUntilTheRowsHaveLeft() {
    try (OperatorHarness harness = harness(by("number"))) {
      for (int i = 0; i < 2 * EventBatch.TARGET_ROWS; i++) {
        harness.row(SCHEMA, 3, "a", (long) i, 0.5);
      }
      harness.watermark(50).watermark(100);
      assertThat(harness.watermarks()).allMatch(time -> time < 3);
      harness.refusing(true).watermark(Long.MAX_VALUE);
      assertThat(harness.hasMore()).isTrue();
      assertThat(harness.takeRows(0)).hasSize(EventBatch.TARGET_ROWS);
      assertThat(harness.watermarks()).allMatch(time -> time < 3);
      harness.refusing(false).resume();
      assertThat(harness.watermarks()).endsWith(Long.MAX_VALUE);
    }
  }

  @Test
  void rowsOfOnePlace_keepTheOrderInWhichTheyCame() {
    try (OperatorHarness harness = harness(by("ratio"))) {
      harness.row(SCHEMA, 9, "c", 1L, 0.0).row(SCHEMA, 3, "a", 2L, -0.0);
      harness.row(SCHEMA, 5, "b", 3L, 0.0).row(SCHEMA, 6, "c", 1L, 0.0).end();
      assertThat(harness.take(0))
          .containsExactly(
              "+I[c, 1, 0.0]@9", "+I[a, 2, -0.0]@3", "+I[b, 3, 0.0]@5", "+I[c, 1, 0.0]@6");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "number, n a b",
    "number desc, b a n",
    "number nulls last, a b n",
    "number desc nulls first, n b a"
  })
  void nulls_areWhereTheOrderSays(String order, String expected) {
    try (OperatorHarness harness = harness(by(order))) {
      harness.row(SCHEMA, 1, "a", 1L, 0.5).row(SCHEMA, 1, "n", null, null);
      harness.row(SCHEMA, 1, "b", 2L, 0.5).end();
      assertThat(harness.takeRows(0).stream().map(row -> (String) row.get(0)).toList())
          .containsExactly(expected.split(" "));
    }
  }

  @Test
  void rowThatIsTakenBack_isLeftOut_ofEqualOnesTheLast() {
    try (OperatorHarness harness = harness(by("number"))) {
      harness.row(SCHEMA, 1, "a", 1L, 0.5).row(SCHEMA, 2, "b", 1L, 0.5);
      harness.row(SCHEMA, 3, "a", 1L, 0.5).row(SCHEMA, 4, "c", 7L, 0.5);
      harness.process(gone(5, "a", 1L, 0.5)).process(gone(5, "c", 7L, 0.5)).end();
      assertThat(harness.take(0)).containsExactly("+I[a, 1, 0.5]@1", "+I[b, 1, 0.5]@2");
    }
  }

  @Test
  void rowThatIsTakenBackAndIsNotThere_isCounted_andLeavesNoState() {
    try (OperatorHarness harness = harness(by("number"))) {
      harness.process(gone(1, "a", 1L, 0.5)).row(SCHEMA, 2, "a", 2L, 0.5);
      harness.process(gone(3, "b", 2L, 0.5));
      assertThat(harness.ledger().filtered()).isEqualTo(2);
      harness.end();
      assertThat(harness.take(0)).containsExactly("+I[a, 2, 0.5]@2");
    }
  }

  @Test
  void rowThatComesAndGoesWithinABatch_andComesAgain_isThere() {
    try (OperatorHarness harness = harness(by("number"))) {
      harness.process(
          new EventBatchBuilder(SCHEMA, 4)
              .row(1, "a", 1L, 0.5)
              .row(RowKind.DELETE, 2, "a", 1L, 0.5)
              .row(3, "b", 2L, 0.5)
              .row(RowKind.DELETE, 4, "b", 2L, 0.5)
              .row(5, "a", 1L, 0.5)
              .build());
      harness.restore(harness.snapshot()).end();
      assertThat(harness.take(0)).containsExactly("+I[a, 1, 0.5]@5");
    }
  }

  @Test
  void emptyInput_givesNothing_andEnds() {
    try (OperatorHarness harness = harness(by("number"))) {
      harness.end();
      assertThat(harness.take(0)).isEmpty();
      assertThat(harness.isEnded()).isTrue();
      assertThat(harness.watermarks()).endsWith(Long.MAX_VALUE);
    }
  }

  @Test
  void withoutAnOrder_rowsLeaveAsTheyCame_fromTheOneThatIsAskedFor() {
    try (OperatorHarness harness = harness(new WholeOrder(List.of(), 2, 10))) {
      harness.row(SCHEMA, 1, "b", 1L, 0.5).row(SCHEMA, 2, "c", 1L, 0.5);
      harness.row(SCHEMA, 3, "a", 1L, 0.5).end();
      assertThat(harness.take(0)).containsExactly("+I[c, 1, 0.5]@2", "+I[a, 1, 0.5]@3");
    }
  }

  @Test
  void rowsBeyondTheMost_fail_alsoAfterARestore_untilOthersAreTakenBack() {
    try (OperatorHarness harness =
        harness(new WholeOrder(List.of(SortField.ascending("number")), 1, 2))) {
      harness.row(SCHEMA, 1, "a", 3L, 0.5).row(SCHEMA, 2, "b", 2L, 0.5);
      harness.restore(harness.snapshot()).row(SCHEMA, 3, "c", 1L, 0.5);
      assertThat(harness.failures()).extracting(Failure::code).containsExactly("FLX-SORT-0002");
      harness.process(gone(4, "a", 3L, 0.5)).row(SCHEMA, 5, "d", 1L, 0.5).end();
      assertThat(harness.take(0)).containsExactly("+I[d, 1, 0.5]@5", "+I[b, 2, 0.5]@2");
      assertThat(harness.failures()).hasSize(1);
    }
  }

  @Test
  void afterTheEnd_nothingIsGivenTwice_andRowsAreLate() {
    try (OperatorHarness harness = harness(by("number"))) {
      harness.row(SCHEMA, 1, "a", 3L, 0.5).watermark(Long.MAX_VALUE);
      assertThat(harness.take(0)).hasSize(1);
      harness.restore(harness.snapshot()).row(SCHEMA, 2, "b", 2L, 0.5).end();
      assertThat(harness.take(0)).isEmpty();
      assertThat(harness.ledger().late()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"number", "name"})
  void withoutCapacity_oneBatchLeavesAtATime(String field) {
    WholeOrder order = by(field);
    int rows = EventBatch.TARGET_ROWS * 3 + 5;
    try (OperatorHarness harness =
        OperatorHarness.of(() -> order.operator(SCHEMA, SCHEMA), Backend.EVICTING)) {
      for (int from = 0; from < rows; from += 1000) {
        EventBatchBuilder batch = new EventBatchBuilder(SCHEMA, 1000);
        for (int i = from; i < Math.min(rows, from + 1000); i++) {
          batch.row(i, "one place", (long) i, 0.5);
        }
        harness.process(batch.build());
      }
      harness.refusing(true).watermark(Long.MAX_VALUE);
      List<Long> numbers = new ArrayList<>();
      int steps = 0;
      while (harness.hasMore()) {
        int before = numbers.size();
        harness.takeRows(0).forEach(row -> numbers.add((Long) row.get(1)));
        assertThat(numbers.size() - before).isLessThanOrEqualTo(EventBatch.TARGET_ROWS);
        harness.resume();
        steps++;
      }
      harness.takeRows(0).forEach(row -> numbers.add((Long) row.get(1)));
      assertThat(steps).isGreaterThanOrEqualTo(3);
      assertThat(numbers).hasSize(rows).isSorted();
    }
  }

  /** Against a list that is sorted at the end, by a stable sort of the values themselves. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomChangelog_isByDefinition_inEveryMode(long seed) {
    Random random = new Random(seed);
    boolean retracts = seed % 2 == 0;
    long from = seed % 4 < 2 ? 1 : 1 + random.nextInt(40);
    WholeOrder order =
        new WholeOrder(
            Stream.of("number desc nulls first", "name").map(SortField::parse).toList(), from, 500);
    Script.Builder script = Script.of(SCHEMA);
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      if (random.nextInt(12) == 0) {
        script.cut();
      }
      if (random.nextInt(20) == 0) {
        script.watermark(i * 10L);
      }
      if (retracts && !rows.isEmpty() && random.nextInt(3) == 0) {
        Object[] row = rows.get(random.nextInt(rows.size()));
        rows.remove(lastOf(rows, row));
        script.row(0, RowKind.DELETE, i, Arrays.copyOf(row, 3));
      } else {
        Object number = random.nextInt(6) == 0 ? null : Long.valueOf(random.nextInt(5));
        // the time is the fourth
        Object[] row = {"name " + random.nextInt(3), number, random.nextInt(3) * 0.25, (long) i};
        rows.add(row);
        script.row(i, Arrays.copyOf(row, 3));
      }
    }
    rows.sort(
        Comparator.<Object[], Long>comparing(
                row -> (Long) row[1], Comparator.nullsFirst(Comparator.reverseOrder()))
            .thenComparing(row -> (String) row[0]));
    List<String> expected =
        rows.stream()
            .skip(from - 1)
            .map(row -> "+I[" + row[0] + ", " + row[1] + ", " + row[2] + "]@" + row[3])
            .toList();
    try {
      StageHarness.of(() -> order.operator(SCHEMA, SCHEMA), Exchange.hash(), 1)
          .inOrderOfArrival()
          // one element, so that the order is compared, too
          .view(0, given -> List.of(String.join("\n", Rows.texts(given))))
          .assertEverywhere(script.end(), List.of(List.of(String.join("\n", expected))));
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  /** Of equal rows the one that came last. */
  private static int lastOf(List<Object[]> rows, Object[] row) {
    int last = rows.size() - 1;
    while (!Arrays.equals(rows.get(last), 0, 3, row, 0, 3)) {
      last--;
    }
    return last;
  }
}
