package io.fluxcore.adapters.out.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateCall.Kind;
import io.fluxcore.domain.aggregate.AggregateSettings;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Backend;
import io.fluxcore.domain.harness.Batching;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.Mode;
import io.fluxcore.domain.harness.Recovery;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.process.ProcessModel;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.window.Accumulation;
import io.fluxcore.domain.window.CalendarUnit;
import io.fluxcore.domain.window.CalendarWindows;
import io.fluxcore.domain.window.CountWindows;
import io.fluxcore.domain.window.CumulativeWindows;
import io.fluxcore.domain.window.GlobalWindow;
import io.fluxcore.domain.window.SessionWindows;
import io.fluxcore.domain.window.Trigger;
import io.fluxcore.domain.window.WindowAggregation;
import io.fluxcore.domain.window.WindowSpec;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators give the same on a state backend as on the heap. The test of a backend extends it. */
public abstract class OperatorsContract {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("user", DataType.LONG)
          .field("page", DataType.STRING)
          .field("hits", DataType.LONG)
          .build();

  /** The backend, whose caches had better hold next to nothing. */
  protected abstract Backend backend();

  private static final List<AggregateCall> ADDED =
      List.of(
          AggregateCall.countAll("n"),
          AggregateCall.of(Kind.SUM, "hits", "sum"),
          AggregateCall.of(Kind.MAX, "page", "max_page"),
          AggregateCall.of(Kind.TOP, "hits", AggregateSettings.limit(3), "top"));

  private static final List<AggregateCall> WITH_OBJECTS =
      List.of(
          AggregateCall.countAll("n"),
          AggregateCall.of(Kind.COUNT_DISTINCT, "page", "pages"),
          AggregateCall.of(Kind.MIN, "hits", "min"));

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void processFunctions_areWhatTheyMean(int seed) {
    Mode plain = Mode.PLAIN.with(backend()).with(Batching.SEVEN_ROWS);
    ProcessModel.check(
        seed,
        List.of(
            plain.with(Batching.FULL_BATCHES),
            plain.with(Recovery.RESCALE).parallelism(2, 1),
            plain.with(Recovery.CRASH).parallelism(3, 1).interleaving(true).seed(seed)));
  }

  static Stream<Arguments> windows() {
    Trigger early = Trigger.onWatermark().withEarlyAfter(4);
    Trigger every = Trigger.onWatermark().withEarlyEvery(Duration.ofMillis(500));
    return Stream.of(
        of("tumbling", WindowSpec.tumbling(2_000, 7), ADDED, 0, Accumulation.ACCUMULATING, null),
        of("late", WindowSpec.tumbling(1_000, 0), ADDED, 3_000, Accumulation.RETRACTING, null),
        of("sliding", WindowSpec.sliding(3_000, 500, 0), ADDED, 0, Accumulation.ACCUMULATING, null),
        of(
            "sliding objects",
            WindowSpec.sliding(3_000, 1_000, 0),
            WITH_OBJECTS,
            2_000,
            Accumulation.DISCARDING,
            null),
        of(
            "cumulate",
            new CumulativeWindows(4_000, 500, 0),
            ADDED,
            0,
            Accumulation.ACCUMULATING,
            null),
        of(
            "calendar",
            new CalendarWindows(CalendarUnit.DAY, ZoneId.of("Pacific/Chatham"), DayOfWeek.MONDAY),
            ADDED,
            0,
            Accumulation.ACCUMULATING,
            null),
        of("session", new SessionWindows(300), WITH_OBJECTS, 0, Accumulation.ACCUMULATING, null),
        of("late session", new SessionWindows(200), ADDED, 2_000, Accumulation.RETRACTING, null),
        of("count", new CountWindows(6, 2, false), ADDED, 0, Accumulation.ACCUMULATING, null),
        of("early", WindowSpec.tumbling(3_000, 0), WITH_OBJECTS, 0, Accumulation.RETRACTING, early),
        of("every", WindowSpec.tumbling(3_000, 0), ADDED, 0, Accumulation.DISCARDING, every),
        of("global", new GlobalWindow(), ADDED, 0, Accumulation.DISCARDING, early));
  }

  private static Arguments of(
      String name,
      WindowSpec window,
      List<AggregateCall> calls,
      long lateness,
      Accumulation accumulation,
      @Nullable Trigger trigger) {
    return Arguments.of(
        name,
        new WindowAggregation(
            List.of("user"),
            window,
            calls,
            lateness,
            accumulation,
            TimeCharacteristic.EVENT,
            trigger == null ? Trigger.onWatermark() : trigger,
            io.fluxcore.domain.aggregate.AggregateContext.STANDARD));
  }

  private static Script script(long seed) {
    Random random = new Random(seed);
    Script.Builder script = Script.of(SCHEMA);
    for (int i = 0; i < 180; i++) {
      long user = random.nextInt(3) == 0 ? random.nextInt(200) : random.nextInt(20);
      script.row(i * 20L - random.nextInt(400), user, "page " + random.nextInt(9), (long) i);
      if (i % 25 == 24) {
        script.watermark(i * 20L - 300);
      }
      if (random.nextInt(20) == 0) {
        script.cut();
      }
    }
    return script.end();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("windows")
  void operator_givesTheSameAsOnTheHeap(String name, WindowAggregation aggregation) {
    Mode mode = Mode.PLAIN;
    StageHarness harness =
        StageHarness.of(() -> aggregation.operator(SCHEMA), Exchange.hash(0), 2)
            .in(
                List.of(
                    mode,
                    mode.with(backend()).withRefusingOutputs(),
                    mode.with(backend()).parallelism(3, 1),
                    mode.with(backend()).with(Recovery.RESCALE)));
    List<EventRecord> rows = harness.assertSameEverywhere(script(name.length())).rows(0);
    assertThat(rows).isNotEmpty();
  }
}
