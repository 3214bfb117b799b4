package io.fluxcore.domain.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.OperatorHarness;
import org.junit.jupiter.api.Test;

/** Upserts of changes that have the key, or a part of it. */
class UpsertsOperatorTest {
  private static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("size", DataType.LONG).build();

  private static EventBatch changes() {
    return new EventBatchBuilder(SCHEMA)
        .row(RowKind.UPDATE_BEFORE, 1, 1L, 10L)
        .row(RowKind.DELETE, 2, 2L, 20L)
        .row(RowKind.UPDATE_AFTER, 3, 1L, 11L)
        .row(RowKind.INSERT, 4, 3L, 30L)
        .build();
  }

  @Test
  void formerRows_areLeftOut_whereNewOnesHaveTheirKey() {
    try (OperatorHarness harness = OperatorHarness.of(() -> new UpsertsOperator(true))) {
      harness.process(changes());
      assertThat(harness.take(0)).containsExactly("-D[2, 20]@2", "+U[1, 11]@3", "+I[3, 30]@4");
      assertThat(harness.ledger().filtered()).isEqualTo(1);
      harness.process(changes().withSelection(new int[] {0}, 1));
      assertThat(harness.take(0)).isEmpty();
      harness.process(changes().withSelection(new int[] {1, 3}, 2));
      assertThat(harness.take(0)).containsExactly("-D[2, 20]@2", "+I[3, 30]@4");
      assertThat(harness.ledger().filtered()).isEqualTo(2);
    }
  }

  @Test
  void formerRows_areDeletions_whereNewOnesMayHaveAnotherKey() {
    try (OperatorHarness harness = OperatorHarness.of(() -> new UpsertsOperator(false))) {
      harness.process(changes());
      assertThat(harness.take(0))
          .containsExactly("-D[1, 10]@1", "-D[2, 20]@2", "+U[1, 11]@3", "+I[3, 30]@4");
      assertThat(harness.ledger().filtered()).isZero();
    }
  }

  @Test
  void rowsThatOnlyAdd_goThrough() {
    try (OperatorHarness harness = OperatorHarness.of(() -> new UpsertsOperator(true))) {
      harness.process(new EventBatchBuilder(SCHEMA).row(1, 1L, 10L).row(2, 1L, 11L).build());
      assertThat(harness.take(0)).containsExactly("+I[1, 10]@1", "+I[1, 11]@2");
    }
  }
}
