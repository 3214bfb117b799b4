package io.fluxcore.domain.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Triggers, the global window and count windows case by case. */
class TriggerTest {
  private static final Schema SCHEMA =
      Schema.builder().field("k", DataType.STRING).field("v", DataType.LONG).build();

  private static OperatorHarness harness(
      WindowSpec window, Trigger trigger, Accumulation accumulation) {
    WindowAggregation aggregation =
        new WindowAggregation(
            List.of("k"),
            window,
            List.of(AggregateCall.of(AggregateCall.Kind.SUM, "v", "sum")),
            0,
            accumulation,
            TimeCharacteristic.EVENT,
            trigger,
            AggregateContext.STANDARD);
    return OperatorHarness.of(() -> aggregation.operator(SCHEMA));
  }

  private static String global(String kind, String key, long sum) {
    return kind + "[" + key + ", " + sum + "]@" + Long.MAX_VALUE;
  }

  @Test
  void globalWindow_endsWithTheInput() {
    OperatorHarness harness =
        harness(new GlobalWindow(), Trigger.onWatermark(), Accumulation.ACCUMULATING);
    harness.row(SCHEMA, EventBatch.NO_TIMESTAMP, "a", 1L).watermark(1_000_000);
    harness.row(SCHEMA, -5, "a", 2L);
    assertThat(harness.take(0)).isEmpty();
    assertThat(harness.end().take(0)).containsExactly(global("+I", "a", 3));
    assertThat(harness.ledger().accepted()).isEqualTo(2);
  }

  @Test
  void intervals_areAlignedAndStartWithTheGroupsFirstRow() {
    OperatorHarness harness =
        harness(
            new GlobalWindow(),
            Trigger.onWatermark().withEarlyEvery(Duration.ofMillis(3000)),
            Accumulation.ACCUMULATING);
    harness.row(SCHEMA, 0, "a", 3L).row(SCHEMA, 3000, "b", 4L).row(SCHEMA, 1000, "b", 1L);
    harness.watermark(2999);
    assertThat(harness.take(0)).isEmpty();
    harness.watermark(3000);
    assertThat(harness.take(0)).containsExactly(global("+I", "a", 3));
    harness.watermark(6000);
    assertThat(harness.take(0))
        .as("also where nothing is new")
        .containsExactlyInAnyOrder(global("+I", "a", 3), global("+I", "b", 5));
    harness.watermark(60_000);
    assertThat(harness.take(0)).as("once, however far it jumps").hasSize(2);
    assertThat(harness.end().take(0)).hasSize(2);
  }

  @Test
  void unchangedResults_areNotTakenBack() {
    OperatorHarness harness =
        harness(
            WindowSpec.tumbling(100, 0),
            Trigger.onWatermark().withEarlyEvery(Duration.ofMillis(10)),
            Accumulation.RETRACTING);
    harness.row(SCHEMA, 5, "a", 1L).watermark(10);
    assertThat(harness.take(0)).hasSize(1);
    harness.watermark(20);
    assertThat(harness.take(0)).isEmpty();
    harness.row(SCHEMA, 25, "a", 1L).watermark(99);
    assertThat(harness.take(0)).hasSize(2);
  }

  @Test
  void countTrigger_firesAtTheVeryRow_whateverTheBatch() {
    OperatorHarness harness =
        harness(new GlobalWindow(), Trigger.afterCount(2), Accumulation.DISCARDING);
    EventBatchBuilder batch = new EventBatchBuilder(SCHEMA);
    for (long i = 1; i <= 5; i++) {
      batch.row(i, "a", i).row(i, "b", 10 * i);
    }
    harness.process(batch.build());
    assertThat(harness.take(0))
        .containsExactlyInAnyOrder(
            global("+I", "a", 3),
            global("+I", "b", 30),
            global("+I", "a", 7),
            global("+I", "b", 70));
    assertThat(harness.end().take(0)).as("never given").isEmpty();
  }

  @Test
  void purgedGroups_leaveNoState() {
    OperatorHarness harness =
        harness(new GlobalWindow(), Trigger.afterCount(2), Accumulation.DISCARDING);
    OperatorHarness counts =
        harness(new CountWindows(2, 2, false), Trigger.onWatermark(), Accumulation.ACCUMULATING);
    int empty = harness.snapshot().length;
    int noCounts = counts.snapshot().length;
    for (long i = 0; i < 1000; i++) {
      harness.row(SCHEMA, i, "k" + i, i).row(SCHEMA, i, "k" + i, i);
      counts.row(SCHEMA, i, "k" + i, i).row(SCHEMA, i, "k" + i, i);
    }
    assertThat(harness.take(0)).hasSize(1000);
    assertThat(counts.take(0)).hasSize(1000);
    assertThat(harness.snapshot()).hasSize(empty);
    assertThat(counts.snapshot()).hasSize(noCounts);
  }

