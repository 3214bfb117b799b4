package io.fluxcore.domain.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MapOperatorTest {
  private static final Schema OUTPUT =
      Schema.builder()
          .field("text", DataType.STRING)
          .field("twice", DataType.DOUBLE)
          .field("none", DataType.LONG)
          .build();

  private static Map<String, Object> map(Event event) {
    if (event.getValue("n") == 13) {
      throw new IllegalArgumentException("13");
    }
    Map<String, Object> values = new HashMap<>();
    values.put("text", event.getString("s"));
    if (!event.isNull("x")) {
      values.put("twice", 2 * event.getValue("x"));
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 2048})
  void anyRows_areWhatTheReferenceMakes(int batchRows) {
    for (long seed = 0; seed < 6; seed++) {
      List<EventBatch> input = RandomBatches.of(seed, batchRows);
      List<Row> rows = Row.of(input);
      List<Row> expected =
          rows.stream()
              .filter(r -> !Conditions.isBad(r, 13))
              .map(
                  r -> {
                    Map<String, Object> values = new LinkedHashMap<>();
                    values.put("text", r.get("s"));
                    values.put("twice", r.get("x") == null ? null : 2 * (Double) r.get("x"));
                    values.put("none", null);
                    return r.with(values);
                  })
              .toList();
      TransformRun run = TransformRun.of(new MapOperator(MapOperatorTest::map, OUTPUT), input);
      assertThat(run.rows()).isEqualTo(expected);
      assertThat(run.failedRows)
          .isEqualTo(rows.stream().filter(r -> Conditions.isBad(r, 13)).toList());
      run.assertCounts(rows.size(), 0, rows.size() - expected.size(), expected.size());
    }
  }

  @Test
  void wholeBatch_sharesTimesAndEnvelope() {
    EventBatch batch = whole(50);
    EventBatch mapped =
        TransformRun.of(new MapOperator(e -> Map.of(), OUTPUT), List.of(batch)).batches(0).get(0);
    assertThat(mapped.timestamps()).isSameAs(batch.timestamps());
    assertThat(mapped.envelope()).isSameAs(batch.envelope());
  }

  private static EventBatch whole(int rows) {
    RandomBatches random = new RandomBatches(1);
    EventBatch batch = random.next(rows);
    while (batch.selection() != null || batch.size() != rows) {
      batch = random.next(rows);
    }
    return batch;
  }

  /** A map that returns one value for its only field. */
  private static TransformRun one(DataType type, Object value) {
    Schema schema = Schema.builder().field("f", type).build();
    return TransformRun.of(
        new MapOperator(e -> Collections.singletonMap("f", value), schema), List.of(whole(1)));
  }

  @Test
  void valuesThatTheTypeHolds_areTaken() {
    assertThat(one(DataType.LONG, 7).rows().get(0).get("f")).isEqualTo(7L);
    assertThat(one(DataType.LONG, Long.MIN_VALUE).rows().get(0).get("f")).isEqualTo(Long.MIN_VALUE);
    assertThat(one(DataType.DOUBLE, 7).rows().get(0).get("f")).isEqualTo(7.0);
    assertThat(one(DataType.DOUBLE, 0.5f).rows().get(0).get("f")).isEqualTo(0.5);
    assertThat(one(DataType.decimal(4, 2), 99).rows().get(0).get("f"))
        .isEqualTo(new BigDecimal("99.00"));
    assertThat(one(DataType.decimal(2, 2), new BigDecimal("0")).rows().get(0).get("f"))
        .isEqualTo(new BigDecimal("0.00"));
    assertThat(one(DataType.decimal(38, 0), new BigDecimal("1E+37")).rows()).hasSize(1);
    assertThat(one(DataType.LONG, null).rows().get(0).get("f")).isNull();
  }

  @Test
  void valuesThatTheTypeDoesNotHold_areRecordErrors() {
    refused(one(DataType.LONG, 1.5), "'f' is long, which does not hold the Double '1.5'");
    refused(one(DataType.LONG, "7"), "String '7'");
    refused(one(DataType.DOUBLE, BigDecimal.ONE), "BigDecimal '1'");
    refused(one(DataType.STRING, 7), "Integer '7'");
    refused(one(DataType.decimal(4, 2), new BigDecimal("0.001")), "decimal(4,2)");
    refused(one(DataType.decimal(4, 2), 100), "'100'");
    refused(one(DataType.decimal(4, 2), 1.0), "Double");
    refused(one(DataType.TIMESTAMP_TZ, java.time.Instant.MAX), "timestamp_tz");
    refused(one(DataType.STRING, List.of("x".repeat(1000))), "…'");
  }

  private static void refused(TransformRun run, String message) {
    assertThat(run.rows()).isEmpty();
    run.assertCounts(1, 0, 1, 0);
    assertThat(run.errors.get(0).code()).isEqualTo("FLX-TRANSFORM-0003");
    assertThat(run.errors.get(0)).hasMessageContaining(message).hasMessageContaining("'op'");
    assertThat(run.errors.get(0).getMessage()).hasSizeLessThan(400);
  }

  @Test
  void undeclaredFieldAndNull_areRecordErrors() {
    TransformRun undeclared =
        TransformRun.of(new MapOperator(e -> Map.of("nope", 1), OUTPUT), List.of(whole(3)));
    assertThat(undeclared.errors).hasSize(3);
    assertThat(undeclared.errors.get(0).code()).isEqualTo("FLX-TRANSFORM-0002");
    assertThat(undeclared.errors.get(0)).hasMessageContaining("[nope]");
    TransformRun none = TransformRun.of(new MapOperator(e -> null, OUTPUT), List.of(whole(3)));
    assertThat(none.errors).hasSize(3);
    assertThat(none.errors.get(0)).hasMessageContaining("returned null");
  }

  @Test
  void badRow_leavesNoTraceInTheNext() {
    Schema schema = Schema.builder().field("a", DataType.STRING).field("b", DataType.LONG).build();
    int[] calls = {0};
    MapOperator map =
        new MapOperator(
            e -> calls[0]++ % 2 == 0 ? Map.of("a", "bad", "b", "bad") : Map.of("b", 1L), schema);
    TransformRun run = TransformRun.of(map, List.of(whole(6)));
    assertThat(run.errors).hasSize(3);
    assertThat(run.rows()).hasSize(3).allMatch(r -> r.get("a") == null && r.get("b").equals(1L));
    assertThat(run.batches(0).get(0).column(0)).isInstanceOf(StringColumn.class);
  }

  @Test
  void keptEvent_throwsAfterTheCall() {
    List<Event> kept = new ArrayList<>();
    TransformRun.of(
        new MapOperator(
            e -> {
              kept.add(e);
              return Map.of();
            },
            OUTPUT),
        List.of(whole(2)));
    assertThatThrownBy(() -> kept.get(0).copy()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void errors_areNotTakenForBadRows() {
    TransformRun run =
        TransformRun.open(
            new MapOperator(
                e -> {
                  throw new OutOfMemoryError("planted");
                },
                OUTPUT));
    assertThatThrownBy(() -> run.process(0, whole(2))).isInstanceOf(OutOfMemoryError.class);
    assertThat(run.errors).isEmpty();
  }
}
