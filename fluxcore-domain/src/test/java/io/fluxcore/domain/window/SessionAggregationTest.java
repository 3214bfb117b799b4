package io.fluxcore.domain.window;

import static io.fluxcore.domain.aggregate.AggregateCall.Kind.COUNT_DISTINCT;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.SUM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Backend;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions case by case; times are milliseconds from the epoch, the gap is 10 ms. */
class SessionAggregationTest {
  private static final Schema SCHEMA =
      Schema.builder().field("k", DataType.STRING).field("v", DataType.LONG).build();
  private static final AggregateCall COUNT_ALL = AggregateCall.countAll("n");
  private static final AggregateCall SUM_V = AggregateCall.of(SUM, "v", "sum");
  private static final long GAP = 10;

  private static WindowAggregation of(
      long gap, long lateness, Accumulation accumulation, AggregateCall... calls) {
    return new WindowAggregation(
        List.of("k"),
        new SessionWindows(gap),
        List.of(calls),
        lateness,
        accumulation,
        TimeCharacteristic.EVENT);
  }

  private static OperatorHarness harness(
      long lateness, Accumulation accumulation, AggregateCall... calls) {
    WindowAggregation aggregation = of(GAP, lateness, accumulation, calls);
    return OperatorHarness.of(() -> aggregation.operator(SCHEMA));
  }

  private static OperatorHarness harness(AggregateCall... calls) {
    return harness(0, Accumulation.ACCUMULATING, calls);
  }

  /** {@code kind[key, start, end, values]@end-1}, as the harness prints it. */
  private static String result(String kind, String key, long start, long end, Object... values) {
    StringBuilder text = new StringBuilder(kind).append('[').append(key);
    text.append(", ").append(Instant.ofEpochMilli(start));
    text.append(", ").append(Instant.ofEpochMilli(end));
    for (Object value : values) {
      text.append(", ").append(value);
    }
    return text.append("]@").append(end - 1).toString();
  }

  @Test
  void rowsExactlyOneGapApart_areOneSession() {
    OperatorHarness harness = harness(COUNT_ALL);
    harness.row(SCHEMA, 0, "a", 1L).row(SCHEMA, 10, "a", 1L).row(SCHEMA, 21, "a", 1L).end();
    assertThat(harness.take(0))
        .containsExactlyInAnyOrder(result("+I", "a", 0, 20, 2), result("+I", "a", 21, 31, 1));
  }

  @Test
  void rowsExactlyOneGapApart_areTwoSessionsWhereTouchingIsSeparate() {
    WindowAggregation aggregation =
        new WindowAggregation(
            List.of("k"),
            new SessionWindows(GAP, Touching.SEPARATE),
            List.of(COUNT_ALL),
            0,
            Accumulation.ACCUMULATING,
            TimeCharacteristic.EVENT);
    OperatorHarness harness = OperatorHarness.of(() -> aggregation.operator(SCHEMA));
    harness
        .row(SCHEMA, 0, "a", 1L)
        .row(SCHEMA, 10, "a", 1L)
        .row(SCHEMA, 29, "a", 1L)
        .row(SCHEMA, 19, "a", 1L)
        .end();
    assertThat(harness.take(0))
        .containsExactlyInAnyOrder(
            result("+I", "a", 0, 10, 1),
            result("+I", "a", 10, 29, 2),
            result("+I", "a", 29, 39, 1));
  }

