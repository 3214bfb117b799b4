package io.fluxcore.domain.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.Mode;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Triggers against {@link TriggerReference}, on seeded random input, in every mode. */
class TriggerModelTest {
  private static final Trigger EVERYTHING =
      Trigger.onWatermark()
          .withEarlyEvery(Duration.ofMillis(7))
          .withEarlyEveryProcessingTime(Duration.ofMillis(20))
          .withEarlyAfter(3)
          .withLate(LateFiring.EACH_ROW);

  record Case(WindowSpec window, Trigger trigger, Accumulation accumulation, long seed) {
    WindowAggregation aggregation(long lateness, TimeCharacteristic time) {
      return new WindowAggregation(
          seed % 2 == 0 ? List.of("user") : List.of("page", "user"),
          window,
          seed % 3 == 0 ? WindowModelTest.ALL : WindowModelTest.CELLS,
          window.isTimed() ? lateness : 0,
          accumulation,
          time,
          trigger,
          AggregateContext.STANDARD);
    }
  }

  static Stream<Case> cases() {
    List<WindowSpec> windows =
        List.of(
            WindowSpec.tumbling(30, 0),
            WindowSpec.sliding(25, 10, 3),
            new CumulativeWindows(60, 20, -7),
            new GlobalWindow());
    List<Trigger> triggers =
        List.of(
            Trigger.onWatermark().withEarlyEvery(Duration.ofMillis(10)),
            Trigger.onWatermark().withEarlyEveryProcessingTime(Duration.ofMillis(15)),
            Trigger.afterCount(2),
            Trigger.onWatermark().withEarlyAfter(1),
            Trigger.onWatermark().withLate(LateFiring.EACH_ROW),
            EVERYTHING,
            EVERYTHING.withoutWatermark());
    List<Case> cases = new ArrayList<>();
    Random random = new Random(5);
    for (Trigger trigger : triggers) {
      for (Accumulation accumulation : Accumulation.values()) {
        WindowSpec window = windows.get(random.nextInt(windows.size()));
        cases.add(new Case(window, trigger, accumulation, cases.size()));
      }
    }
    for (Accumulation accumulation : Accumulation.values()) {
      cases.add(new Case(new GlobalWindow(), Trigger.afterCount(4), accumulation, cases.size()));
      cases.add(new Case(new GlobalWindow(), Trigger.onWatermark(), accumulation, cases.size()));
    }
    return cases.stream();
  }

  /** One source partition, since what fires early depends on the order in which rows arrive. */
  private static List<Mode> modes() {
    return Mode.standard(0, 11).stream()
        .map(mode -> mode.parallelism(mode.parallelism(), 1))
        .distinct()
        .toList();
  }

  private static StageHarness harness(WindowAggregation aggregation) {
    int[] keys = aggregation.keyOrdinals(WindowScripts.SCHEMA);
    return StageHarness.of(() -> aggregation.operator(WindowScripts.SCHEMA), Exchange.hash(keys), 2)
        .in(modes());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void triggersInEventTime(Case c) {
    boolean eachRow = c.trigger().late() == LateFiring.EACH_ROW || !c.trigger().firesOnWatermark();
    WindowAggregation aggregation = c.aggregation(eachRow ? 15 : 0, TimeCharacteristic.EVENT);
    Script script = new WindowScripts(c.seed(), 3, 2).bothTimes(40, -100, 3, 30, 20);
    TriggerReference reference =
        new TriggerReference(aggregation, WindowScripts.SCHEMA).run(script);
    assertThat(aggregation.canPreAggregate(WindowScripts.SCHEMA)).isFalse();
    harness(aggregation).assertEverywhere(script, List.of(reference.results(), reference.late()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void triggersInProcessingTime(Case c) {
    if (c.trigger().earlyEvery() != null) {
      return; // refused by the topology's validation
    }
    WindowAggregation aggregation = c.aggregation(0, TimeCharacteristic.PROCESSING);
    Script script = new WindowScripts(c.seed(), 3, 2).processingTime(40, -100, 6);
    TriggerReference reference =
        new TriggerReference(aggregation, WindowScripts.SCHEMA).run(script);
    harness(aggregation).assertEverywhere(script, List.of(reference.results(), List.of()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lastResults_areThoseWithoutTriggers(Case c) {
    if (!c.trigger().firesOnWatermark()
        || !c.window().isTimed()
        || c.accumulation() == Accumulation.DISCARDING) {
      return; // have no results that must be the same
    }
    WindowAggregation aggregation = c.aggregation(0, TimeCharacteristic.EVENT);
    WindowAggregation usual =
        new WindowAggregation(
            aggregation.groupBy(),
            aggregation.window(),
            aggregation.aggregates(),
            0,
            Accumulation.ACCUMULATING,
            TimeCharacteristic.EVENT);
    Script script = new WindowScripts(c.seed(), 3, 2).bothTimes(200, 1_700_000_000_000L, 3, 30, 20);
    WindowReference reference = new WindowReference(usual, WindowScripts.SCHEMA).run(script);
    StageHarness.of(
            () -> aggregation.operator(WindowScripts.SCHEMA),
            Exchange.hash(aggregation.keyOrdinals(WindowScripts.SCHEMA)),
            2)
        .in(List.of(Mode.PLAIN))
        .view(0, reference::lastOf)
        .assertEverywhere(script, List.of(reference.lastResults(), reference.late()));
  }
}
