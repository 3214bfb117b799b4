package io.fluxcore.domain.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What sessions give before and after the watermark; a gap of 10 ms. */
class SessionTriggerTest {
  private static final Schema SCHEMA =
      Schema.builder().field("k", DataType.STRING).field("v", DataType.LONG).build();

  private static OperatorHarness harness(
      Trigger trigger, Accumulation accumulation, long lateness) {
    WindowAggregation aggregation =
        new WindowAggregation(
            List.of("k"),
            new SessionWindows(10),
            List.of(AggregateCall.of(AggregateCall.Kind.SUM, "v", "sum")),
            lateness,
            accumulation,
            TimeCharacteristic.EVENT,
            trigger,
            AggregateContext.STANDARD);
    return OperatorHarness.of(() -> aggregation.operator(SCHEMA));
  }

  /** {@code kind[a, start, end, sum]@end-1}, as the harness prints it. */
  private static String result(String kind, long start, long end, long sum) {
    return kind
        + "[a, "
        + Instant.ofEpochMilli(start)
        + ", "
        + Instant.ofEpochMilli(end)
        + ", "
        + sum
        + "]@"
        + (end - 1);
  }

  @Test
  void sessionsThatJoin_addTheirCounts() {
    OperatorHarness harness =
        harness(Trigger.onWatermark().withEarlyAfter(5), Accumulation.ACCUMULATING, 0);
    harness.row(SCHEMA, 0, "a", 1L).row(SCHEMA, 1, "a", 2L);
    harness.row(SCHEMA, 20, "a", 4L).row(SCHEMA, 21, "a", 8L);
    assertThat(harness.take(0)).isEmpty();
    harness.restore(harness.snapshot()).row(SCHEMA, 10, "a", 16L);
    assertThat(harness.take(0)).containsExactly(result("+I", 0, 31, 31));
    harness.end();
    assertThat(harness.take(0)).containsExactly(result("+I", 0, 31, 31));
  }

  @Test
  void countOfAJoinedSession_isMoreThanEnough_andStartsAnew() {
    OperatorHarness harness = harness(Trigger.afterCount(3), Accumulation.DISCARDING, 0);
    harness.row(SCHEMA, 0, "a", 1L).row(SCHEMA, 1, "a", 2L);
    harness.row(SCHEMA, 20, "a", 4L).row(SCHEMA, 21, "a", 8L).row(SCHEMA, 10, "a", 16L);
    assertThat(harness.take(0)).containsExactly(result("+I", 0, 31, 31));
    harness.row(SCHEMA, 22, "a", 32L).row(SCHEMA, 22, "a", 64L);
    assertThat(harness.take(0)).isEmpty();
    harness.row(SCHEMA, 22, "a", 128L);
    assertThat(harness.take(0)).containsExactly(result("+I", 0, 32, 224));
    harness.row(SCHEMA, 22, "a", 256L).end();
    assertThat(harness.take(0)).isEmpty();
  }

  @Test
  void rowsOfOneBatch_fireWhenThereAreEnough() {
    OperatorHarness harness = harness(Trigger.afterCount(2), Accumulation.DISCARDING, 0);
    harness.process(
        new EventBatchBuilder(SCHEMA, 5)
            .row(0, "a", 1L)
            .row(5, "a", 2L)
            .row(30, "a", 4L)
            .row(6, "a", 8L)
            .row(31, "a", 16L)
            .build());
    assertThat(harness.take(0)).containsExactly(result("+I", 0, 15, 3), result("+I", 30, 41, 20));
  }

