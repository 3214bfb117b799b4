package io.fluxcore.domain.window;

import static io.fluxcore.domain.aggregate.AggregateCall.Kind.AVG;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.COUNT;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.COUNT_DISTINCT;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.MAX;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.MIN;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.SUM;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Backend;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.Mode;
import io.fluxcore.domain.harness.Pipeline;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Window aggregation against {@link WindowReference}, on seeded random input, in every mode: cases
 * take turns with the modes.
 */
class WindowModelTest {
  /** Of the modes; as many cases together run all of them. */
  static final int SHARES = 5;

  private static final Schema SCHEMA = WindowScripts.SCHEMA;

  static final List<AggregateCall> CELLS =
      List.of(
          AggregateCall.countAll("n"),
          AggregateCall.of(COUNT, "hits", "n_hits"),
          AggregateCall.of(SUM, "hits", "sum_hits"),
          AggregateCall.of(AVG, "hits", "avg_hits"),
          AggregateCall.of(MIN, "hits", "min_hits"),
          AggregateCall.of(MAX, "hits", "max_hits"),
          AggregateCall.of(SUM, "ratio", "sum_ratio"),
          AggregateCall.of(AVG, "ratio", "avg_ratio"),
          AggregateCall.of(MIN, "ratio", "min_ratio"),
          AggregateCall.of(MAX, "ratio", "max_ratio"));

  static final List<AggregateCall> ALL =
      Stream.concat(
              CELLS.stream(),
              Stream.of(
                  AggregateCall.of(SUM, "price", "sum_price"),
                  AggregateCall.of(AVG, "price", "avg_price"),
                  AggregateCall.of(MIN, "price", "min_price"),
                  AggregateCall.of(MAX, "page", "max_page"),
                  AggregateCall.of(MIN, "raw", "min_raw"),
                  AggregateCall.of(COUNT_DISTINCT, "page", "pages"),
                  AggregateCall.of(COUNT_DISTINCT, "raw", "raws"),
                  AggregateCall.of(COUNT_DISTINCT, "price", "prices")))
          .toList();

  /** The shape of a window, and what is random about the input. */
  record Case(WindowSpec window, List<String> groupBy, int users, int pages, long base, long seed) {
    WindowAggregation aggregation(
        List<AggregateCall> calls, long lateness, Accumulation accumulation) {
      return new WindowAggregation(
          groupBy, window, calls, lateness, accumulation, TimeCharacteristic.EVENT);
    }

    WindowScripts scripts() {
      return new WindowScripts(seed, users, pages);
    }

    Exchange exchange() {
      return Exchange.hash(groupBy.stream().mapToInt(SCHEMA::ordinal).toArray());
    }
  }

