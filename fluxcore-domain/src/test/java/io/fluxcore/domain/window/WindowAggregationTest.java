package io.fluxcore.domain.window;

import static io.fluxcore.domain.aggregate.AggregateCall.Kind.AVG;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.COUNT;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.COUNT_DISTINCT;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.MAX;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.MIN;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.SUM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateFunction;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.state.StateSerializer;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows case by case; times are milliseconds from the epoch. */
class WindowAggregationTest {
  private static final Schema SCHEMA =
      Schema.builder().field("k", DataType.STRING).field("v", DataType.LONG).build();

  private static final AggregateCall COUNT_ALL = AggregateCall.countAll("n");
  private static final AggregateCall SUM_V = AggregateCall.of(SUM, "v", "sum");

  private static WindowAggregation tumbling(
      long lateness, Accumulation accumulation, AggregateCall... calls) {
    return of(WindowSpec.tumbling(10, 0), lateness, accumulation, calls);
  }

  private static WindowAggregation of(
      WindowSpec window, long lateness, Accumulation accumulation, AggregateCall... calls) {
    return new WindowAggregation(
        List.of("k"), window, List.of(calls), lateness, accumulation, TimeCharacteristic.EVENT);
  }

  private static OperatorHarness harness(WindowAggregation aggregation) {
    return OperatorHarness.of(() -> aggregation.operator(SCHEMA));
  }

  private static OperatorHarness harness(AggregateCall... calls) {
    return harness(tumbling(0, Accumulation.ACCUMULATING, calls));
  }

  /** {@code kind[key, start, end, values]@end-1}, as the harness prints it. */
  private static String result(String kind, String key, long start, long end, Object... values) {
    StringBuilder text = new StringBuilder(kind).append('[').append(key);
    text.append(", ").append(java.time.Instant.ofEpochMilli(start));
    text.append(", ").append(java.time.Instant.ofEpochMilli(end));
    for (Object value : values) {
      text.append(", ").append(value);
    }
    return text.append("]@").append(end - 1).toString();
  }

