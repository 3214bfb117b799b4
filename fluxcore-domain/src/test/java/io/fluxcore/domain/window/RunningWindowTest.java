package io.fluxcore.domain.window;

import static io.fluxcore.domain.aggregate.AggregateCall.Kind.AVG;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.COUNT;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.COUNT_DISTINCT;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.MAX;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.SUM;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.Mode;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Windows that are kept from one to the next, against {@link WindowReference}: with aggregates that
 * are subtracted and such that are not, with few groups that are in every slice and many that are
 * in one, with rows that change slices which are in the window already.
 */
class RunningWindowTest {
  /** Of the modes; as many seeds together run all of them. */
  private static final int SHARES = 4;

  private static final Schema SCHEMA = WindowScripts.SCHEMA;

  private static final List<AggregateCall> SUBTRACTED =
      List.of(
          AggregateCall.countAll("n"),
          AggregateCall.of(COUNT, "hits", "n_hits"),
          AggregateCall.countAll("some").where("hits > 0"),
          AggregateCall.of(SUM, "hits", "sum_hits"));

  private static final List<AggregateCall> ADDED_UP_ANEW =
      List.of(
          AggregateCall.countAll("n"),
          AggregateCall.of(MAX, "hits", "max_hits"),
          AggregateCall.of(SUM, "ratio", "sum_ratio"),
          AggregateCall.of(AVG, "hits", "avg_hits"),
          AggregateCall.of(COUNT_DISTINCT, "page", "pages"));

  private static WindowAggregation aggregation(
      WindowSpec window,
      List<AggregateCall> calls,
      long lateness,
      Accumulation accumulation,
      boolean changelog) {
    return new WindowAggregation(
        List.of("user"),
        window,
        calls,
        lateness,
        accumulation,
        TimeCharacteristic.EVENT,
        Trigger.onWatermark(),
        new AggregateContext(
            AggregateContext.STANDARD.expressions(),
            AggregateContext.STANDARD.sketches(),
            changelog));
  }

  private static WindowSpec window(long seed) {
    List<WindowSpec> windows =
        List.of(
            WindowSpec.sliding(50, 10, 0),
            WindowSpec.sliding(25, 10, 3),
            WindowSpec.sliding(100, 7, -1_000_003),
            new CumulativeWindows(60, 5, 0));
    return windows.get((int) (seed % windows.size()));
  }

  @Test
  void countsAndSumsOfIntegers_areSubtracted_othersAreNot() {
    WindowSpec window = WindowSpec.sliding(20, 10, 0);
    assertThat(canSubtract(aggregation(window, SUBTRACTED, 0, Accumulation.ACCUMULATING, true)))
        .isTrue();
    for (AggregateCall call : ADDED_UP_ANEW.subList(1, ADDED_UP_ANEW.size())) {
      assertThat(
              canSubtract(aggregation(window, List.of(call), 0, Accumulation.ACCUMULATING, false)))
          .as("%s", call)
          .isFalse();
    }
  }

  private static boolean canSubtract(WindowAggregation aggregation) {
    return aggregation.program(SCHEMA).canSubtract();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3})
  void rowsForSlicesInTheWindow_areInTheNextOnes(long seed) {
    for (List<AggregateCall> calls : List.of(SUBTRACTED, ADDED_UP_ANEW)) {
      for (int users : new int[] {3, 40}) {
        WindowAggregation aggregation =
            aggregation(window(seed), calls, 0, Accumulation.ACCUMULATING, false);
        Script script = new WindowScripts(seed, users, 4).eventTime(120, -300, 3, 60, 45);
        WindowReference reference = new WindowReference(aggregation, SCHEMA).run(script);
        StageHarness.of(() -> aggregation.operator(SCHEMA), Exchange.hash(0), 2)
            .withoutInterleaving()
            .share(seed, SHARES)
            .assertEverywhere(script, List.of(reference.results(), reference.late()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6, 7})
  void lateFirings_andTheWindowsAfterThem_agree(long seed) {
    for (List<AggregateCall> calls : List.of(SUBTRACTED, ADDED_UP_ANEW)) {
      for (Accumulation accumulation : Accumulation.values()) {
        WindowAggregation aggregation = aggregation(window(seed), calls, 15, accumulation, false);
        Script script = new WindowScripts(seed, 12, 4).eventTime(120, -300, 3, 60, 45);
        WindowReference reference = new WindowReference(aggregation, SCHEMA).run(script);
        StageHarness.of(() -> aggregation.operator(SCHEMA), Exchange.hash(0), 2)
            .in(List.of(Mode.PLAIN))
            .assertEverywhere(script, List.of(reference.results(), reference.late()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {8, 9, 10, 11})
  void groupsOfWhichNothingIsLeft_areGone_andComeBack(long seed) {
    WindowAggregation aggregation =
        aggregation(window(seed), SUBTRACTED, 0, Accumulation.ACCUMULATING, true);
    Random random = new Random(seed);
    WindowScripts values = new WindowScripts(seed, 5, 1);
    Script.Builder changes = Script.of(SCHEMA);
    Script.Builder survivors = Script.of(SCHEMA);
    List<Runnable> takeBacks = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      long time = i * 3L;
      Object[] row = values.values();
      changes.row(time, row);
      if (random.nextInt(3) > 0) {
        takeBacks.add(() -> changes.row(0, RowKind.DELETE, time, row));
      } else {
        survivors.row(time, row);
      }
      if (i % 7 == 6) {
        takeBacks.forEach(Runnable::run);
        takeBacks.clear();
        changes.watermark(time);
        survivors.watermark(time);
      }
    }
    takeBacks.forEach(Runnable::run);
    WindowReference reference = new WindowReference(aggregation, SCHEMA).run(survivors.end());
    StageHarness.of(() -> aggregation.operator(SCHEMA), Exchange.hash(0), 2)
        .share(seed, SHARES)
        .assertEverywhere(changes.end(), List.of(reference.results(), List.of()));
  }

  @Test
  void sumsAtTheEdgeOfTheRange_areTakenOffExactly() {
    WindowAggregation aggregation =
        aggregation(
            WindowSpec.sliding(20, 10, 0),
            List.of(AggregateCall.of(SUM, "hits", "sum_hits")),
            0,
            Accumulation.ACCUMULATING,
            false);
    Script.Builder script = Script.of(SCHEMA);
    long[] sums = {Long.MIN_VALUE, Long.MAX_VALUE, -5, Long.MIN_VALUE + 5, Long.MAX_VALUE};
    for (int slice = 0; slice < sums.length; slice++) {
      script.row(slice * 10L, 1L, null, sums[slice], null, null, null);
      script.watermark(slice * 10L);
    }
    Script input = script.end();
    WindowReference reference = new WindowReference(aggregation, SCHEMA).run(input);
    assertThat(reference.results()).hasSize(sums.length + 1);
    StageHarness.of(() -> aggregation.operator(SCHEMA), Exchange.hash(0), 1)
        .assertEverywhere(input, List.of(reference.results(), List.of()));
  }
}
