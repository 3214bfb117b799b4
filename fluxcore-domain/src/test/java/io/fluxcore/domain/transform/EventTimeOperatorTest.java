package io.fluxcore.domain.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.OperatorHarness;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventTimeOperatorTest {
  private static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("at", DataType.TIMESTAMP_TZ).build();

  private static OperatorHarness harness(long behindMillis) {
    return OperatorHarness.of(() -> new EventTimeOperator(1, behindMillis));
  }

  @Test
  void rows_getTheTimeOfTheirField() {
    try (OperatorHarness harness = harness(5)) {
      harness
          .row(SCHEMA, 10, 1L, Instant.ofEpochMilli(7))
          .row(SCHEMA, 11, 2L, Instant.ofEpochMilli(-1));
      List<EventRecord> rows = harness.takeRows(0);
      assertThat(rows).extracting(EventRecord::timestamp).containsExactly(7L, -1L);
    }
  }

  @Test
  void rowWithoutATime_fails() {
    try (OperatorHarness harness = harness(0)) {
      harness.row(SCHEMA, 10, 1L, null);
      assertThat(harness.takeRows(0)).isEmpty();
      assertThat(harness.failures()).hasSize(1);
    }
  }

  @Test
  void watermarks_areHandedOnLater_andTheLastAsItIs() {
    try (OperatorHarness harness = harness(5)) {
      harness.watermark(Long.MIN_VALUE + 3).watermark(0).watermark(10).watermark(Long.MAX_VALUE);
      assertThat(harness.watermarks()).containsExactly(-5L, 5L, Long.MAX_VALUE);
    }
  }

  @Test
  void afterARestart_theWatermarkComesAgain() {
    try (OperatorHarness before = harness(5);
        OperatorHarness after = harness(5)) {
      before.watermark(10);
      after.restore(before.snapshot()).watermark(10);
      assertThat(after.watermarks()).containsExactly(5L);
    }
  }
}
