package io.fluxcore.domain.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.aggregate.ExactSketches;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Backend;
import io.fluxcore.domain.harness.Batching;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.Mode;
import io.fluxcore.domain.harness.Recovery;
import io.fluxcore.domain.harness.Rows;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Session aggregation against {@link SessionReference}, on seeded random input, in every mode:
 * cases take turns with the modes.
 */
class SessionModelTest {
  private static final Schema SCHEMA = WindowScripts.SCHEMA;
  private static final int ROWS = 120;

  /** The windows, and what is random about the input. */
  record Case(
      SessionWindows windows, List<String> groupBy, int users, int pages, long base, long seed) {
    WindowAggregation aggregation(
        List<AggregateCall> calls, long lateness, Accumulation accumulation) {
      return new WindowAggregation(
          groupBy, windows, calls, lateness, accumulation, TimeCharacteristic.EVENT);
    }

    WindowScripts scripts() {
      return new WindowScripts(seed, users, pages);
    }

    /** Some rows bridge sessions. */
    Script onTime() {
      return scripts().eventTime(ROWS, base, 3, 40, 0);
    }

    /** Rows are late, and bridge sessions that have fired. */
    Script late() {
      return scripts().eventTime(ROWS, base, 3, 60, 45);
    }

    Exchange exchange() {
      return Exchange.hash(groupBy.stream().mapToInt(SCHEMA::ordinal).toArray());
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        merging(10, List.of("user"), 2, 1, -300, 1),
        merging(1, List.of(), 1, 1, 1_700_000_000_000L, 2),
        merging(15, List.of("page"), 1, 2, -300, 3),
        merging(4, List.of(), 1, 1, -300, 4),
        merging(25, List.of("user", "page"), 2, 3, 1_700_000_000_000L, 5),
        merging(7, List.of("raw", "price"), 1, 1, -300, 6),
        merging(100, List.of("ratio"), 1, 1, 1_700_000_000_000L, 7),
        separate(10, List.of("user"), 2, 1, -300, 1),
        separate(1, List.of(), 1, 1, 1_700_000_000_000L, 2),
        separate(4, List.of(), 1, 1, -300, 4),
        separate(25, List.of("user", "page"), 2, 3, 1_700_000_000_000L, 5));
  }

  private static Case merging(
      long gap, List<String> groupBy, int users, int pages, long base, long seed) {
    return new Case(new SessionWindows(gap), groupBy, users, pages, base, seed);
  }

  private static Case separate(
      long gap, List<String> groupBy, int users, int pages, long base, long seed) {
    return new Case(new SessionWindows(gap, Touching.SEPARATE), groupBy, users, pages, base, seed);
  }

  /**
   * The modes in which the rows of a group stay in their order, which decides what is late: single
   * rows, or one source partition.
   *
   * @param oneEach whether each subtask has a source partition of its own
   */
  private static StageHarness inOrder(StageHarness harness, boolean oneEach) {
    StageHarness whole = harness.withoutInterleaving();
    return whole.in(
        whole.modes().stream()
            .filter(
                mode ->
                    mode.batching() == Batching.SINGLE_ROWS
                        || (mode.partitions() == 1 && !(oneEach && isEverParallel(mode))))
            .toList());
  }

  private static boolean isEverParallel(Mode mode) {
    return mode.parallelism() > 1
        || mode.recovery() == Recovery.RESCALE
        || mode.recovery() == Recovery.CRASH;
  }