  static Stream<Case> cases() {
    List<WindowSpec> windows =
        List.of(
            WindowSpec.tumbling(10, 0),
            WindowSpec.tumbling(1, 0),
            WindowSpec.tumbling(60, -7),
            WindowSpec.sliding(30, 10, 0),
            WindowSpec.sliding(25, 10, 3),
            WindowSpec.sliding(100, 7, -1_000_003),
            WindowSpec.sliding(10, 25, 4),
            new CumulativeWindows(60, 10, 0),
            new CumulativeWindows(60, 20, -1_000_007));
    List<List<String>> groups =
        List.of(
            List.of("user"),
            List.of("page"),
            List.of("user", "page"),
            List.of(),
            List.of("ratio"),
            List.of("raw", "price"));
    return LongStream.range(0, 9)
        .mapToObj(
            seed -> {
              Random random = new Random(seed);
              return new Case(
                  windows.get((int) seed % windows.size()),
                  groups.get(random.nextInt(groups.size())),
                  random.nextBoolean() ? 3 : 100,
                  random.nextBoolean() ? 1 : 20,
                  random.nextBoolean() ? -300 : 1_700_000_000_000L,
                  seed);
            });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inputWithoutLateRows_givesTheSameInEveryMode(Case c) {
    WindowAggregation aggregation = c.aggregation(ALL, 0, Accumulation.ACCUMULATING);
    Script script = c.scripts().eventTime(120, c.base(), 3, 40, 0);
    WindowReference reference = new WindowReference(aggregation, SCHEMA).run(script);
    assertThat(reference.late()).isEmpty();
    StageHarness.of(() -> aggregation.operator(SCHEMA), c.exchange(), 2)
        .share(c.seed(), SHARES)
        .assertEverywhere(script, List.of(reference.results(), List.of()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lateRows_goToTheLateOutput(Case c) {
    WindowAggregation aggregation = c.aggregation(ALL, 0, Accumulation.ACCUMULATING);
    Script script = c.scripts().eventTime(120, c.base(), 3, 60, 45);
    WindowReference reference = new WindowReference(aggregation, SCHEMA).run(script);
    StageHarness.of(() -> aggregation.operator(SCHEMA), c.exchange(), 2)
        .withoutInterleaving()
        .share(c.seed(), SHARES)
        .assertEverywhere(script, List.of(reference.results(), reference.late()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void allowedLateness_refiresOncePerBatch(Case c) {
    for (Accumulation accumulation : Accumulation.values()) {
      WindowAggregation aggregation = c.aggregation(ALL, 15, accumulation);
      Script script = c.scripts().eventTime(120, c.base(), 3, 60, 45);
      WindowReference reference = new WindowReference(aggregation, SCHEMA).run(script);
      StageHarness.of(() -> aggregation.operator(SCHEMA), c.exchange(), 2)
          .in(List.of(Mode.PLAIN, Mode.PLAIN.with(Backend.EVICTING)))
          .assertEverywhere(script, List.of(reference.results(), reference.late()));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void allowedLateness_endsWithTheSameResultsInEveryMode(Case c) {
    for (Accumulation accumulation : List.of(Accumulation.ACCUMULATING, Accumulation.RETRACTING)) {
      WindowAggregation aggregation = c.aggregation(ALL, 15, accumulation);
      Script script = c.scripts().eventTime(120, c.base(), 3, 60, 45);
      WindowReference reference = new WindowReference(aggregation, SCHEMA).run(script);
      StageHarness.of(() -> aggregation.operator(SCHEMA), c.exchange(), 2)
          .withoutInterleaving()
          .view(0, reference::lastOf)
          .share(c.seed(), SHARES)
          .assertEverywhere(script, List.of(reference.lastResults(), reference.late()));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void processingTime_firesByTheClock(Case c) {
    WindowAggregation aggregation =
        new WindowAggregation(
            c.groupBy(),
            c.window(),
            ALL,
            0,
            Accumulation.ACCUMULATING,
            TimeCharacteristic.PROCESSING);
    Script script = c.scripts().processingTime(120, c.base(), 6);
    WindowReference reference = new WindowReference(aggregation, SCHEMA).run(script);
    StageHarness.of(() -> aggregation.operator(SCHEMA), c.exchange(), 2)
        .withoutInterleaving()
        .share(c.seed(), SHARES)
        .assertEverywhere(script, List.of(reference.results(), List.of()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void twoPhases_giveWhatOneGives(Case c) {
    WindowAggregation aggregation = c.aggregation(CELLS, 0, Accumulation.ACCUMULATING);
    assertThat(aggregation.canPreAggregate(SCHEMA)).isTrue();
    Script script = c.scripts().eventTime(120, c.base(), 3, 40, 0);
    WindowReference reference = new WindowReference(aggregation, SCHEMA).run(script);
    StageHarness.of(twoPhases(aggregation, SCHEMA))
        .share(c.seed(), SHARES)
        .assertEverywhere(script, List.of(reference.results(), List.of()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void twoPhases_judgeLateRowsAsOneDoes(Case c) {
    for (long lateness : new long[] {0, 15}) {
      WindowAggregation aggregation = c.aggregation(CELLS, lateness, Accumulation.ACCUMULATING);
      Script script = c.scripts().eventTime(120, c.base(), 3, 60, 45);
      WindowReference reference = new WindowReference(aggregation, SCHEMA).run(script);
      StageHarness.of(twoPhases(aggregation, SCHEMA))
          .withoutInterleaving()
          .view(0, reference::lastOf)
          .share(c.seed(), SHARES)
          .assertEverywhere(script, List.of(reference.lastResults(), reference.late()));
    }
  }

  static Pipeline twoPhases(WindowAggregation aggregation, Schema schema) {
    int[] keys = aggregation.groupBy().stream().mapToInt(schema::ordinal).toArray();
    int[] partialKeys = new int[keys.length];
    for (int i = 0; i < keys.length; i++) {
      partialKeys[i] = i;
    }
    return Pipeline.builder()
        .stage(() -> List.of(Pipeline.node("pre", aggregation.preAggregate(schema), 0, 1)))
        .stage(() -> List.of(Pipeline.node("final", aggregation.finalAggregate(schema), 0, 1)))
        .input(Exchange.FORWARD, 0, 0, 0)
        .connect(0, 0, Exchange.hash(partialKeys), 1, 0, WindowAggregation.PARTIALS_INPUT)
        .connect(
            0, WindowAggregation.ROWS_PORT, Exchange.hash(keys), 1, 0, WindowAggregation.ROWS_INPUT)
        .output(1, 0)
        .output(1, WindowAggregation.LATE_PORT)
        .build();
  }
}
