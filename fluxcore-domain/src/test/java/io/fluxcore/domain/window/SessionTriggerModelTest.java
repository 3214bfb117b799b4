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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Triggers of sessions against {@link SessionTriggerReference}, on seeded random input, in every
 * mode: cases take turns with the modes.
 */
class SessionTriggerModelTest {
  private static final Trigger EVERYTHING =
      Trigger.onWatermark()
          .withEarlyEvery(Duration.ofMillis(7))
          .withEarlyEveryProcessingTime(Duration.ofMillis(20))
          .withEarlyAfter(3)
          .withLate(LateFiring.EACH_ROW);

  record Case(SessionWindows windows, Trigger trigger, Accumulation accumulation, long seed) {
    WindowAggregation aggregation(TimeCharacteristic time) {
      boolean firesEachLateRow =
          trigger.late() == LateFiring.EACH_ROW || !trigger.firesOnWatermark();
      return new WindowAggregation(
          seed % 2 == 0 ? List.of("user") : List.of("page", "user"),
          windows,
          seed % 3 == 0 ? WindowModelTest.ALL : WindowModelTest.CELLS,
          firesEachLateRow ? 15 : 0,
          accumulation,
          time,
          trigger,
          AggregateContext.STANDARD);
    }

    Script script() {
      return new WindowScripts(seed, 2, 1 + (int) (seed % 2)).bothTimes(60, -100, 3, 40, 20);
    }
  }

  static Stream<Case> cases() {
    List<Trigger> triggers =
        List.of(
            Trigger.onWatermark().withEarlyEvery(Duration.ofMillis(10)),
            Trigger.onWatermark().withEarlyEveryProcessingTime(Duration.ofMillis(15)),
            Trigger.afterCount(2),
            Trigger.onWatermark().withEarlyAfter(3),
            Trigger.onWatermark().withLate(LateFiring.EACH_ROW),
            EVERYTHING,
            EVERYTHING.withoutWatermark());
    long[] gaps = {4, 9, 25};
    List<Case> cases = new ArrayList<>();
    for (Trigger trigger : triggers) {
      for (Accumulation accumulation : Accumulation.values()) {
        int number = cases.size();
        SessionWindows windows = new SessionWindows(gaps[(number + number / 3) % 3]);
        cases.add(new Case(windows, trigger, accumulation, number));
      }
    }
    SessionWindows separate = new SessionWindows(4, Touching.SEPARATE);
    for (Accumulation accumulation : Accumulation.values()) {
      cases.add(new Case(separate, EVERYTHING, accumulation, cases.size()));
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

  private static StageHarness harness(WindowAggregation aggregation, Case c) {
    int[] keys = aggregation.keyOrdinals(WindowScripts.SCHEMA);
    return StageHarness.of(() -> aggregation.operator(WindowScripts.SCHEMA), Exchange.hash(keys), 2)
        .in(modes())
        .share(c.seed(), WindowModelTest.SHARES);
  }

  @Test
  void cases_joinSessionsThatHaveFired() {
    int merges = 0;
    int deletions = 0;
    for (Case c : cases().toList()) {
      SessionTriggerReference reference =
          new SessionTriggerReference(c.aggregation(TimeCharacteristic.EVENT), WindowScripts.SCHEMA)
              .run(c.script());
      merges += reference.merges();
      deletions += reference.deletions();
      assertThat(reference.results()).isNotEmpty();
    }
    assertThat(merges).isGreaterThan(20);
    assertThat(deletions).isGreaterThan(5);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void triggersInEventTime(Case c) {
    WindowAggregation aggregation = c.aggregation(TimeCharacteristic.EVENT);
    Script script = c.script();
    SessionTriggerReference reference =
        new SessionTriggerReference(aggregation, WindowScripts.SCHEMA).run(script);
    assertThat(aggregation.canPreAggregate(WindowScripts.SCHEMA)).isFalse();
    harness(aggregation, c)
        .assertEverywhere(script, List.of(reference.results(), reference.late()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void triggersInProcessingTime(Case c) {
    if (c.trigger().earlyEvery() != null) {
      return; // refused by the topology's validation
    }
    WindowAggregation aggregation = c.aggregation(TimeCharacteristic.PROCESSING);
    Script script = new WindowScripts(c.seed(), 2, 1).processingTime(60, -100, 6);
    SessionTriggerReference reference =
        new SessionTriggerReference(aggregation, WindowScripts.SCHEMA).run(script);
    harness(aggregation, c).assertEverywhere(script, List.of(reference.results(), List.of()));
  }

  /** Early results are taken back, and what is left at the end is what sessions give without. */
  @ParameterizedTest
  @MethodSource("cases")
  void retracting_leavesWhatSessionsGiveWithoutTriggers(Case c) {
    if (!c.trigger().firesOnWatermark() || c.accumulation() != Accumulation.RETRACTING) {
      return; // have no results that must be the same
    }
    WindowAggregation aggregation = c.aggregation(TimeCharacteristic.EVENT);
    WindowAggregation usual =
        new WindowAggregation(
            aggregation.groupBy(),
            aggregation.window(),
            aggregation.aggregates(),
            aggregation.allowedLatenessMillis(),
            Accumulation.RETRACTING,
            TimeCharacteristic.EVENT);
    SessionReference reference = new SessionReference(usual, WindowScripts.SCHEMA).run(c.script());
    harness(aggregation, c)
        .view(0, SessionReference::netOf)
        .assertEverywhere(
            c.script(), List.of(SessionReference.net(reference.results()), reference.late()));
  }
}
