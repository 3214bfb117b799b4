package io.fluxcore.domain.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.harness.Failure;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.window.WindowSpec;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Cases of joins by name: rows that cannot be joined, pauses, and what is told of them. */
class JoinOperatorsTest {
  private static final Lateness NONE = Lateness.NONE;

  private static IntervalJoin interval(JoinType type) {
    return new IntervalJoin(JoinCases.join(type, false, true), -10, 10, NONE, null);
  }

  private static WindowJoin window(JoinType type) {
    return new WindowJoin(
        JoinCases.join(type, false, true), WindowSpec.tumbling(10, 0), NONE, false);
  }

  private static EventBatch orders(long time, long id, int rows) {
    EventBatchBuilder builder = new EventBatchBuilder(JoinCases.ORDERS, rows);
    for (int i = 0; i < rows; i++) {
      builder.row(time, id, "user", 1L, null);
    }
    return builder.build();
  }

  private static EventBatch payments(long time, long order, int rows) {
    EventBatchBuilder builder = new EventBatchBuilder(JoinCases.PAYMENTS, rows);
    for (int i = 0; i < rows; i++) {
      builder.row(time, 0.5, "user", order, 1L, null);
    }
    return builder.build();
  }

  @Test
  void rowThatIsNoInsertion_fails() {
    for (Supplier<Operator> join :
        List.<Supplier<Operator>>of(
            () -> interval(JoinType.INNER).operator(null),
            () -> window(JoinType.INNER).operator(null))) {
      OperatorHarness harness = OperatorHarness.of(join);
      harness.process(
          0,
          new EventBatchBuilder(JoinCases.ORDERS, 1)
              .row(RowKind.DELETE, 5, 1L, "user", 1L, null)
              .build());
      assertThat(harness.failures()).extracting(Failure::code).containsExactly("FLX-JOIN-0001");
      assertThat(harness.ledger().failed()).isEqualTo(1);
    }
  }

  @Test
  void rowWithoutTime_fails() {
    OperatorHarness harness = OperatorHarness.of(() -> interval(JoinType.LEFT).operator(null));
    harness.process(0, orders(EventBatch.NO_TIMESTAMP, 1, 1));
    assertThat(harness.failures()).extracting(Failure::code).containsExactly("FLX-WINDOW-0001");
  }

  /** It is one more row that came in and failed, since both rows of it were accepted. */
  @Test
  void pairThatCannotBeJudged_failsAndDoesNotMatch() {
    CompiledPredicate failing =
        (batch, rows, errors) -> {
          for (int i = 0; i < batch.size(); i++) {
            errors.failed(batch.row(i), new RecordException("FLX-TEST-0001", "no"));
          }
          return 0;
        };
    OperatorHarness harness = OperatorHarness.of(() -> interval(JoinType.LEFT).operator(failing));
    harness.process(0, orders(5, 1, 1)).process(1, payments(6, 1, 1)).end();
    assertThat(harness.take(0)).containsExactly("+I[null, 1, null, null]@5");
    assertThat(harness.failures()).extracting(Failure::code).containsExactly("FLX-TEST-0001");
    assertThat(harness.ledger().rowsIn()).isEqualTo(3);
    assertThat(harness.ledger().accepted()).isEqualTo(2);
  }

  @Test
  void manyPairsOfOneKey_comeInBatches_withPausesBetween() {
    OperatorHarness harness = OperatorHarness.of(() -> interval(JoinType.INNER).operator(null));
    harness.process(0, orders(5, 1, 100)).refusing(true);
    harness.process(1, payments(6, 1, 100));
    int pauses = 0;
    while (harness.hasMore()) {
      pauses++;
      harness.resume();
    }
    assertThat(harness.take(0)).hasSize(10_000);
    assertThat(pauses).isEqualTo(10_000 / EventBatch.TARGET_ROWS);
    assertThat(harness.batchSizes())
        .allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(EventBatch.TARGET_ROWS));
  }

  @Test
  void manyPairsOfAWindow_comeInBatches_withPausesBetween() {
    OperatorHarness harness = OperatorHarness.of(() -> window(JoinType.FULL).operator(null));
    harness.process(0, orders(5, 1, 100)).process(1, payments(6, 1, 100));
    harness.process(0, orders(5, 2, 1)).process(1, payments(6, 3, 1));
    harness.refusing(true).watermark(9);
    int pauses = 0;
    while (harness.hasMore()) {
      pauses++;
      harness.resume();
    }
    assertThat(harness.take(0))
        .hasSize(10_002)
        .contains("+I[null, 2, null, null]@9", "+I[null, null, null, user]@9");
    assertThat(pauses).isGreaterThanOrEqualTo(10_000 / EventBatch.TARGET_ROWS);
  }

  @Test
  void unmatchedRow_comesWhenItsBoundIsPassed_andHoldsTheWatermarkUntilThen() {
    OperatorHarness harness = OperatorHarness.of(() -> interval(JoinType.LEFT).operator(null));
    harness.process(0, orders(100, 1, 1));
    WindowReading reading = Objects.requireNonNull(harness.windows());
    assertThat(reading.pending()).isEqualTo(1);
    harness.watermark(109);
    assertThat(harness.take(0)).isEmpty();
    assertThat(harness.watermarks()).allSatisfy(time -> assertThat(time).isLessThan(100));
    harness.watermark(120);
    assertThat(harness.take(0)).containsExactly("+I[null, 1, null, null]@100");
    assertThat(harness.watermarks()).endsWith(120L);
    assertThat(Objects.requireNonNull(harness.windows()).pending()).isZero();
  }

  @Test
  void stateMeanings_tellJoinsApart() {
    assertThat(interval(JoinType.SEMI).operator(null).stateMeaning())
        .isEqualTo("semi interval join on id = order within -10..10 ms");
    assertThat(window(JoinType.FULL).operator(null).stateMeaning())
        .isEqualTo("full tumbling 10 ms window join on id = order");
  }
}
