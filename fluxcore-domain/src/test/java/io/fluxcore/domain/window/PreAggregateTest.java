package io.fluxcore.domain.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Batching;
import io.fluxcore.domain.harness.Mode;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.harness.Recovery;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The first of two phases: what it holds, when it lets go, and what passes. */
class PreAggregateTest {
  private static final int PARTIALS = 0;
  private static final Schema SCHEMA =
      Schema.builder().field("k", DataType.LONG).field("v", DataType.LONG).build();

  private static WindowAggregation of(WindowSpec window) {
    return new WindowAggregation(
        List.of("k"),
        window,
        List.of(AggregateCall.countAll("n"), AggregateCall.of(AggregateCall.Kind.SUM, "v", "sum")),
        0,
        Accumulation.ACCUMULATING,
        TimeCharacteristic.EVENT);
  }

  private static OperatorHarness harness(WindowSpec window) {
    return OperatorHarness.of(() -> of(window).preAggregate(SCHEMA));
  }

  @Test
  void partials_areHeldUntilAWindowOfTheirsMayFire() {
    OperatorHarness harness = harness(WindowSpec.sliding(20, 10, 0));
    harness.watermark(0).row(SCHEMA, 15, 1L, 5L).row(SCHEMA, 16, 1L, 6L).watermark(18);
    assertThat(harness.take(PARTIALS)).isEmpty();
    harness.watermark(19);
    assertThat(harness.take(PARTIALS)).as("key, rows, nulls and sum").hasSize(1);
    assertThat(harness.watermarks()).containsExactly(0L, 18L, 19L);
    assertThat(harness.ledger().accepted()).isEqualTo(2);
  }

  @Test
  void partials_leaveBeforeABarrierAndAtTheEnd() {
    OperatorHarness harness = harness(WindowSpec.tumbling(10, 0));
    harness.watermark(0).row(SCHEMA, 5, 1L, 5L).flush();
    assertThat(harness.take(PARTIALS)).hasSize(1);
    harness.row(SCHEMA, 5, 1L, 5L).restore(harness.snapshot());
    assertThat(harness.take(PARTIALS)).hasSize(1);
    harness.row(SCHEMA, 5, 1L, 5L).end();
    assertThat(harness.take(PARTIALS)).hasSize(1);
  }

  @Test
  void rowsBeforeTheFirstWatermark_pass() {
    OperatorHarness harness = harness(WindowSpec.tumbling(10, 0));
    harness.row(SCHEMA, 5, 1L, 5L);
    assertThat(harness.take(WindowAggregation.ROWS_PORT)).containsExactly("+I[1, 5]@5");
  }

  @Test
  void rowsOfFiredWindowsAndOfGaps_passAsTheyAre() {
    OperatorHarness harness = harness(WindowSpec.sliding(10, 30, 0));
    harness.watermark(9);
    harness.process(
        new EventBatchBuilder(SCHEMA)
            .row(5, 1L, 5L)
            .row(15, 2L, 6L)
            .row(35, 3L, 7L)
            .row(EventBatch.NO_TIMESTAMP, 4L, 8L)
            .build());
    assertThat(harness.take(WindowAggregation.ROWS_PORT)).hasSize(4);
    harness.row(SCHEMA, 5, 1L, 5L).row(SCHEMA, 35, 3L, 7L);
    assertThat(harness.take(WindowAggregation.ROWS_PORT)).containsExactly("+I[1, 5]@5");
    harness.flush();
    assertThat(harness.take(PARTIALS)).hasSize(1);
  }

  @Test
  void nearlyUniqueGroups_passAsRowsForAWhile() {
    OperatorHarness harness = harness(WindowSpec.tumbling(1000, 0)).watermark(-1);
    long key = 0;
    for (int i = 0; i < 6; i++) {
      EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
      for (int row = 0; row < EventBatch.TARGET_ROWS; row++) {
        builder.row(i, key++, 1L);
      }
      harness.process(builder.build());
    }
    assertThat(harness.take(PARTIALS)).as("the cache is full").hasSizeGreaterThan(8192);
    assertThat(harness.take(WindowAggregation.ROWS_PORT)).hasSize(EventBatch.TARGET_ROWS);
    assertThat(harness.batchSizes()).allMatch(size -> size <= EventBatch.TARGET_ROWS);
  }

  @Test
  void passingAndHolding_giveTheSameResults() {
    WindowAggregation aggregation = of(WindowSpec.sliding(60, 20, 0));
    Random random = new Random(8);
    Script.Builder builder = Script.of(SCHEMA);
    for (long i = 0; i < 12_000; i++) {
      builder.row(i / 100 + random.nextInt(5), (long) random.nextInt(1 << 20), i);
      if (i % 3000 == 2999) {
        builder.watermark(i / 100 - 1);
      }
    }
    Script script = builder.end();
    List<String> expected = new WindowReference(aggregation, SCHEMA).run(script).results();
    Mode mode = Mode.PLAIN.with(Batching.FULL_BATCHES);
    StageHarness.of(WindowModelTest.twoPhases(aggregation, SCHEMA))
        .in(
            List.of(
                mode,
                mode.parallelism(2, 3).interleaving(true),
                mode.parallelism(3, 2).with(Recovery.CRASH).withRefusingOutputs().seed(4)))
        .assertEverywhere(script, List.of(expected, List.of()));
  }
}