  @Test
  void earlyResults_areTakenBackWhenTheirSessionsJoin() {
    OperatorHarness harness =
        harness(
            Trigger.onWatermark().withEarlyEvery(Duration.ofMillis(5)), Accumulation.RETRACTING, 0);
    harness.row(SCHEMA, 20, "a", 1L).row(SCHEMA, 40, "a", 2L).watermark(25);
    assertThat(harness.take(0)).containsExactly(result("+I", 20, 30, 1));
    harness.row(SCHEMA, 22, "a", 4L).watermark(28);
    assertThat(harness.take(0)).isEmpty();
    harness.restore(harness.snapshot()).row(SCHEMA, 30, "a", 8L);
    assertThat(harness.take(0)).containsExactly(result("-D", 20, 30, 1));
    harness.watermark(30);
    assertThat(harness.take(0)).containsExactly(result("+I", 20, 50, 15));
    harness.row(SCHEMA, 33, "a", 16L).watermark(36);
    assertThat(harness.take(0)).containsExactly(result("-U", 20, 50, 15), result("+U", 20, 50, 31));
    harness.end();
    assertThat(harness.take(0)).isEmpty();
  }

  @Test
  void earlyResult_isReplacedWhenItsSessionHasGrown() {
    OperatorHarness harness =
        harness(Trigger.onWatermark().withEarlyAfter(2), Accumulation.RETRACTING, 0);
    harness.row(SCHEMA, 0, "a", 1L).row(SCHEMA, 1, "a", 2L);
    assertThat(harness.take(0)).containsExactly(result("+I", 0, 11, 3));
    harness.row(SCHEMA, 9, "a", 4L);
    assertThat(harness.take(0)).isEmpty();
    harness.watermark(18);
    assertThat(harness.take(0)).containsExactly(result("-D", 0, 11, 3), result("+I", 0, 19, 7));
  }

  @Test
  void discarding_givesOnlyWhatIsNew() {
    OperatorHarness harness =
        harness(
            Trigger.onWatermark().withEarlyEveryProcessingTime(Duration.ofMillis(100)),
            Accumulation.DISCARDING,
            0);
    harness.processingTime(1_010);
    harness.row(SCHEMA, 0, "a", 1L).row(SCHEMA, 20, "a", 2L).processingTime(1_100);
    assertThat(harness.take(0))
        .containsExactlyInAnyOrder(result("+I", 0, 10, 1), result("+I", 20, 30, 2));
    harness.row(SCHEMA, 10, "a", 4L);
    harness.restore(harness.snapshot()).processingTime(1_200);
    assertThat(harness.take(0)).containsExactly(result("+I", 0, 30, 4));
    harness.processingTime(1_300).row(SCHEMA, 25, "a", 8L).end();
    assertThat(harness.take(0)).containsExactly(result("+I", 0, 35, 8));
  }

  @Test
  void joinedSession_firesAtTheEarliestTime() {
    OperatorHarness harness =
        harness(
            Trigger.onWatermark().withEarlyEvery(Duration.ofMillis(100)),
            Accumulation.ACCUMULATING,
            0);
    harness.row(SCHEMA, 115, "a", 1L).row(SCHEMA, 95, "a", 2L).row(SCHEMA, 105, "a", 4L);
    harness.watermark(99);
    assertThat(harness.take(0)).isEmpty();
    harness.watermark(100);
    assertThat(harness.take(0)).containsExactly(result("+I", 95, 125, 7));
  }

  @Test
  void lateRows_fireOnceABatch_unlessEachIsAskedFor() {
    Trigger eachBatch = Trigger.onWatermark().withEarlyAfter(100);
    for (Trigger trigger : new Trigger[] {eachBatch, eachBatch.withLate(LateFiring.EACH_ROW)}) {
      OperatorHarness harness = harness(trigger, Accumulation.ACCUMULATING, 50);
      harness.row(SCHEMA, 0, "a", 1L).watermark(30);
      assertThat(harness.take(0)).containsExactly(result("+I", 0, 10, 1));
      harness.process(new EventBatchBuilder(SCHEMA, 2).row(2, "a", 2L).row(3, "a", 4L).build());
      if (trigger.late() == LateFiring.EACH_ROW) {
        assertThat(harness.take(0)).containsExactly(result("+I", 0, 12, 3), result("+I", 0, 13, 7));
      } else {
        assertThat(harness.take(0)).containsExactly(result("+I", 0, 13, 7));
      }
      harness.end();
      assertThat(harness.take(0)).isEmpty();
    }
  }
}