  @Test
  void cases_bridgeSessionsOnTimeAndLate() {
    int onTime = 0;
    int late = 0;
    for (Case c : cases().toList()) {
      WindowAggregation aggregation =
          c.aggregation(WindowModelTest.CELLS, 15, Accumulation.RETRACTING);
      onTime += new SessionReference(aggregation, SCHEMA).run(c.onTime()).merges();
      SessionReference reference = new SessionReference(aggregation, SCHEMA).run(c.late());
      late += reference.merges();
      assertThat(reference.results()).isNotEmpty();
    }
    assertThat(onTime).isGreaterThan(20);
    assertThat(late).isGreaterThan(20);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inputWithoutLateRows_givesTheSameInEveryMode(Case c) {
    WindowAggregation aggregation =
        c.aggregation(WindowModelTest.ALL, 0, Accumulation.ACCUMULATING);
    Script script = c.onTime();
    SessionReference reference = new SessionReference(aggregation, SCHEMA).run(script);
    assertThat(reference.late()).isEmpty();
    StageHarness.of(() -> aggregation.operator(SCHEMA), c.exchange(), 2)
        .share(c.seed(), WindowModelTest.SHARES)
        .assertEverywhere(script, List.of(reference.results(), List.of()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lateRows_goToTheLateOutput_unlessTheyTouchAnOpenSession(Case c) {
    WindowAggregation aggregation =
        c.aggregation(WindowModelTest.ALL, 0, Accumulation.ACCUMULATING);
    Script script = c.late();
    SessionReference reference = new SessionReference(aggregation, SCHEMA).run(script);
    inOrder(StageHarness.of(() -> aggregation.operator(SCHEMA), c.exchange(), 2), false)
        .share(c.seed(), WindowModelTest.SHARES)
        .assertEverywhere(script, List.of(reference.results(), reference.late()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void allowedLateness_refiresOncePerBatch(Case c) {
    for (Accumulation accumulation : Accumulation.values()) {
      WindowAggregation aggregation = c.aggregation(WindowModelTest.ALL, 15, accumulation);
      Script script = c.late();
      SessionReference reference = new SessionReference(aggregation, SCHEMA).run(script);
      StageHarness.of(() -> aggregation.operator(SCHEMA), c.exchange(), 2)
          .in(List.of(Mode.PLAIN, Mode.PLAIN.with(Backend.EVICTING).withRefusingOutputs()))
          .assertEverywhere(script, List.of(reference.results(), reference.late()));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void retracting_endsWithTheSameResultsInEveryMode(Case c) {
    long lateness = c.seed() % 2 == 0 ? 15 : 1_000;
    WindowAggregation aggregation =
        c.aggregation(WindowModelTest.ALL, lateness, Accumulation.RETRACTING);
    Script script = c.late();
    SessionReference reference = new SessionReference(aggregation, SCHEMA).run(script);
    inOrder(StageHarness.of(() -> aggregation.operator(SCHEMA), c.exchange(), 2), false)
        .view(0, SessionReference::netOf)
        .share(c.seed(), WindowModelTest.SHARES)
        .assertEverywhere(
            script, List.of(SessionReference.net(reference.results()), reference.late()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void processingTime_firesByTheClock(Case c) {
    WindowAggregation aggregation =
        new WindowAggregation(
            c.groupBy(),
            c.windows(),
            WindowModelTest.ALL,
            0,
            Accumulation.ACCUMULATING,
            TimeCharacteristic.PROCESSING);
    Script script = c.scripts().processingTime(ROWS, c.base(), 6);
    SessionReference reference = new SessionReference(aggregation, SCHEMA).run(script);
    StageHarness.of(() -> aggregation.operator(SCHEMA), c.exchange(), 2)
        .withoutInterleaving()
        .share(c.seed(), WindowModelTest.SHARES)
        .assertEverywhere(script, List.of(reference.results(), List.of()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void twoPhases_giveWhatOneGives(Case c) {
    WindowAggregation aggregation =
        c.aggregation(WindowModelTest.CELLS, 0, Accumulation.ACCUMULATING);
    assertThat(aggregation.canPreAggregate(SCHEMA)).isTrue();
    Script script = c.onTime();
    SessionReference reference = new SessionReference(aggregation, SCHEMA).run(script);
    StageHarness.of(WindowModelTest.twoPhases(aggregation, SCHEMA))
        .share(c.seed(), WindowModelTest.SHARES)
        .assertEverywhere(script, List.of(reference.results(), List.of()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void twoPhases_judgeLateRowsAsOneDoes(Case c) {
    WindowAggregation aggregation =
        c.aggregation(WindowModelTest.CELLS, c.seed() % 2 * 15, Accumulation.RETRACTING);
    Script script = c.late();
    SessionReference reference = new SessionReference(aggregation, SCHEMA).run(script);
    inOrder(StageHarness.of(WindowModelTest.twoPhases(aggregation, SCHEMA)), true)
        .view(0, SessionReference::netOf)
        .share(c.seed(), WindowModelTest.SHARES)
        .assertEverywhere(
            script, List.of(SessionReference.net(reference.results()), reference.late()));
  }

  /** Every aggregate, over rows of different times, some of which bridge sessions. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyAggregate_givesTheSameInEveryMode(long seed) {
    String group = seed % 2 == 0 ? "user" : "page";
    SessionWindows windows = new SessionWindows(seed % 2 == 0 ? 250 : 500);
    WindowAggregation one =
        withSketches(List.of(group), windows, AggregateModelTest.ALL, 0, Accumulation.ACCUMULATING);
    WindowAggregation two =
        withSketches(
            List.of(group), windows, AggregateModelTest.PARTIAL, 0, Accumulation.ACCUMULATING);
    assertThat(one.canPreAggregate(SCHEMA)).isFalse();
    assertThat(two.canPreAggregate(SCHEMA)).isTrue();
    Script script = AggregateModelTest.script(seed);
    SessionReference all = new SessionReference(one, SCHEMA).run(script);
    SessionReference partial = new SessionReference(two, SCHEMA).run(script);
    assertThat(all.merges()).isPositive();
    StageHarness.of(() -> one.operator(SCHEMA), Exchange.hash(SCHEMA.ordinal(group)), 2)
        .view(0, rows -> AggregateModelTest.rounded(Rows.texts(rows)))
        .share(seed, WindowModelTest.SHARES)
        .assertEverywhere(script, List.of(AggregateModelTest.rounded(all.results()), List.of()));
    StageHarness.of(WindowModelTest.twoPhases(two, SCHEMA))
        .view(0, rows -> AggregateModelTest.rounded(Rows.texts(rows)))
        .share(seed, WindowModelTest.SHARES)
        .assertEverywhere(
            script, List.of(AggregateModelTest.rounded(partial.results()), List.of()));
  }

  /** Also where late rows make one session of several that had fired. */
  @ParameterizedTest
  @MethodSource("cases")
  void everyAggregate_isTakenBackWithItsSession(Case c) {
    WindowAggregation aggregation =
        withSketches(
            c.groupBy(), c.windows(), AggregateModelTest.PARTIAL, 15, Accumulation.RETRACTING);
    Script script = c.late();
    SessionReference reference = new SessionReference(aggregation, SCHEMA).run(script);
    inOrder(StageHarness.of(() -> aggregation.operator(SCHEMA), c.exchange(), 2), false)
        .view(0, rows -> SessionReference.net(AggregateModelTest.rounded(Rows.texts(rows))))
        .share(c.seed(), WindowModelTest.SHARES)
        .assertEverywhere(
            script,
            List.of(
                SessionReference.net(AggregateModelTest.rounded(reference.results())),
                reference.late()));
  }

  private static WindowAggregation withSketches(
      List<String> groupBy,
      SessionWindows windows,
      List<AggregateCall> calls,
      long lateness,
      Accumulation accumulation) {
    return new WindowAggregation(
        groupBy,
        windows,
        calls,
        lateness,
        accumulation,
        TimeCharacteristic.EVENT,
        Trigger.onWatermark(),
        new AggregateContext(AggregateContext.STANDARD.expressions(), new ExactSketches(), false));
  }
}