  @Test
  void window_isClosedByTheWatermarkOfLaterEvents_notByItsOwn() {
    OperatorHarness harness = harness(COUNT_ALL);
    harness.row(SCHEMA, 3, "a", 1L).row(SCHEMA, 9, "a", 1L);
    assertThat(harness.take(0)).isEmpty();
    harness.watermark(8);
    assertThat(harness.take(0)).as("9 is still possible").isEmpty();
    harness.row(SCHEMA, 15, "a", 1L);
    assertThat(harness.take(0)).as("rows alone close nothing").isEmpty();
    harness.watermark(9);
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 0, 10, 2));
    harness.end();
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 10, 20, 1));
    assertThat(harness.watermarks()).containsExactly(8L, 9L, Long.MAX_VALUE);
  }

  @Test
  void slidingWindows_overlap() {
    OperatorHarness harness =
        harness(of(WindowSpec.sliding(30, 10, 0), 0, Accumulation.ACCUMULATING, COUNT_ALL));
    harness.row(SCHEMA, 25, "a", 1L).row(SCHEMA, 31, "a", 1L).end();
    assertThat(harness.take(0))
        .containsExactly(
            result("+I", "a", 0, 30, 1),
            result("+I", "a", 10, 40, 2),
            result("+I", "a", 20, 50, 2),
            result("+I", "a", 30, 60, 1));
  }

  @Test
  void rowOnTheEdge_belongsToTheWindowThatStarts() {
    OperatorHarness harness = harness(COUNT_ALL);
    for (long time : new long[] {-11, -10, -1, 0, 9, 10}) {
      harness.row(SCHEMA, time, "a", 1L);
    }
    harness.end();
    assertThat(harness.take(0))
        .containsExactly(
            result("+I", "a", -20, -10, 1),
            result("+I", "a", -10, 0, 2),
            result("+I", "a", 0, 10, 2),
            result("+I", "a", 10, 20, 1));
  }

  @Test
  void rowInAGapBetweenWindows_isFiltered() {
    OperatorHarness harness =
        harness(of(WindowSpec.sliding(10, 30, 0), 0, Accumulation.ACCUMULATING, COUNT_ALL));
    harness.row(SCHEMA, 5, "a", 1L).row(SCHEMA, 15, "a", 1L).row(SCHEMA, -1, "a", 1L).end();
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 0, 10, 1));
    assertThat(harness.ledger().filtered()).isEqualTo(2);
    assertThat(harness.ledger().accepted()).isEqualTo(1);
  }

  @Test
  void lateRow_isCountedAndGoesToTheLateOutput() {
    OperatorHarness harness = harness(COUNT_ALL);
    harness.row(SCHEMA, 3, "a", 1L).watermark(9).row(SCHEMA, 9, "b", 7L).end();
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 0, 10, 1));
    assertThat(harness.take(WindowAggregation.LATE_PORT)).containsExactly("+I[b, 7]@9");
    Ledger.Counts counts = harness.ledger();
    assertThat(counts.late()).isEqualTo(1);
    assertThat(counts.accepted()).isEqualTo(1);
    assertThat(counts.rowsOut()).isEqualTo(2);
  }

  @Test
  void rowIsLate_onlyWhenItsLastWindowIsClosed() {
    OperatorHarness harness =
        harness(of(WindowSpec.sliding(30, 10, 0), 0, Accumulation.ACCUMULATING, COUNT_ALL));
    harness.watermark(29).row(SCHEMA, 5, "a", 1L).row(SCHEMA, 15, "a", 1L);
    assertThat(harness.take(WindowAggregation.LATE_PORT)).containsExactly("+I[a, 1]@5");
    harness.end();
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 10, 40, 1));
  }

  @Test
  void lateEvent_withinAllowedLateness_refiresWindow() {
    OperatorHarness harness = harness(tumbling(5, Accumulation.ACCUMULATING, COUNT_ALL, SUM_V));
    harness.row(SCHEMA, 3, "a", 1L).row(SCHEMA, 3, "b", 1L).watermark(13);
    harness.take(0);
    harness.row(SCHEMA, 4, "a", 2L);
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 0, 10, 2, 3));
    harness.watermark(14).row(SCHEMA, 4, "a", 2L);
    assertThat(harness.take(0)).isEmpty();
    assertThat(harness.take(WindowAggregation.LATE_PORT)).containsExactly("+I[a, 2]@4");
  }

  @Test
  void discardingWindow_emitsWhatIsNew() {
    OperatorHarness harness = harness(tumbling(5, Accumulation.DISCARDING, COUNT_ALL, SUM_V));
    harness.row(SCHEMA, 3, "a", 1L).row(SCHEMA, 3, "b", 1L).watermark(9);
    assertThat(harness.take(0)).hasSize(2);
    harness.row(SCHEMA, 4, "a", 2L).row(SCHEMA, 4, "a", 4L);
    assertThat(harness.take(0))
        .containsExactly(result("+I", "a", 0, 10, 1, 2), result("+I", "a", 0, 10, 1, 4));
    harness.end();
    assertThat(harness.take(0)).isEmpty();
  }

  @Test
  void retractingWindow_takesTheFormerResultBack() {
    OperatorHarness harness = harness(tumbling(5, Accumulation.RETRACTING, SUM_V));
    harness.row(SCHEMA, 3, "a", 1L).watermark(9);
    harness.take(0);
    harness.row(SCHEMA, 4, "a", 2L);
    assertThat(harness.take(0))
        .containsExactly(result("-U", "a", 0, 10, 1), result("+U", "a", 0, 10, 3));
  }

  @Test
  void retractingWindow_insertsAGroupThatIsNewToIt() {
    OperatorHarness harness = harness(tumbling(5, Accumulation.RETRACTING, SUM_V));
    harness.row(SCHEMA, 3, "a", 1L).watermark(9);
    harness.take(0);
    harness.process(
        new EventBatchBuilder(SCHEMA).row(4, "b", 2L).row(4, "a", 5L).row(5, "b", 3L).build());
    assertThat(harness.take(0))
        .containsExactlyInAnyOrder(
            result("+I", "b", 0, 10, 5), result("-U", "a", 0, 10, 1), result("+U", "a", 0, 10, 6));
  }

  @Test
  void retractingWindow_insertsIntoAWindowThatHasFiredEmpty() {
    OperatorHarness harness = harness(tumbling(5, Accumulation.RETRACTING, SUM_V));
    harness.watermark(9).row(SCHEMA, 4, "a", 2L).row(SCHEMA, 4, "a", 2L);
    assertThat(harness.take(0))
        .containsExactly(
            result("+I", "a", 0, 10, 2), result("-U", "a", 0, 10, 2), result("+U", "a", 0, 10, 4));
  }

  @Test
  void retractingWindow_deletesAGroupOfWhichNothingIsLeft() {
    OperatorHarness harness = harness(tumbling(5, Accumulation.RETRACTING, SUM_V));
    harness.row(SCHEMA, 3, "a", 1L).watermark(9);
    harness.take(0);
    harness.process(new EventBatchBuilder(SCHEMA).row(RowKind.DELETE, 3, "a", 1L).build());
    assertThat(harness.take(0)).containsExactly(result("-D", "a", 0, 10, 1));
  }

  @Test
  void lateBatch_thatSpansSlicesOfAWindow_refiresItOnce() {
    OperatorHarness harness =
        harness(of(WindowSpec.sliding(20, 10, 0), 50, Accumulation.RETRACTING, SUM_V));
    harness.row(SCHEMA, 5, "a", 1L).watermark(30);
    harness.take(0);
    harness.process(
        new EventBatchBuilder(SCHEMA).row(5, "a", 2L).row(15, "a", 4L).row(25, "b", 8L).build());
    assertThat(harness.take(0))
        .containsExactlyInAnyOrder(
            result("-U", "a", -10, 10, 1),
            result("+U", "a", -10, 10, 3),
            result("-U", "a", 0, 20, 1),
            result("+U", "a", 0, 20, 7),
            result("+I", "a", 10, 30, 4),
            result("+I", "b", 10, 30, 8));
    harness.watermark(39);
    assertThat(harness.take(0)).containsExactly(result("+I", "b", 20, 40, 8));
  }

  @Test
  void changelogInput_isTakenBackBeforeTheWindowFires() {
    OperatorHarness harness = harness(COUNT_ALL, SUM_V);
    harness.process(
        new EventBatchBuilder(SCHEMA)
            .row(1, "a", 5L)
            .row(RowKind.UPDATE_BEFORE, 1, "a", 5L)
            .row(RowKind.UPDATE_AFTER, 1, "a", 7L)
            .row(1, "b", 1L)
            .row(RowKind.DELETE, 1, "b", 1L)
            .build());
    harness.end();
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 0, 10, 1, 7));
  }

  @ParameterizedTest
  @ValueSource(longs = {EventBatch.NO_TIMESTAMP, Long.MIN_VALUE + 1, Long.MAX_VALUE, 1L << 62})
  void rowWithoutAUsableTime_isABadRecord(long time) {
    OperatorHarness harness = harness(COUNT_ALL);
    harness.process(
        new EventBatchBuilder(SCHEMA).row(1, "a", 1L).row(time, "b", 1L).row(2, "a", 1L).build());
    harness.end();
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 0, 10, 2));
    assertThat(harness.failures()).hasSize(1);
    assertThat(harness.failures().get(0).code()).isEqualTo("FLX-WINDOW-0001");
    assertThat(harness.ledger().failed()).isEqualTo(1);
    assertThat(harness.ledger().accepted()).isEqualTo(2);
  }

  @Test
  void rowsAtTheEndsOfTime_getTheirWindows() {
    long max = WindowSpec.MAX_TIME;
    for (WindowSpec window : List.of(WindowSpec.tumbling(10, 0), WindowSpec.sliding(25, 10, 0))) {
      WindowAggregation aggregation = of(window, 0, Accumulation.ACCUMULATING, COUNT_ALL);
      Script script =
          Script.of(SCHEMA)
              .row(-max, "a", 1L)
              .row(-1, "a", 1L)
              .row(0, "a", 1L)
              .row(max, "a", 1L)
              .end();
      List<String> expected = new WindowReference(aggregation, SCHEMA).run(script).results();
      assertThat(expected).isNotEmpty();
      StageHarness.of(() -> aggregation.operator(SCHEMA), Exchange.hash(0), 2)
          .assertEverywhere(script, List.of(expected, List.of()));
      StageHarness.of(WindowModelTest.twoPhases(aggregation, SCHEMA))
          .assertEverywhere(script, List.of(expected, List.of()));
    }
  }

  @Test
  void emptyWindow_emitsNothing() {
    OperatorHarness harness = harness(COUNT_ALL);
    harness.process(
        new EventBatchBuilder(SCHEMA).row(1, "a", 1L).build().withSelection(new int[0], 0));
    harness.watermark(100).end();
    assertThat(harness.take(0)).isEmpty();
    assertThat(harness.ledger().rowsIn()).isZero();
  }

  @Test
  void groupOfNulls_givesNullAndZero() {
    Schema schema =
        Schema.builder()
            .field("k", DataType.STRING)
            .field("l", DataType.LONG)
            .field("d", DataType.DOUBLE)
            .field("c", DataType.decimal(10, 2))
            .field("s", DataType.STRING)
            .build();
    List<AggregateCall> calls = new ArrayList<>();
    for (String field : List.of("l", "d", "c", "s")) {
      for (AggregateCall.Kind kind : List.of(COUNT, COUNT_DISTINCT, MIN, MAX, SUM, AVG)) {
        if (!field.equals("s") || (kind != SUM && kind != AVG)) {
          calls.add(AggregateCall.of(kind, field, kind + field));
        }
      }
    }
    WindowAggregation aggregation =
        tumbling(0, Accumulation.ACCUMULATING, calls.toArray(AggregateCall[]::new));
    Script script =
        Script.of(schema)
            .row(1, "a", null, null, null, null)
            .row(2, null, null, null, null, null)
            .end();
    String nulls = "0, 0, null, null, null, null, ";
    StageHarness.of(() -> aggregation.operator(schema), Exchange.hash(0), 2)
        .assertEverywhere(
            script,
            List.of(
                result("+I", "a", 0, 10, nulls + nulls + nulls + "0, 0, null, null"),
                result("+I", "null", 0, 10, nulls + nulls + nulls + "0, 0, null, null")));
  }

  @Test
  void nan_isTheGreatestDouble_andSpoilsSums() {
    Schema schema =
        Schema.builder().field("k", DataType.STRING).field("d", DataType.DOUBLE).build();
    WindowAggregation aggregation =
        tumbling(
            0,
            Accumulation.ACCUMULATING,
            AggregateCall.of(MIN, "d", "min"),
            AggregateCall.of(MAX, "d", "max"),
            AggregateCall.of(SUM, "d", "sum"),
            AggregateCall.of(AVG, "d", "avg"),
            AggregateCall.of(COUNT, "d", "n"));
    Script script =
        Script.of(schema)
            .row(1, "a", Double.NaN)
            .row(1, "a", Double.NEGATIVE_INFINITY)
            .row(1, "b", Double.NaN)
            .row(1, "c", -0.0)
            .row(1, "c", 0.0)
            .end();
    List<String> expected =
        List.of(
            result("+I", "a", 0, 10, "-Infinity", "NaN", "NaN", "NaN", 2),
            result("+I", "b", 0, 10, "NaN", "NaN", "NaN", "NaN", 1),
            result("+I", "c", 0, 10, "-0.0", "0.0", "0.0", "0.0", 2));
    StageHarness.of(() -> aggregation.operator(schema), Exchange.hash(0), 2)
        .assertEverywhere(script, expected);
    StageHarness.of(WindowModelTest.twoPhases(aggregation, schema))
        .assertEverywhere(script, expected);
  }

  @Test
  void distinct_countsBothZerosAsOne() {
    Schema schema =
        Schema.builder().field("k", DataType.STRING).field("d", DataType.DOUBLE).build();
    WindowAggregation aggregation =
        tumbling(0, Accumulation.ACCUMULATING, AggregateCall.of(COUNT_DISTINCT, "d", "n"));
    Script script =
        Script.of(schema)
            .row(1, "a", 0.0)
            .row(1, "a", -0.0)
            .row(1, "a", Double.NaN)
            .row(1, "a", Double.NaN)
            .row(1, "a", null)
            .end();
    StageHarness.of(() -> aggregation.operator(schema), Exchange.hash(0), 2)
        .assertEverywhere(script, List.of(result("+I", "a", 0, 10, 2)));
  }

  @Test
  void decimals_areExact() {
    Schema schema =
        Schema.builder().field("k", DataType.STRING).field("d", DataType.decimal(20, 2)).build();
    WindowAggregation aggregation =
        tumbling(
            0,
            Accumulation.ACCUMULATING,
            AggregateCall.of(SUM, "d", "sum"),
            AggregateCall.of(AVG, "d", "avg"));
    Script.Builder script = Script.of(schema);
    for (int i = 0; i < 30; i++) {
      script.row(1, "a", new BigDecimal("123456789012345678.01"));
    }
    script.row(1, "a", new BigDecimal("-0.01"));
    StageHarness.of(() -> aggregation.operator(schema), Exchange.hash(0), 2)
        .assertEverywhere(
            script.end(),
            List.of(
                result("+I", "a", 0, 10, "3703703670370370340.29", "119474311947431301.299677")));
  }

  @Test
  void longSumThatOverflows_isAnErrorNotANumber() {
    for (long[] values :
        new long[][] {{Long.MAX_VALUE, 1}, {Long.MIN_VALUE, -1}, {1, Long.MAX_VALUE - 1, 1}}) {
      OperatorHarness harness = harness(SUM_V);
      EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
      for (long value : values) {
        builder.row(1, "a", value);
      }
      EventBatch batch = builder.build();
      assertThatThrownBy(() -> harness.process(batch))
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContaining("FLX-AGG-0001");
    }
    OperatorHarness harness = harness(SUM_V);
    harness.row(SCHEMA, 1, "a", Long.MAX_VALUE).row(SCHEMA, 1, "a", Long.MIN_VALUE).end();
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 0, 10, -1));
  }

  @Test
  void longSumThatOverflowsWhenSlicesMeet_isAnErrorToo() {
    OperatorHarness harness =
        harness(of(WindowSpec.sliding(20, 10, 0), 0, Accumulation.ACCUMULATING, SUM_V));
    harness.row(SCHEMA, 5, "a", Long.MAX_VALUE).row(SCHEMA, 15, "a", 1L);
    assertThatThrownBy(() -> harness.watermark(19)).hasMessageContaining("FLX-AGG-0001");
  }

  @Test
  void decimalSumOrMeanBeyond38Digits_isAnErrorNotANumber() {
    Schema schema =
        Schema.builder().field("k", DataType.STRING).field("d", DataType.decimal(38, 0)).build();
    for (AggregateCall.Kind kind : List.of(SUM, AVG)) {
      WindowAggregation aggregation =
          tumbling(0, Accumulation.ACCUMULATING, AggregateCall.of(kind, "d", "r"));
      OperatorHarness harness = OperatorHarness.of(() -> aggregation.operator(schema));
      BigDecimal nines = new BigDecimal("9".repeat(38));
      harness.row(schema, 1, "a", nines).row(schema, 1, "a", nines);
      assertThatThrownBy(() -> harness.watermark(10)).hasMessageContaining("FLX-AGG-0001");
    }
  }

  @Test
  void lateRows_areLateAfterARestoreToo() {
    OperatorHarness harness = harness(COUNT_ALL);
    harness.row(SCHEMA, 3, "a", 1L).row(SCHEMA, 13, "a", 1L).watermark(9);
    harness.take(0);
    harness.restore(harness.snapshot());
    harness.row(SCHEMA, 3, "a", 1L);
    assertThat(harness.take(WindowAggregation.LATE_PORT)).containsExactly("+I[a, 1]@3");
    harness.end();
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 10, 20, 1));
  }

  @Test
  void restoredWindow_firesOnce_alsoWithinAllowedLateness() {
    OperatorHarness harness = harness(tumbling(100, Accumulation.RETRACTING, COUNT_ALL));
    harness.row(SCHEMA, 3, "a", 1L).row(SCHEMA, 13, "a", 1L).watermark(9);
    assertThat(harness.take(0)).hasSize(1);
    harness.restore(harness.snapshot()).watermark(9).watermark(19);
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 10, 20, 1));
    harness.row(SCHEMA, 3, "a", 1L);
    assertThat(harness.take(0))
        .containsExactly(result("-U", "a", 0, 10, 1), result("+U", "a", 0, 10, 2));
  }

  @Test
  void firing_pausesWhereThereIsNoCapacity() {
    OperatorHarness harness = harness(COUNT_ALL);
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
    for (int i = 0; i < 3 * EventBatch.TARGET_ROWS; i++) {
      builder.row(1, "k" + i, 1L);
    }
    builder.row(11, "next", 1L);
    harness.process(builder.build()).refusing(true).watermark(100);
    int resumes = 0;
    while (harness.hasMore()) {
      harness.resume();
      resumes++;
    }
    assertThat(resumes).isGreaterThanOrEqualTo(3);
    assertThat(harness.take(0)).hasSize(3 * EventBatch.TARGET_ROWS + 1).doesNotHaveDuplicates();
    assertThat(harness.batchSizes()).allMatch(size -> size <= EventBatch.TARGET_ROWS);
    assertThat(harness.watermarks()).containsExactly(100L);
  }

  @Test
  void clockThatIsBehindAfterARestore_makesNothingLate() {
    WindowAggregation aggregation =
        new WindowAggregation(
            List.of("k"),
            WindowSpec.tumbling(10, 0),
            List.of(COUNT_ALL),
            0,
            Accumulation.ACCUMULATING,
            TimeCharacteristic.PROCESSING);
    OperatorHarness harness = OperatorHarness.of(() -> aggregation.operator(SCHEMA));
    harness.processingTime(100).row(SCHEMA, 0, "a", 1L).processingTime(110);
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 100, 110, 1));
    harness.restore(harness.snapshot()).processingTime(95).row(SCHEMA, 0, "a", 1L);
    assertThat(harness.ledger().late()).isZero();
    harness.processingTime(119);
    assertThat(harness.take(0)).isEmpty();
    harness.processingTime(120);
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 110, 120, 1));
  }

  /** Joins what it is given, sorted; refuses "bad". */
  private record Joined(int writes) implements AggregateFunction<List<String>> {
    @Override
    public String name() {
      return "joined";
    }

    @Override
    public DataType resultType(DataType input) {
      if (input.kind() != DataType.Kind.STRING) {
        throw new IllegalArgumentException("joined takes strings");
      }
      return DataType.STRING;
    }

    @Override
    public List<String> create() {
      return new ArrayList<>();
    }

    @Override
    public List<String> accumulate(List<String> accumulator, @Nullable Object value) {
      if ("bad".equals(value)) {
        throw new RecordException("TEST-0001", "bad value");
      }
      accumulator.add(String.valueOf(value));
      return accumulator;
    }

    @Override
    public List<String> merge(List<String> left, List<String> right) {
      left.addAll(right);
      return left;
    }

    @Override
    public @Nullable Object result(List<String> accumulator) {
      return accumulator.isEmpty()
          ? null
          : String.join("+", accumulator.stream().sorted().toList());
    }

    @Override
    public StateSerializer<List<String>> serializer() {
      return new StateSerializer<>() {
        @Override
        public String id() {
          return "joined";
        }

        @Override
        public int version() {
          return writes;
        }

        @Override
        public void write(List<String> value, DataOutput out) throws IOException {
          out.writeUTF(String.join("+", value));
        }

        @Override
        public List<String> read(DataInput in, int version) throws IOException {
          String text = in.readUTF();
          return new ArrayList<>(
              Arrays.asList((version < writes ? text + "+old" : text).split("\\+")));
        }
      };
    }
  }

  private static final Schema TEXTS =
      Schema.builder().field("k", DataType.STRING).field("t", DataType.STRING).build();

  private static WindowAggregation joined(int version, WindowSpec window) {
    return of(
        window,
        0,
        Accumulation.ACCUMULATING,
        COUNT_ALL,
        AggregateCall.custom(new Joined(version), "t", "texts"));
  }

  @Test
  void customAggregate_worksInEveryMode() {
    for (WindowSpec window : List.of(WindowSpec.tumbling(10, 0), WindowSpec.sliding(25, 10, 0))) {
      WindowAggregation aggregation = joined(1, window);
      Script.Builder builder = Script.of(TEXTS);
      for (long i = 0; i < 60; i++) {
        builder.row(i, "k" + i % 3, i % 7 == 0 ? null : "t" + i);
        if (i % 10 == 0) {
          builder.watermark(i);
        }
      }
      Script script = builder.end();
      StageHarness.of(() -> aggregation.operator(TEXTS), Exchange.hash(0), 2)
          .assertEverywhere(script, new WindowReference(aggregation, TEXTS).run(script).results());
    }
  }

  @Test
  void customAggregate_readsStateOfAnOlderVersion() {
    OperatorHarness old =
        OperatorHarness.of(() -> joined(1, WindowSpec.tumbling(10, 0)).operator(TEXTS));
    old.row(TEXTS, 1, "a", "x");
    OperatorHarness newer =
        OperatorHarness.of(() -> joined(2, WindowSpec.tumbling(10, 0)).operator(TEXTS));
    newer.restore(old.snapshot()).row(TEXTS, 2, "a", "y").end();
    assertThat(newer.take(0)).containsExactly(result("+I", "a", 0, 10, 2, "old+x+y"));
  }

  @Test
  void rowThatACustomAggregateRefuses_isInNoAggregate() {
    OperatorHarness harness =
        OperatorHarness.of(() -> joined(1, WindowSpec.tumbling(10, 0)).operator(TEXTS));
    harness.process(
        new EventBatchBuilder(TEXTS)
            .row(1, "a", "x")
            .row(1, "a", "bad")
            .row(1, "b", "bad")
            .build());
    harness.end();
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 0, 10, 1, "x"));
    assertThat(harness.failures()).hasSize(2);
    assertThat(harness.ledger().failed()).isEqualTo(2);
  }

  @Test
  void unknownAndWrongFields_areToldAllAtOnce() {
    WindowAggregation aggregation =
        tumbling(
            0,
            Accumulation.ACCUMULATING,
            AggregateCall.of(SUM, "nope", "a"),
            AggregateCall.of(AVG, "k", "b"),
            AggregateCall.custom(new Joined(1), "v", "c"));
    assertThatThrownBy(() -> aggregation.operator(SCHEMA))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContainingAll("FLX-AGG-0002", "FLX-AGG-0003", "joined takes strings");
  }
}
