package io.fluxcore.domain.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fluxcore.domain.aggregate.AggregateCall.Kind;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.state.HeapSlotTable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Aggregates over a single group: values at the edges, numerical stability, parts, findings. */
class AggregateProgramTest {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("l", DataType.LONG)
          .field("d", DataType.DOUBLE)
          .field("c", DataType.decimal(10, 2))
          .field("s", DataType.STRING)
          .field("t", DataType.TIMESTAMP_TZ)
          .field("raw", DataType.BYTES)
          .field("n", DataType.NESTED)
          .build();
  private static final int D = 1;
  private static final AggregateContext CONTEXT =
      new AggregateContext(AggregateContext.STANDARD.expressions(), new ExactSketches(), false);

  private static EventBatch batch(int field, @Nullable Object... values) {
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
    long time = 0;
    for (Object value : values) {
      @Nullable Object[] row = new @Nullable Object[SCHEMA.size()];
      row[field] = value;
      builder.row(time++, row);
    }
    return builder.build();
  }

  /** All rows as one group, in this many parts that are merged, by slots or as partial results. */
  private static @Nullable Object result(AggregateCall call, EventBatch batch, int parts) {
    AggregateProgram program = AggregateProgram.compile(List.of(call), SCHEMA, CONTEXT);
    HeapSlotTable total = HeapSlotTable.create(program.layout("total", List.of()));
    int[] slot = new int[1];
    total.resolve(new Column[0], new long[1], new int[1], 1, slot);
    for (int part = 0; part < parts; part++) {
      int chosen = part;
      int[] rows = IntStream.range(0, batch.size()).filter(row -> row % parts == chosen).toArray();
      HeapSlotTable own = HeapSlotTable.create(program.layout("part", List.of()));
      int[] slots = new int[Math.max(1, rows.length)];
      own.resolve(
          new Column[0], new long[slots.length], new int[slots.length], slots.length, slots);
      program.accumulate(own, slots, batch, rows, rows.length, RowErrors.THROW);
      if (part % 2 == 0 || !program.isPartial()) {
        program.merge(total, slot, own, new int[1], 1);
      } else {
        Column[] columns = program.partials(own, new int[1], 1);
        Schema.Builder schema = Schema.builder();
        for (int c = 0; c < columns.length; c++) {
          schema.field("p" + c, program.partialTypes().get(c));
        }
        EventBatch partials = EventBatch.of(schema.build(), columns, new long[1], 1);
        program.mergePartials(total, slot, partials, 0, new int[1], 1);
      }
    }
    return program.results(total, slot, 1)[0].get(0);
  }

