package io.fluxcore.domain.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.harness.OperatorHarness;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** When rows of temporal joins come out; results are note, id, price, payer. */
class TemporalJoinTest {
  private static OperatorHarness harness(JoinType type, boolean conditional, long lateness) {
    TemporalJoin join =
        new TemporalJoin(JoinCases.join(type, false, conditional), new Lateness(lateness), null);
    return OperatorHarness.of(() -> join.operator(JoinCases.condition(conditional)));
  }

  private static EventBatch order(long time, long id) {
    return new EventBatchBuilder(JoinCases.ORDERS, 1).row(time, id, "u", 1L, "n").build();
  }

  private static EventBatch payment(long time, long order, String price) {
    return new EventBatchBuilder(JoinCases.PAYMENTS, 1)
        .row(time, 0.5, "p", order, 1L, new BigDecimal(price))
        .build();
  }

  @Test
  void rowOfTimeThatTheTableIsPast_comesAtOnce() {
    OperatorHarness harness = harness(JoinType.INNER, false, 0);
    harness.process(1, payment(5, 1, "3.00")).process(1, payment(9, 1, "4.00"));
    harness.inputWatermark(1, 10).process(0, order(8, 1)).process(0, order(10, 1));
    assertThat(harness.take(0)).containsExactly("+I[n, 1, 3.00, p]@8", "+I[n, 1, 4.00, p]@10");
    harness.process(0, order(11, 1));
    assertThat(harness.take(0)).isEmpty();
    harness.watermark(11);
    assertThat(harness.take(0)).containsExactly("+I[n, 1, 4.00, p]@11");
  }

  @Test
  void tableThatHasEnded_isPastAllTimes_alsoForRowsWithoutVersion() {
    OperatorHarness harness = harness(JoinType.LEFT, false, 0);
    harness.process(1, payment(5, 1, "3.00")).inputWatermark(1, Long.MAX_VALUE);
    harness.process(0, order(4, 1)).process(0, order(1_000_000, 1)).process(0, order(6, 2));
    assertThat(harness.take(0))
        .containsExactly(
            "+I[n, 1, null, null]@4", "+I[n, 1, 3.00, p]@1000000", "+I[n, 2, null, null]@6");
    harness.end();
    assertThat(harness.take(0)).isEmpty();
  }

  @Test
  void lateChangesAreWaitedFor_andSoIsAConditionThatMayLeaveARowAlone() {
    OperatorHarness late = harness(JoinType.INNER, false, 5);
    late.process(1, payment(1, 1, "3.00")).inputWatermark(1, 10);
    late.process(0, order(6, 1));
    assertThat(late.take(0)).isEmpty();
    late.process(0, order(5, 1));
    assertThat(late.take(0)).containsExactly("+I[n, 1, 3.00, p]@5");

    OperatorHarness conditional = harness(JoinType.LEFT, true, 0);
    conditional.process(1, payment(1, 1, "3.00")).inputWatermark(1, 10);
    conditional.process(0, order(6, 1));
    assertThat(conditional.take(0)).isEmpty();
    conditional.watermark(10);
    assertThat(conditional.take(0)).containsExactly("+I[n, 1, 3.00, p]@6");
  }
}
