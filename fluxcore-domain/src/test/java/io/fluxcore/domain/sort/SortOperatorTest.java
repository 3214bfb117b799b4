package io.fluxcore.domain.sort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Envelope;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.harness.Backend;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.row.SortField;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SortOperatorTest {
  private static final Schema SCHEMA =
      Schema.builder().field("user", DataType.STRING).field("n", DataType.LONG).build();

  private static OperatorHarness harness(Backend backend, SortField... thenBy) {
    EventTimeSort sort = new EventTimeSort(List.of("user"), List.of(thenBy), 5_000);
    return OperatorHarness.of(() -> sort.operator(SCHEMA), backend);
  }

  private static EventBatch batch(Object... rows) {
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
    for (int i = 0; i < rows.length; i += 3) {
      builder.row(((Number) rows[i]).longValue(), rows[i + 1], ((Number) rows[i + 2]).longValue());
    }
    return builder.build();
  }

  @Test
  void rows_waitForTheWatermark_andLeaveInTheOrderOfTime() {
    try (OperatorHarness harness = harness(Backend.EVICTING)) {
      harness.process(batch(30, "a", 1, 10, "b", 2, 20, "a", 3));
      harness.row(SCHEMA, 15, "a", 4L);
      assertThat(harness.take(0)).isEmpty();
      harness.watermark(19);
      assertThat(harness.take(0)).containsExactly("+I[b, 2]@10", "+I[a, 4]@15");
      harness.watermark(20);
      assertThat(harness.take(0)).containsExactly("+I[a, 3]@20");
      harness.end();
      assertThat(harness.take(0)).containsExactly("+I[a, 1]@30");
      assertThat(harness.watermarks()).containsExactly(19L, 20L, Long.MAX_VALUE);
    }
  }

  @Test
  void rowsOfTheSameTime_keepTheOrderOfArrival_alsoAfterARestore() {
    try (OperatorHarness harness = harness(Backend.HEAP)) {
      for (long n = 0; n < 5; n++) {
        harness.process(batch(7, "a", n * 2, 7, "a", n * 2 + 1));
        harness.restore(harness.snapshot());
      }
      harness.watermark(7);
      assertThat(harness.takeRows(0).stream().map(row -> row.getLong("n")))
          .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    }
  }

  @Test
  void rowsOfTheSameTime_areOrderedByFields() {
    try (OperatorHarness harness = harness(Backend.HEAP, SortField.descending("n"))) {
      harness.process(batch(7, "a", 1, 7, "a", 3, 7, "a", 2, 6, "a", 0)).watermark(7);
      assertThat(harness.take(0))
          .containsExactly("+I[a, 0]@6", "+I[a, 3]@7", "+I[a, 2]@7", "+I[a, 1]@7");
    }
  }

  @Test
  void rowAtTheWatermark_isLate_andOneAfterItIsNot() {
    try (OperatorHarness harness = harness(Backend.HEAP)) {
      harness.watermark(10);
      harness.process(batch(10, "a", 1, 11, "a", 2));
      harness.restore(harness.snapshot());
      harness.row(SCHEMA, 9, "a", 3L);
      assertThat(harness.take(1)).containsExactly("+I[a, 1]@10", "+I[a, 3]@9");
      assertThat(harness.ledger().late()).isEqualTo(1); // since the restore
      harness.end();
      assertThat(harness.take(0)).containsExactly("+I[a, 2]@11");
    }
  }

  @Test
  void rowWithoutTime_fails() {
    try (OperatorHarness harness = harness(Backend.HEAP)) {
      harness.row(SCHEMA, EventBatch.NO_TIMESTAMP, "a", 1L);
      assertThat(harness.failures().get(0).code()).isEqualTo("FLX-WINDOW-0001");
      assertThat(harness.ledger().failed()).isEqualTo(1);
      assertThat(harness.ledger().late()).isZero();
    }
  }

  @Test
  void moreRowsThanMaxRows_failTheJob() {
    try (OperatorHarness harness = harness(Backend.HEAP)) {
      for (long n = 0; n < 5_000; n++) {
        harness.row(SCHEMA, n, "a", n);
      }
      assertThatThrownBy(() -> harness.row(SCHEMA, 0, "a", 0L))
          .isInstanceOfSatisfying(
              FluxCoreException.class,
              e -> {
                assertThat(e.code()).isEqualTo("FLX-SORT-0001");
                assertThat(e.category()).isEqualTo(ErrorCategory.RESOURCE);
                assertThat(e).hasMessageContaining("holds 5000 rows");
              });
      harness.watermark(2_499);
      harness.process(batch(3_000, "a", 1));
      assertThat(harness.windows()).isEqualTo(new WindowReading(false, 2_499, 2_501, 2_500));
    }
  }

  @Test
  void manyRows_leaveInBlocks_andWaitForCapacity() {
    try (OperatorHarness harness = harness(Backend.EVICTING)) {
      Random random = new Random(3);
      for (int b = 0; b < 50; b++) {
        EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
        for (int i = 0; i < 90; i++) {
          builder.row(random.nextInt(100_000), "user " + random.nextInt(5), (long) i);
        }
        harness.process(builder.build());
      }
      harness.refusing(true).watermark(99_999);
      int pauses = 0;
      while (harness.hasMore()) {
        harness.resume();
        pauses++;
      }
      assertThat(pauses).isPositive();
      assertThat(harness.batchSizes()).containsExactly(2_048, 2_048, 404);
      List<EventRecord> rows = harness.takeRows(0);
      assertThat(rows).hasSize(4_500);
      assertThat(rows).isSortedAccordingTo((a, b) -> Long.compare(a.timestamp(), b.timestamp()));
      assertThat(harness.state().estimatedBytes()).isZero();
    }
  }

  @Test
  void rowThatWaitsLong_doesNotKeepItsNeighbours() {
    try (OperatorHarness harness = harness(Backend.EVICTING)) {
      EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
      for (long n = 0; n < 1_000; n++) {
        builder.row(n, "a", n);
      }
      harness.process(builder.row(1_000_000, "a", 1_000L).build());
      long all = harness.state().estimatedBytes();
      harness.watermark(999);
      assertThat(harness.state().estimatedBytes()).isLessThan(all / 100);
      assertThat(harness.windows()).isEqualTo(new WindowReading(false, 999, 1, 1_000_000));
      harness.restore(harness.snapshot()).watermark(1_000_000);
      assertThat(harness.takeRows(0)).hasSize(1_001);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @SuppressWarnings("unchecked")
  void envelopeAndKindOfARow_stayWithIt(boolean restored) {
    try (OperatorHarness harness = harness(Backend.EVICTING)) {
      EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
      builder.row(RowKind.DELETE, 9, "a", 1L);
      builder.row(8, "a", 2L);
      ColumnBuilder ids = new ColumnBuilder(DataType.STRING, 2);
      ids.append("first");
      ids.append(null);
      Envelope envelope =
          new Envelope(
              (StringColumn) ids.build(),
              "src",
              null,
              null,
              new int[] {3, 4},
              (Map<String, String>[]) new Map<?, ?>[] {Map.of("h", "1"), null});
      harness.process(builder.build().withEnvelope(envelope));
      if (restored) {
        harness.restore(harness.snapshot());
      }
      harness.watermark(9);
      List<EventRecord> rows = harness.takeRows(0);
      assertThat(rows).extracting(EventRecord::priority).containsExactly(4, 3);
      assertThat(rows).extracting(EventRecord::id).containsExactly(null, "first");
      assertThat(rows.get(1).headers()).isEqualTo(Map.of("h", "1"));
      assertThat(rows.get(1).source()).isEqualTo("src");
      assertThat(rows.get(1).rowKind()).isEqualTo(RowKind.DELETE);
    }
  }

  @Test
  void textOfAField_isReadBack() {
    for (String text : List.of("n", "n desc", "a b", "a desc asc", "a asc desc")) {
      SortField field = SortField.parse(text);
      assertThat(SortField.parse(field.toString())).isEqualTo(field);
    }
    assertThat(SortField.parse("n DESC")).isEqualTo(SortField.descending("n"));
    assertThat(SortField.parse("n asc")).isEqualTo(SortField.ascending("n"));
  }
}