  @Test
  void session_firesWhenTheWatermarkIsAtItsLastMillisecond() {
    OperatorHarness harness = harness(COUNT_ALL);
    harness.row(SCHEMA, 0, "a", 1L).row(SCHEMA, 7, "a", 1L).watermark(15);
    assertThat(harness.take(0)).isEmpty();
    harness.watermark(16);
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 0, 17, 2));
    assertThat(harness.watermarks()).containsExactly(15L, 16L);
  }

  @Test
  void rowBetweenTwoSessions_joinsThem() {
    OperatorHarness harness = harness(COUNT_ALL, SUM_V);
    harness
        .row(SCHEMA, 40, "a", 1L)
        .row(SCHEMA, 20, "a", 2L)
        .row(SCHEMA, 0, "a", 4L)
        .row(SCHEMA, 30, "a", 8L)
        .row(SCHEMA, 20, "b", 16L)
        .row(SCHEMA, 10, "a", 32L);
    harness.end();
    assertThat(harness.take(0))
        .containsExactlyInAnyOrder(
            result("+I", "a", 0, 50, 5, 47), result("+I", "b", 20, 30, 1, 16));
  }

  @Test
  void sessionsOfOneGroup_areEmittedInTheirOrder() {
    OperatorHarness harness = harness(COUNT_ALL);
    List<String> expected = new ArrayList<>();
    for (long time = 0; time < 10; time++) {
      harness.row(SCHEMA, time * 100, "a", 1L);
      expected.add(result("+I", "a", time * 100, time * 100 + 10, 1));
    }
    harness.end();
    assertThat(harness.take(0)).containsExactlyElementsOf(expected);
  }

  @Test
  void groupsOfABatch_mayHaveMoreOpenSessionsTogetherThanABatchHasRows() {
    OperatorHarness harness = harness(COUNT_ALL);
    int groups = EventBatch.TARGET_ROWS / 2;
    int few = 64;
    int sessions = 5;
    for (int from = 0; from < groups; from += few) {
      for (long session = 0; session < sessions; session++) {
        harness.process(oneRowOfEach(from, few, session * 100));
      }
    }
    harness.process(oneRowOfEach(0, groups, 1)).end();
    List<String> expected = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      expected.add(result("+I", "k" + group, 0, 11, 2));
      for (long session = 1; session < sessions; session++) {
        expected.add(result("+I", "k" + group, session * 100, session * 100 + 10, 1));
      }
    }
    assertThat(harness.take(0)).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static EventBatch oneRowOfEach(int fromGroup, int groups, long time) {
    EventBatchBuilder rows = new EventBatchBuilder(SCHEMA);
    for (int group = fromGroup; group < fromGroup + groups; group++) {
      rows.row(time, "k" + group, 1L);
    }
    return rows.build();
  }

  @Test
  void lateRow_isCountedAndGoesToTheLateOutput() {
    OperatorHarness harness = harness(COUNT_ALL);
    harness.row(SCHEMA, 3, "a", 1L).watermark(12).row(SCHEMA, 3, "b", 7L).row(SCHEMA, 4, "b", 1L);
    harness.end();
    assertThat(harness.take(0))
        .containsExactly(result("+I", "a", 3, 13, 1), result("+I", "b", 4, 14, 1));
    assertThat(harness.take(WindowAggregation.LATE_PORT)).containsExactly("+I[b, 7]@3");
    Ledger.Counts counts = harness.ledger();
    assertThat(counts.late()).isEqualTo(1);
    assertThat(counts.accepted()).isEqualTo(2);
    assertThat(counts.rowsOut()).isEqualTo(3);
  }

  @Test
  void rowThatIsLateAlone_isTakenByASessionThatItTouches() {
    OperatorHarness harness = harness(COUNT_ALL);
    harness.row(SCHEMA, 30, "a", 1L).watermark(35).row(SCHEMA, 20, "a", 1L);
    harness.row(SCHEMA, 20, "b", 1L).end();
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 20, 40, 2));
    assertThat(harness.take(WindowAggregation.LATE_PORT)).containsExactly("+I[b, 1]@20");
  }

  @Test
  void lateness_isDecidedByTheOrderOfRowsInABatchToo() {
    OperatorHarness harness = harness(COUNT_ALL);
    harness.watermark(35);
    harness.process(
        new EventBatchBuilder(SCHEMA)
            .row(20, "a", 1L)
            .row(30, "a", 2L)
            .row(20, "a", 4L)
            .row(30, "b", 8L)
            .row(20, "b", 16L)
            .row(36, "c", 32L)
            .build());
    harness.end();
    assertThat(harness.take(0))
        .containsExactlyInAnyOrder(
            result("+I", "a", 20, 40, 2),
            result("+I", "b", 20, 40, 2),
            result("+I", "c", 36, 46, 1));
    assertThat(harness.take(WindowAggregation.LATE_PORT)).containsExactly("+I[a, 1]@20");
  }

  @Test
  void rowWithinAClosedSession_beginsAnotherOneUnlessItIsLate() {
    OperatorHarness harness = harness(COUNT_ALL);
    harness.row(SCHEMA, 0, "a", 1L).watermark(9).row(SCHEMA, 5, "a", 1L).end();
    assertThat(harness.take(0))
        .containsExactly(result("+I", "a", 0, 10, 1), result("+I", "a", 5, 15, 1));
  }

  @Test
  void lateRowWithinAFiredSession_refiresIt() {
    OperatorHarness harness = harness(5, Accumulation.ACCUMULATING, COUNT_ALL, SUM_V);
    harness.row(SCHEMA, 0, "a", 1L).row(SCHEMA, 3, "a", 2L).row(SCHEMA, 3, "b", 1L).watermark(12);
    harness.take(0);
    harness.row(SCHEMA, 2, "a", 4L);
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 0, 13, 3, 7));
    harness.row(SCHEMA, 3, "a", 8L).row(SCHEMA, -7, "a", 16L);
    assertThat(harness.take(0))
        .containsExactly(result("+I", "a", 0, 13, 4, 15), result("+I", "a", -7, 13, 5, 31));
    harness.watermark(17).row(SCHEMA, 3, "a", 2L);
    assertThat(harness.take(0)).as("closed").isEmpty();
    assertThat(harness.take(WindowAggregation.LATE_PORT)).containsExactly("+I[a, 2]@3");
  }

  @Test
  void lateRowThatExtendsAFiredSession_makesItFireAtItsNewEnd() {
    OperatorHarness harness = harness(50, Accumulation.ACCUMULATING, COUNT_ALL);
    harness.row(SCHEMA, 0, "a", 1L).watermark(9);
    harness.take(0);
    harness.row(SCHEMA, 5, "a", 1L).watermark(13);
    assertThat(harness.take(0)).isEmpty();
    harness.watermark(14);
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 0, 15, 2));
  }

  @ParameterizedTest
  @EnumSource(Accumulation.class)
  void lateRowBetweenFiredSessions_makesOneOfThem(Accumulation accumulation) {
    OperatorHarness harness = harness(50, accumulation, COUNT_ALL, SUM_V);
    harness.row(SCHEMA, 0, "a", 1L).row(SCHEMA, 15, "a", 2L).watermark(30);
    assertThat(harness.take(0))
        .containsExactly(result("+I", "a", 0, 10, 1, 1), result("+I", "a", 15, 25, 1, 2));
    harness.row(SCHEMA, 7, "a", 4L);
    switch (accumulation) {
      case ACCUMULATING ->
          assertThat(harness.take(0)).containsExactly(result("+I", "a", 0, 25, 3, 7));
      case DISCARDING ->
          assertThat(harness.take(0)).containsExactly(result("+I", "a", 0, 25, 1, 4));
      case RETRACTING ->
          assertThat(harness.take(0))
              .containsExactly(
                  result("-D", "a", 0, 10, 1, 1),
                  result("-D", "a", 15, 25, 1, 2),
                  result("+I", "a", 0, 25, 3, 7));
    }
    harness.end();
    assertThat(harness.take(0)).isEmpty();
  }

  @Test
  void retracting_updatesASessionOfTheSameBounds_andDeletesOneThatGrows() {
    OperatorHarness harness = harness(50, Accumulation.RETRACTING, SUM_V);
    harness.row(SCHEMA, 0, "a", 1L).row(SCHEMA, 4, "a", 2L).watermark(13);
    harness.take(0);
    harness.row(SCHEMA, 2, "a", 4L);
    assertThat(harness.take(0))
        .containsExactly(result("-U", "a", 0, 14, 3), result("+U", "a", 0, 14, 7));
    harness.row(SCHEMA, 6, "a", 8L);
    assertThat(harness.take(0)).containsExactly(result("-D", "a", 0, 14, 7));
    harness.watermark(15);
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 0, 16, 15));
  }

  @Test
  void retracting_deletesASessionOfWhichNothingIsLeft() {
    OperatorHarness harness = harness(5, Accumulation.RETRACTING, SUM_V);
    harness.row(SCHEMA, 3, "a", 1L).watermark(12);
    harness.take(0);
    harness.process(new EventBatchBuilder(SCHEMA).row(RowKind.DELETE, 3, "a", 1L).build());
    assertThat(harness.take(0)).containsExactly(result("-D", "a", 3, 13, 1));
    harness.end();
    assertThat(harness.take(0)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {EventBatch.NO_TIMESTAMP, Long.MIN_VALUE + 1, Long.MAX_VALUE, 1L << 62})
  void rowWithoutAUsableTime_isABadRecord(long time) {
    OperatorHarness harness = harness(COUNT_ALL);
    harness.process(
        new EventBatchBuilder(SCHEMA).row(1, "a", 1L).row(time, "b", 1L).row(2, "a", 1L).build());
    harness.end();
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 1, 12, 2));
    assertThat(harness.failures()).hasSize(1);
    assertThat(harness.failures().get(0).code()).isEqualTo("FLX-WINDOW-0001");
    assertThat(harness.ledger().failed()).isEqualTo(1);
    assertThat(harness.ledger().accepted()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 10, WindowSpec.MAX_TIME})
  void rowsAtTheEndsOfTime_getTheirSessions(long gap) {
    long max = WindowSpec.MAX_TIME;
    WindowAggregation aggregation = of(gap, max, Accumulation.ACCUMULATING, COUNT_ALL);
    Script script =
        Script.of(SCHEMA)
            .row(max, "a", 1L)
            .row(-max, "a", 1L)
            .row(-1, "a", 1L)
            .row(0, "a", 1L)
            .row(0, "a", 1L)
            .end();
    List<String> expected = new SessionReference(aggregation, SCHEMA).run(script).results();
    assertThat(expected).isNotEmpty();
    StageHarness.of(() -> aggregation.operator(SCHEMA), Exchange.hash(0), 2)
        .assertEverywhere(script, List.of(expected, List.of()));
    StageHarness.of(WindowModelTest.twoPhases(aggregation, SCHEMA))
        .assertEverywhere(script, List.of(expected, List.of()));
  }

  @Test
  void noRows_giveNoResults() {
    OperatorHarness harness = harness(COUNT_ALL);
    harness.process(
        new EventBatchBuilder(SCHEMA).row(1, "a", 1L).build().withSelection(new int[0], 0));
    harness.watermark(100).end();
    assertThat(harness.take(0)).isEmpty();
    assertThat(harness.ledger().rowsIn()).isZero();
  }

  @ParameterizedTest
  @MethodSource("io.fluxcore.domain.harness.Backend#standard")
  void manyGroups_fireInBlocksWithPauses(Backend backend) {
    WindowAggregation aggregation = of(GAP, 0, Accumulation.ACCUMULATING, COUNT_ALL);
    OperatorHarness harness = OperatorHarness.of(() -> aggregation.operator(SCHEMA), backend);
    int groups = 3 * EventBatch.TARGET_ROWS;
    EventBatchBuilder batch = new EventBatchBuilder(SCHEMA, groups);
    for (int i = 0; i < groups; i++) {
      batch.row(5, "key " + i, 1L);
    }
    harness.process(batch.build()).refusing(true).watermark(100);
    assertThat(harness.hasMore()).isTrue();
    int given = harness.take(0).size();
    assertThat(given).isBetween(1, EventBatch.TARGET_ROWS);
    harness.resume();
    int more = harness.take(0).size();
    assertThat(more).isBetween(1, EventBatch.TARGET_ROWS);
    harness.refusing(false).resume();
    while (harness.hasMore()) {
      harness.resume();
    }
    assertThat(harness.take(0)).hasSize(groups - given - more);
    assertThat(harness.batchSizes()).allMatch(size -> size <= EventBatch.TARGET_ROWS);
  }

  @Test
  void closedSessions_leaveNothingBehind() {
    WindowAggregation aggregation =
        of(GAP, 30, Accumulation.ACCUMULATING, AggregateCall.of(COUNT_DISTINCT, "v", "d"));
    OperatorHarness harness =
        OperatorHarness.of(() -> aggregation.operator(SCHEMA), Backend.EVICTING);
    for (long time = 0; time < 500; time += 25) {
      harness.row(SCHEMA, time, "a", time).row(SCHEMA, time, "b", time).watermark(time);
    }
    assertThat(harness.state().estimatedBytes()).isPositive();
    harness.watermark(1_000);
    assertThat(harness.take(0)).hasSize(40);
    assertThat(harness.state().estimatedBytes()).isZero();
  }

  @Test
  void reading_tellsOpenSessionsAndTheNextDeadline() {
    OperatorHarness harness = harness(COUNT_ALL);
    assertThat(harness.windows())
        .isEqualTo(new WindowReading(false, Long.MIN_VALUE, 0, Long.MAX_VALUE));
    harness.row(SCHEMA, 5, "a", 1L).row(SCHEMA, 7, "b", 1L).row(SCHEMA, 30, "b", 1L).watermark(3);
    assertThat(harness.windows()).isEqualTo(new WindowReading(false, 3, 2, 14));
    harness.watermark(14);
    assertThat(harness.windows()).isEqualTo(new WindowReading(false, 14, 1, 16));
    harness.watermark(50);
    assertThat(harness.windows()).isEqualTo(new WindowReading(false, 50, 0, Long.MAX_VALUE));
  }

  @Test
  void readingOfThePreAggregation_tellsWhatItHolds() {
    WindowAggregation aggregation = of(GAP, 0, Accumulation.ACCUMULATING, COUNT_ALL);
    OperatorHarness harness = OperatorHarness.of(() -> aggregation.preAggregate(SCHEMA));
    harness.watermark(0).row(SCHEMA, 5, "a", 1L).row(SCHEMA, 7, "b", 1L);
    assertThat(harness.windows()).isEqualTo(new WindowReading(false, 0, 2, 14));
    harness.watermark(5);
    assertThat(harness.windows()).isEqualTo(new WindowReading(false, 5, 0, Long.MAX_VALUE));
  }

  @Test
  void sessionThatGoesOn_isOneResult() {
    OperatorHarness harness = harness(COUNT_ALL);
    for (long time = 0; time < 1_000; time += 3) {
      harness.row(SCHEMA, time, "a", 1L).watermark(time);
    }
    assertThat(harness.take(0)).isEmpty();
    harness.end();
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 0, 1_009, 334));
  }

  @Test
  void anotherGap_refusesTheSnapshot() {
    OperatorHarness harness = harness(COUNT_ALL);
    byte[] snapshot = harness.row(SCHEMA, 0, "a", 1L).snapshot();
    WindowAggregation wider = of(20, 0, Accumulation.ACCUMULATING, COUNT_ALL);
    OperatorHarness other = OperatorHarness.of(() -> wider.operator(SCHEMA));
    assertThatThrownBy(() -> other.restore(snapshot))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-WINDOW-0002")
        .hasMessageContaining("gap of 10 ms")
        .hasMessageContaining("gap of 20 ms");
  }

  @Test
  void anotherKindOfWindow_refusesTheSnapshot() {
    WindowAggregation tumbling =
        new WindowAggregation(
            List.of("k"),
            WindowSpec.tumbling(10, 0),
            List.of(COUNT_ALL),
            0,
            Accumulation.ACCUMULATING,
            TimeCharacteristic.EVENT);
    OperatorHarness before = OperatorHarness.of(() -> tumbling.operator(SCHEMA));
    byte[] snapshot = before.row(SCHEMA, 0, "a", 1L).snapshot();
    assertThatThrownBy(() -> harness(COUNT_ALL).restore(snapshot))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("windows that are not sessions");
  }

  @Test
  void processingTime_takesNoRowAtTheEndOfASession() {
    WindowAggregation aggregation =
        new WindowAggregation(
            List.of("k"),
            new SessionWindows(GAP),
            List.of(COUNT_ALL),
            100,
            Accumulation.ACCUMULATING,
            TimeCharacteristic.PROCESSING);
    OperatorHarness harness = OperatorHarness.of(() -> aggregation.operator(SCHEMA));
    harness.processingTime(5).row(SCHEMA, 99, "a", 1L).processingTime(14).row(SCHEMA, 0, "a", 1L);
    harness.processingTime(24);
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 5, 24, 2));
    harness.row(SCHEMA, 0, "a", 1L).processingTime(34);
    assertThat(harness.take(0)).containsExactly(result("+I", "a", 24, 34, 1));
  }

  @Test
  void restored_whatWasLateStaysLate() {
    OperatorHarness harness = harness(COUNT_ALL);
    byte[] snapshot = harness.watermark(50).snapshot();
    harness.restore(snapshot).row(SCHEMA, 41, "a", 1L).row(SCHEMA, 42, "a", 1L);
    assertThat(harness.take(WindowAggregation.LATE_PORT)).containsExactly("+I[a, 1]@41");
    assertThat(harness.end().take(0)).containsExactly(result("+I", "a", 42, 52, 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MAX_VALUE})
  void gapOutOfRange_isRefused(long gap) {
    assertThatThrownBy(() -> of(gap, 0, Accumulation.ACCUMULATING, COUNT_ALL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gap of " + gap + " ms");
  }

  @Test
  void preAggregate_sendsTheTimesOfTheFirstAndTheLastRow() {
    WindowAggregation aggregation = of(GAP, 0, Accumulation.ACCUMULATING, SUM_V);
    OperatorHarness harness = OperatorHarness.of(() -> aggregation.preAggregate(SCHEMA));
    harness.row(SCHEMA, 1, "a", 1L);
    assertThat(harness.take(WindowAggregation.ROWS_PORT)).as("no watermark yet").hasSize(1);
    harness.watermark(0);
    harness.row(SCHEMA, 1, "a", 1L);
    assertThat(harness.take(WindowAggregation.ROWS_PORT)).as("at the watermark").hasSize(1);
    harness.row(SCHEMA, 12, "a", 2L).row(SCHEMA, 5, "a", 4L).row(SCHEMA, 7, "b", 8L).watermark(3);
    assertThat(harness.take(0)).isEmpty();
    harness.watermark(4);
    assertThat(harness.take(0)).containsExactly("+I[a, 2, 0, 6, 12]@5", "+I[b, 1, 0, 8, 7]@7");
  }

  @Test
  void preAggregate_sendsWhatItHoldsBeforeRowsThatAreTooFarApart() {
    WindowAggregation aggregation = of(GAP, 0, Accumulation.ACCUMULATING, COUNT_ALL);
    OperatorHarness harness = OperatorHarness.of(() -> aggregation.preAggregate(SCHEMA));
    harness.watermark(0).row(SCHEMA, 10, "a", 1L).row(SCHEMA, 21, "a", 1L);
    assertThat(harness.take(0)).containsExactly("+I[a, 1, 10]@10");
    harness.process(
        new EventBatchBuilder(SCHEMA).row(50, "a", 1L).row(30, "a", 2L).row(70, "a", 4L).build());
    assertThat(harness.take(0)).containsExactly("+I[a, 2, 30]@21");
    assertThat(harness.take(WindowAggregation.ROWS_PORT)).containsExactly("+I[a, 4]@70");
    harness.end();
    assertThat(harness.take(0)).containsExactly("+I[a, 1, 50]@50");
    assertThat(harness.take(WindowAggregation.ROWS_PORT)).isEmpty();
  }

  @Test
  void preAggregate_stopsWhereGroupsAreNearlyUnique() {
    WindowAggregation aggregation = of(GAP, 0, Accumulation.ACCUMULATING, COUNT_ALL);
    OperatorHarness harness = OperatorHarness.of(() -> aggregation.preAggregate(SCHEMA));
    harness.watermark(0);
    EventBatchBuilder batch = new EventBatchBuilder(SCHEMA, EventBatch.TARGET_ROWS);
    for (int i = 0; i < EventBatch.TARGET_ROWS; i++) {
      batch.row(5, "key " + i, 1L);
    }
    harness.process(batch.build()).flush();
    assertThat(harness.take(0)).hasSize(EventBatch.TARGET_ROWS);
    harness.row(SCHEMA, 6, "a", 1L);
    assertThat(harness.take(WindowAggregation.ROWS_PORT)).containsExactly("+I[a, 1]@6");
  }
}
