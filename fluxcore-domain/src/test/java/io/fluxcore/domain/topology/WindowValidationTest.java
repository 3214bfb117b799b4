package io.fluxcore.domain.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.window.Accumulation;
import io.fluxcore.domain.window.CalendarUnit;
import io.fluxcore.domain.window.LateFiring;
import io.fluxcore.domain.window.Trigger;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told about windows that are neither tumbling nor sliding, and about triggers. */
class WindowValidationTest {
  private static final ExpressionContext EXPRESSIONS =
      ExpressionContext.of(
          pattern -> {
            throw new AssertionError("no regular expressions here");
          });

  private static final Schema SCHEMA =
      Schema.builder().field("host", DataType.STRING).field("bytes", DataType.LONG).build();
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static StreamTopology.Builder counted(WindowConfig window) {
    return StreamTopology.builder()
        .source("log", SourceConfig.connector("log").withSchema(SCHEMA).build())
        .window("window", window)
        .aggregate("count", AggregateConfig.count().withGroupBy("host").build());
  }

  private static void assertFindings(WindowConfig window, String... findings) {
    assertFindings(counted(window).sink("out", SinkConfig.console().build()).build(), findings);
  }

  private static void assertFindings(StreamTopology topology, String... findings) {
    assertThat(topology.validate(EXPRESSIONS))
        .extracting(Diagnostic::toString)
        .containsExactly(findings);
  }

  private static WindowConfig.TumblingBuilder minutes() {
    return WindowConfig.tumbling().withDuration(MINUTE);
  }

  @Test
  void soundWindows_haveNoFindings() {
    assertFindings(
        WindowConfig.cumulative().withDuration(MINUTE).withStep(Duration.ofSeconds(10)).build());
    assertFindings(
        WindowConfig.calendar()
            .withUnit(CalendarUnit.WEEK)
            .withZone(ZoneId.of("Pacific/Chatham"))
            .withFirstDayOfWeek(DayOfWeek.SUNDAY)
            .withTrigger(Trigger.onWatermark().withEarlyAfter(5))
            .build());
    assertFindings(WindowConfig.count().withSize(10).withSlide(3).build());
    assertFindings(WindowConfig.global().withTrigger(Trigger.afterCount(4)).build());
  }

  @Test
  void windowsWithoutTheirSettings() {
    assertFindings(
        WindowConfig.cumulative().build(),
        "FLX-TOPO-0013 at node 'window'.duration: the window has no duration (give a positive"
            + " duration)",
        "FLX-TOPO-0014 at node 'window'.step: the window has no step (give a positive duration)");
    assertFindings(
        WindowConfig.calendar().build(),
        "FLX-TOPO-0021 at node 'window'.unit: 'window' has no unit (give day, week, month, quarter"
            + " or year)",
        "FLX-TOPO-0021 at node 'window'.zone: 'window' has no zone (give a time zone, such as"
            + " Europe/Berlin)");
    assertFindings(
        WindowConfig.count().build(),
        "FLX-TOPO-0041 at node 'window'.size: the window's size is 0 rows (give the number of rows"
            + " of a window, at least 1)");
  }

  @Test
  void lengthsThatDoNotFitTogether() {
    assertFindings(
        WindowConfig.cumulative().withDuration(MINUTE).withStep(Duration.ofSeconds(7)).build(),
        "FLX-TOPO-0040 at node 'window'.step: the window's duration 1m is no multiple of its step"
            + " 7s (give a step that divides the duration)");
    assertFindings(
        WindowConfig.count().withSize(20_001).withSlide(2).build(),
        "FLX-TOPO-0041 at node 'window'.slide: windows of 20001 rows every 2 have 20001 panes, more"
            + " than 10000 (give a slide that divides the size, or has a large divisor in common"
            + " with it)");
    assertFindings(
        WindowConfig.count().withSize(4).withSlide(2).withIncomplete().build(),
        "FLX-TOPO-0041 at node 'window'.slide: sliding count windows give no incomplete results"
            + " (leave out the slide, or leave out 'incomplete')");
  }

  @Test
  void triggerOfASession() {
    for (Trigger trigger :
        List.of(
            Trigger.onWatermark().withEarlyAfter(10),
            Trigger.onWatermark().withEarlyEvery(MINUTE),
            Trigger.onWatermark().withEarlyEveryProcessingTime(MINUTE),
            Trigger.onWatermark().withLate(LateFiring.EACH_ROW))) {
      assertFindings(
          WindowConfig.session()
              .withGap(MINUTE)
              .withAllowedLateness(MINUTE)
              .withTrigger(trigger)
              .build());
    }
  }

  @Test
  void settingsThatTheKindDoesNotHave() {
    assertFindings(
        new WindowConfig(
            new WindowShape.Count(3, 3, false),
            MINUTE,
            true,
            Accumulation.DISCARDING,
            TimeCharacteristic.EVENT,
            Trigger.afterCount(2)),
        "FLX-TOPO-0042 at node 'window'.allowedLateness: a count window has no allowedLateness"
            + " (leave it out; no row is late for it)",
        "FLX-TOPO-0042 at node 'window'.lateOutput: a count window has no lateOutput (leave it out;"
            + " no row is late for it)",
        "FLX-TOPO-0042 at node 'window'.accumulation: a count window has no accumulation (leave it"
            + " out: it gives each result once)",
        "FLX-TOPO-0042 at node 'window'.trigger: a count window has no trigger (leave it out, or"
            + " use windows that are not of a number of rows)",
        "FLX-TOPO-0027 at node 'window'.lateOutput: nothing reads the late rows of 'count' (add a"
            + " node that reads 'count.late')");
  }