  private static double variance(EventBatch batch, int parts) {
    return (Double) result(AggregateCall.of(Kind.VAR_SAMP, "d", "v"), batch, parts);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 50})
  void variance_keepsItsDigitsFarFromZero(int parts) {
    Random random = new Random(parts);
    Object[] near = random.doubles(1_000).boxed().toArray();
    Object[] far = Arrays.stream(near).map(v -> (Double) v + 1e9).toArray();
    double mean = Arrays.stream(far).mapToDouble(v -> (Double) v - 1e9).average().orElseThrow();
    double expected =
        Arrays.stream(far).mapToDouble(v -> Math.pow((Double) v - 1e9 - mean, 2)).sum() / 999;
    assertThat(variance(batch(D, far), parts)).isCloseTo(expected, within(expected * 1e-6));
  }

  @Test
  void variance_ofNoNumber_isNaN() {
    assertThat(variance(batch(D, 1.0, Double.NaN, 2.0), 2)).isNaN();
    assertThat(variance(batch(D, 1.0, Double.POSITIVE_INFINITY), 1)).isNaN();
    assertThat(variance(batch(D, 5.0, 5.0, 5.0), 3)).isZero();
  }

  @Test
  void emptyGroups_giveNullOrZero() {
    for (Kind kind :
        List.of(
            Kind.VAR_SAMP,
            Kind.VAR_POP,
            Kind.STDDEV_SAMP,
            Kind.STDDEV_POP,
            Kind.FIRST,
            Kind.LAST)) {
      assertThat(result(AggregateCall.of(kind, "d", "r"), batch(D, null, null), 2)).isNull();
    }
    for (AggregateCall call :
        List.of(
            AggregateCall.of(Kind.COLLECT, "d", AggregateSettings.limit(2), "r"),
            AggregateCall.of(Kind.TOP, "d", AggregateSettings.limit(2), "r"),
            AggregateCall.of(Kind.QUANTILE, "d", AggregateSettings.fractions(List.of(0.5)), "r"))) {
      assertThat(result(call, batch(D, null, null), 2)).as(call.toString()).isNull();
    }
    assertThat(result(AggregateCall.of(Kind.APPROX_COUNT_DISTINCT, "d", "r"), batch(D), 1))
        .isEqualTo(0L);
    assertThat(result(AggregateCall.of(Kind.VAR_SAMP, "d", "r"), batch(D, 4.0), 1)).isNull();
    assertThat(result(AggregateCall.of(Kind.STDDEV_POP, "d", "r"), batch(D, 4.0), 1))
        .isEqualTo(0.0);
  }

  @Test
  void distinct_zerosAndNaNs_areOneValueEach() {
    AggregateCall call = AggregateCall.of(Kind.COUNT_DISTINCT, "d", "r");
    EventBatch batch =
        batch(D, 0.0, -0.0, Double.NaN, Double.NaN, null, Double.POSITIVE_INFINITY, 1.5);
    assertThat(result(call, batch, 1)).isEqualTo(4L);
    assertThat(result(call, batch, 3)).isEqualTo(4L);
    AggregateCall approximate = AggregateCall.of(Kind.APPROX_COUNT_DISTINCT, "d", "r");
    assertThat(result(approximate, batch, 3)).isEqualTo(4L);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 20})
  void top_isThatOfSorting_whateverTheParts(int parts) {
    Random random = new Random(parts);
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      values.add(random.nextInt(8) == 0 ? Double.NaN : random.nextInt(40) * 0.5);
    }
    AggregateCall call = AggregateCall.of(Kind.TOP, "d", AggregateSettings.limit(30), "r");
    List<Double> expected = new ArrayList<>(values);
    expected.sort(Collections.reverseOrder());
    assertThat(result(call, batch(D, values.toArray()), parts)).isEqualTo(expected.subList(0, 30));
  }

  @Test
  void top_equalNumbers_areOrderedByLabel() {
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
    for (String label : Arrays.asList("b", null, "c", "a")) {
      builder.row(0, null, null, new BigDecimal("7.50"), label, null, null, null);
    }
    AggregateSettings settings = AggregateSettings.limit(3).withLabel("s");
    assertThat(result(AggregateCall.of(Kind.TOP, "c", settings, "r"), builder.build(), 2))
        .isEqualTo(
            List.of(
                Map.of("s", "a", "c", new BigDecimal("7.50")),
                Map.of("s", "b", "c", new BigDecimal("7.50")),
                Map.of("s", "c", "c", new BigDecimal("7.50"))));
  }

  @Test
  void collect_beyondItsLimit_keepsTheEarliest() {
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
    long[] times = {50, 10, 40, 10, 30, 20};
    for (int i = 0; i < times.length; i++) {
      builder.row(times[i], null, null, null, "v" + i, null, null, null);
    }
    AggregateCall call = AggregateCall.of(Kind.COLLECT, "s", AggregateSettings.limit(4), "r");
    assertThat(result(call, builder.build(), 1)).isEqualTo(List.of("v1", "v3", "v5", "v4"));
    EventBatch batch = builder.row(5, null, null, null, null, null, null, null).build();
    assertThat(result(AggregateCall.of(Kind.FIRST, "s", "r"), batch, 1)).as("null").isNull();
  }

  @Test
  void edges_ofEqualTimes_goByArrival() {
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
    for (String value : List.of("x", "y", "z")) {
      builder.row(7, null, null, null, value, null, null, null);
    }
    EventBatch batch = builder.build();
    assertThat(result(AggregateCall.of(Kind.FIRST, "s", "r"), batch, 1)).isEqualTo("x");
    assertThat(result(AggregateCall.of(Kind.LAST, "s", "r"), batch, 1)).isEqualTo("z");
  }

  @Test
  void conditions_chooseRowsOfTheirAggregateOnly() {
    AggregateProgram program =
        AggregateProgram.compile(
            List.of(
                AggregateCall.countAll("all"),
                AggregateCall.countAll("some").where("d > 2"),
                AggregateCall.of(Kind.SUM, "d", "sum").where("D.x is null or d>2"),
                AggregateCall.of(Kind.SUM, "d", "positive").where("d  >  2")),
            SCHEMA.with(new io.fluxcore.domain.event.Field("D", DataType.NESTED)),
            CONTEXT);
    assertThat(program.resultFields()).hasSize(4);
    assertThat(result(AggregateCall.countAll("r").where("d > 2"), batch(D, 1.0, 3.0, null), 2))
        .isEqualTo(1L);
    assertThat(
            result(AggregateCall.of(Kind.SUM, "d", "r").where("d > 2"), batch(D, 1.0, 3.0, 4.0), 3))
        .isEqualTo(7.0);
    assertThat(result(AggregateCall.of(Kind.SUM, "d", "r").where("d > 9"), batch(D, 1.0), 1))
        .isNull();
  }

  @Test
  void conditionThatFails_refusesTheRow() {
    AggregateProgram program =
        AggregateProgram.compile(
            List.of(
                AggregateCall.countAll("all"), AggregateCall.countAll("some").where("1 / l = 1")),
            SCHEMA,
            CONTEXT);
    HeapSlotTable table = HeapSlotTable.create(program.layout("t", List.of()));
    int[] slots = new int[3];
    table.resolve(new Column[0], new long[3], new int[3], 3, slots);
    List<Integer> failed = new ArrayList<>();
    program.accumulate(
        table, slots, batch(0, 1L, 0L, 2L), new int[] {0, 1, 2}, 3, (row, e) -> failed.add(row));
    assertThat(failed).containsExactly(1);
    Column[] results = program.results(table, new int[1], 1);
    assertThat(results[0].get(0)).isEqualTo(2L);
    assertThat(results[1].get(0)).isEqualTo(1L);
  }

  private static String findings(AggregateCall call) {
    return AggregateProgram.check(List.of(call), SCHEMA, CONTEXT.expressions()).toString();
  }

  @Test
  void findings_nameWhatIsWrong() {
    assertThat(findings(AggregateCall.of(Kind.VAR_POP, "s", "r"))).contains("FLX-AGG-0003", "s'");
    assertThat(findings(AggregateCall.of(Kind.FIRST, "raww", "r")))
        .contains("FLX-AGG-0002", "did you mean 'raw'?");
    assertThat(findings(AggregateCall.of(Kind.COLLECT, "raw", AggregateSettings.limit(1), "r")))
        .contains("FLX-AGG-0003", "bytes");
    for (int limit : new int[] {0, -1, 10_001}) {
      assertThat(findings(AggregateCall.of(Kind.COLLECT, "s", AggregateSettings.limit(limit), "r")))
          .contains("FLX-AGG-0004", "1..10000");
    }
    assertThat(findings(AggregateCall.of(Kind.TOP, "d", AggregateSettings.limit(1_001), "r")))
        .contains("FLX-AGG-0004", "1..1000");
    AggregateSettings labelled = AggregateSettings.limit(3);
    assertThat(findings(AggregateCall.of(Kind.TOP, "d", labelled.withLabel("d"), "r")))
        .contains("FLX-AGG-0004", "labels itself");
    assertThat(findings(AggregateCall.of(Kind.TOP, "d", labelled.withLabel("n"), "r")))
        .contains("FLX-AGG-0003", "nested");
    assertThat(findings(AggregateCall.of(Kind.TOP, "d", labelled.withLabel("lx"), "r")))
        .contains("FLX-AGG-0002", "'l'");
    assertThat(
            findings(
                AggregateCall.of(
                    Kind.QUANTILE,
                    "d",
                    AggregateSettings.fractions(List.of(0.5, 95.0, Double.NaN)),
                    "r")))
        .contains("95.0 is not within 0..1", "NaN is not within");
    assertThat(findings(AggregateCall.of(Kind.QUANTILE, "d", "r"))).contains("FLX-AGG-0004");
    assertThat(findings(AggregateCall.countAll("r").where("dd > 1"))).contains("dd", "FLX-");
    assertThat(findings(AggregateCall.countAll("r").where("d + 1"))).contains("FLX-");
    assertThat(findings(AggregateCall.countAll("r").where("d > 1"))).isEqualTo("[]");
  }

  @Test
  void sketchesThatAreNotThere_areAnError() {
    AggregateProgram program =
        AggregateProgram.compile(
            List.of(AggregateCall.of(Kind.APPROX_COUNT_DISTINCT, "d", "r")),
            SCHEMA,
            AggregateContext.STANDARD);
    assertThatThrownBy(() -> program.layout("t", List.of()))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-AGG-0006");
  }

  @Test
  void calls_printAsSqlDoes() {
    assertThat(AggregateCall.countAll("n").where("a = 1"))
        .hasToString("count(*) filter (where a = 1) as n");
    assertThat(AggregateCall.of(Kind.TOP, "d", AggregateSettings.limit(3).withLabel("s"), "r"))
        .hasToString("top(d, 3, s) as r");
    assertThat(
            AggregateCall.of(
                Kind.QUANTILE, "d", AggregateSettings.fractions(List.of(0.5, 0.9)), "r"))
        .hasToString("quantile(d, 0.5, 0.9) as r");
  }
}