  @Test
  void countWindows_keepTheOrderOfAGroup() {
    OperatorHarness harness =
        harness(new CountWindows(3, 1, false), Trigger.onWatermark(), Accumulation.ACCUMULATING);
    EventBatchBuilder batch = new EventBatchBuilder(SCHEMA);
    for (long i = 1; i <= 5; i++) {
      batch.row(-i, "a", i);
    }
    assertThat(harness.process(batch.build()).take(0))
        .containsExactly(
            global("+I", "a", 1),
            global("+I", "a", 3),
            global("+I", "a", 6),
            global("+I", "a", 9),
            global("+I", "a", 12));
    assertThat(harness.batchSizes()).as("in one batch").containsExactly(5);
  }

  @Test
  void incompleteWindows_areGivenOnlyWhereAsked_andInChunks() {
    OperatorHarness silent =
        harness(new CountWindows(3, 3, false), Trigger.onWatermark(), Accumulation.ACCUMULATING);
    assertThat(silent.row(SCHEMA, 0, "a", 1L).end().take(0)).isEmpty();
    OperatorHarness harness =
        harness(new CountWindows(3, 3, true), Trigger.onWatermark(), Accumulation.ACCUMULATING);
    for (long i = 0; i < 5000; i++) {
      harness.row(SCHEMA, i, "k" + i, i);
    }
    harness.refusing(true).end();
    assertThat(harness.hasMore()).isTrue();
    assertThat(harness.take(0)).hasSize(EventBatch.TARGET_ROWS);
    while (harness.hasMore()) {
      harness.resume();
    }
    assertThat(harness.take(0)).hasSize(5000 - EventBatch.TARGET_ROWS);
  }

  @Test
  void earlyFirings_ofManyGroups_pauseWhenDownstreamIsFull() {
    OperatorHarness harness =
        harness(
            WindowSpec.tumbling(1000, 0),
            Trigger.onWatermark().withEarlyEvery(Duration.ofMillis(100)),
            Accumulation.ACCUMULATING);
    for (long i = 0; i < 5000; i++) {
      harness.row(SCHEMA, 50, "k" + i, i);
    }
    harness.refusing(true).watermark(100);
    assertThat(harness.hasMore()).isTrue();
    assertThat(harness.take(0)).hasSize(EventBatch.TARGET_ROWS);
    while (harness.hasMore()) {
      harness.resume();
    }
    assertThat(harness.take(0)).hasSize(5000 - EventBatch.TARGET_ROWS);
    assertThat(harness.watermarks()).containsExactly(100L);
  }

  @Test
  void impossibleWindows_areRefused() {
    for (long[] wrong : new long[][] {{0, 1}, {1, 0}, {-1, 1}, {1_000_001, 1}}) {
      assertThatThrownBy(() -> new CountWindows(wrong[0], wrong[1], false))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new CountWindows(4, 2, true))
        .isInstanceOf(IllegalArgumentException.class);
    for (long[] wrong :
        new long[][] {{0, 1, 0}, {10, 0, 0}, {10, 3, 0}, {10, 10, Long.MIN_VALUE}}) {
      assertThatThrownBy(() -> new CumulativeWindows(wrong[0], wrong[1], wrong[2]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void reading_tellsWhichWindowFiresNext() {
    OperatorHarness harness =
        harness(
            WindowSpec.tumbling(100, 0),
            Trigger.onWatermark().withEarlyEvery(Duration.ofMillis(30)),
            Accumulation.ACCUMULATING);
    harness.row(SCHEMA, 5, "a", 3L).row(SCHEMA, 110, "a", 3L).watermark(7);
    assertThat(harness.windows()).isEqualTo(new WindowReading(false, 7, 2, 30));
    harness.watermark(90);
    assertThat(harness.windows()).isEqualTo(new WindowReading(false, 90, 2, 99));
    harness.watermark(99);
    assertThat(harness.windows()).isEqualTo(new WindowReading(false, 99, 1, 120));
  }

  @Test
  void readingOfWindowsThatWaitForNoTime_isNone() {
    assertThat(
            harness(new GlobalWindow(), Trigger.afterCount(3), Accumulation.ACCUMULATING).windows())
        .isNull();
    assertThat(
            harness(new CountWindows(3, 3, false), Trigger.onWatermark(), Accumulation.ACCUMULATING)
                .windows())
        .isNull();
  }

  @Test
  void readingOfAGlobalWindow_tellsItsNextFiringByTheClock() {
    OperatorHarness harness =
        harness(
            new GlobalWindow(),
            Trigger.onWatermark().withEarlyEveryProcessingTime(Duration.ofMillis(30)),
            Accumulation.ACCUMULATING);
    harness.processingTime(40).row(SCHEMA, EventBatch.NO_TIMESTAMP, "a", 3L);
    assertThat(harness.windows()).isEqualTo(new WindowReading(true, 39, 1, 59));
  }
}