  @Test
  void triggersThatCannotFire() {
    assertFindings(
        minutes()
            .withTime(TimeCharacteristic.PROCESSING)
            .withTrigger(
                Trigger.onWatermark()
                    .withEarlyEvery(Duration.ZERO)
                    .withEarlyEveryProcessingTime(Duration.ofNanos(1))
                    .withEarlyAfter(-1)
                    .withLate(LateFiring.EACH_ROW))
            .build(),
        "FLX-TOPO-0044 at node 'window'.trigger.earlyEvery: the trigger fires every 0s (give a"
            + " positive duration of whole milliseconds)",
        "FLX-TOPO-0044 at node 'window'.trigger.earlyEveryProcessingTime: the trigger fires every"
            + " PT0.000000001S (give a positive duration of whole milliseconds)",
        "FLX-TOPO-0044 at node 'window'.trigger.earlyAfter: the trigger fires after -1 rows (give"
            + " at least 1)",
        "FLX-TOPO-0044 at node 'window'.trigger.earlyEvery: the trigger fires by event time, but"
            + " the window is in processing time (give it as earlyEveryProcessingTime)",
        "FLX-TOPO-0045 at node 'window'.trigger.late: no late row makes the window fire (give the"
            + " window an allowed lateness, and have it fire on the watermark)");
    assertFindings(
        minutes().withTrigger(Trigger.onWatermark().withoutWatermark()).build(),
        "FLX-TOPO-0044 at node 'window'.trigger: the trigger never fires (have it fire on the"
            + " watermark, or early)");
  }

  @Test
  void resultsWithoutTime_feedNoWindowInEventTime() {
    StreamTopology.Builder again =
        counted(WindowConfig.count().withSize(3).build())
            .transform("big", TransformConfig.filter().withExpression("count > 1").build());
    assertFindings(
        again
            .window("minutes", minutes().build())
            .aggregate("sum", AggregateConfig.sum("count").build())
            .sink("out", SinkConfig.console().build())
            .build(),
        "FLX-TOPO-0043 at node 'minutes'.time: the window is in event time, but the results of"
            + " 'count' have none: its window has no end in time (give the window processing time,"
            + " or use a window of time upstream)");
    assertFindings(
        counted(WindowConfig.global().build())
            .window("minutes", minutes().withTime(TimeCharacteristic.PROCESSING).build())
            .aggregate("sum", AggregateConfig.sum("count").build())
            .sink("out", SinkConfig.console().build())
            .build());
  }

  @Test
  void resultsOfEarlyFirings_wouldBeCountedAgain() {
    assertFindings(
        counted(minutes().withTrigger(Trigger.onWatermark().withEarlyAfter(2)).build())
            .window("hours", WindowConfig.tumbling().withDuration(Duration.ofHours(1)).build())
            .aggregate("sum", AggregateConfig.sum("count").build())
            .sink("out", SinkConfig.console().build())
            .build(),
        "FLX-TOPO-0029 at node 'sum'.aggregates: its input gives a window's result more than once,"
            + " and it would count each (give the window upstream the accumulation 'retracting' or"
            + " 'discarding')");
  }

  @Test
  void changelogs_haveNoCountWindows() {
    assertFindings(
        counted(minutes().withAccumulation(Accumulation.RETRACTING).build())
            .window("three", WindowConfig.count().withSize(3).build())
            .aggregate("sum", AggregateConfig.sum("count").build())
            .sink("out", SinkConfig.console().build())
            .build(),
        "FLX-TOPO-0028 at node 'sum'.input: its input takes results back, which windows of so many"
            + " rows cannot (use a window of time, or another accumulation upstream)");
  }

  @Test
  void fieldsOfResults() {
    StreamTopology.Builder builder = counted(WindowConfig.count().withSize(3).build());
    TopologyAnalysis analysis =
        TopologyAnalysis.of(
            builder.sink("out", SinkConfig.console().build()).build(),
            java.util.Map.of(),
            EXPRESSIONS);
    Schema output = analysis.output(new PortRef("count", NodeConfig.MAIN_PORT));
    assertThat(output.fieldNames()).containsExactly("host", "count");
  }

  @Test
  void descriptions() {
    assertThat(
            WindowConfig.cumulative()
                .withDuration(MINUTE)
                .withStep(Duration.ofSeconds(10))
                .build()
                .describe())
        .isEqualTo("cumulative window size 1m step 10s");
    assertThat(
            WindowConfig.calendar()
                .withUnit(CalendarUnit.MONTH)
                .withZone(ZoneId.of("UTC"))
                .build()
                .describe())
        .isEqualTo("calendar window month in UTC");
    assertThat(WindowConfig.count().withSize(5).withIncomplete().build().describe())
        .isEqualTo("count window size 5 incomplete");
    assertThat(
            WindowConfig.global()
                .withTrigger(Trigger.onWatermark().withEarlyEvery(MINUTE).withEarlyAfter(3))
                .build()
                .describe())
        .isEqualTo("global window (on watermark, early every 1m, early after 3 rows)");
  }
}
