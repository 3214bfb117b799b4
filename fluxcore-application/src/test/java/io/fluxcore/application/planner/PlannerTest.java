package io.fluxcore.application.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.aggregate.AggregateCatalogue;
import io.fluxcore.domain.aggregate.AggregateFunction;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.shedding.LoadShedding;
import io.fluxcore.domain.state.StateSerializer;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.time.WatermarkAlignment;
import io.fluxcore.domain.time.WatermarkStrategy;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.BoundSource;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.domain.window.Accumulation;
import io.fluxcore.domain.window.Trigger;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole printed plan is compared, since it shows everything that the planner decides. */
class PlannerTest {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("time", DataType.TIMESTAMP_TZ)
          .field("host", DataType.STRING)
          .field("path", DataType.STRING)
          .field("bytes", DataType.LONG)
          .field("status", DataType.LONG)
          .build();

  private static final SinkConfig STORE = SinkConfig.connector("store").build();

  private static StreamTopology.Builder log() {
    return StreamTopology.builder()
        .source(
            "log",
            SourceConfig.connector("log").withSchema(SCHEMA).withTimestampField("time").build());
  }

  private static WindowConfig.TumblingBuilder minutes() {
    return WindowConfig.tumbling().withDuration(Duration.ofMinutes(1));
  }

  private static StreamTopology perHost(WindowConfig window, AggregateConfig aggregate) {
    return log()
        .window("minutes", window)
        .aggregate("per-host", aggregate)
        .sink("out", STORE)
        .build();
  }

  private static AggregateConfig traffic() {
    return AggregateConfig.count().sum("bytes").withGroupBy("host").build();
  }

  private static JobConfig job(int parallelism) {
    return JobConfig.builder().name("test").parallelism(parallelism).build();
  }

  private static void assertPlan(StreamTopology topology, int parallelism, String expected) {
    String plan = PlanPrinter.print(Connectors.PLANNER.plan(topology, job(parallelism)));
    assertThat(plan.substring(0, plan.indexOf("delivery: "))).isEqualTo(expected);
  }

  @Test
  void atParallelismOne_everythingIsOneStage() {
    assertPlan(
        perHost(minutes().build(), traffic()),
        1,
        """
        stage 0, parallelism 1
          source log: log
            reads (time timestamp_tz, host string, bytes long)
            event time in time, out of order by 5000 ms
          per-host: tumbling window size 1m: count(*) as count, sum(bytes) as sum_bytes by host
          out: store
        """);
  }

  @Test
  void windowBehindAnExchange_isComputedInTwoPhases() {
    assertPlan(
        perHost(minutes().build(), traffic()),
        4,
        """
        stage 0, parallelism 4
          source log: log
            reads (time timestamp_tz, host string, bytes long)
            event time in time, out of order by 5000 ms
          per-host#select: select host, bytes
          per-host#pre: partial count(*) as count, sum(bytes) as sum_bytes by host
            → stage 1 per-host, by key host, (host string, $cell0 long, $cell1 long, $cell2 long)
            port 1 → stage 1 per-host input 1, by key host, (host string, bytes long)
        stage 1, parallelism 4
          per-host: tumbling window size 1m: count(*) as count, sum(bytes) as sum_bytes by host
          out: store
        """);
  }

  @Test
  void sessionBehindAnExchange_isComputedInTwoPhases() {
    assertPlan(
        perHost(WindowConfig.session().withGap(Duration.ofMinutes(30)).build(), traffic()),
        4,
        """
        stage 0, parallelism 4
          source log: log
            reads (time timestamp_tz, host string, bytes long)
            event time in time, out of order by 5000 ms
          per-host#select: select host, bytes
          per-host#pre: partial count(*) as count, sum(bytes) as sum_bytes by host
            → stage 1 per-host, by key host, \
        (host string, $cell0 long, $cell1 long, $cell2 long, $last long)
            port 1 → stage 1 per-host input 1, by key host, (host string, bytes long)
        stage 1, parallelism 4
          per-host: session window gap 30m: count(*) as count, sum(bytes) as sum_bytes by host
          out: store
        """);
  }

  @Test
  void aggregateThatNeedsObjects_crossesAsRows() {
    assertPlan(
        perHost(
            minutes().build(), AggregateConfig.countDistinct("path").withGroupBy("host").build()),
        2,
        """
        stage 0, parallelism 2
          source log: log
            reads (time timestamp_tz, host string, path string)
            event time in time, out of order by 5000 ms
          per-host#select: select host, path
            → stage 1 per-host, by key host, (host string, path string)
        stage 1, parallelism 2
          per-host: tumbling window size 1m: count(distinct path) as count_distinct_path by host
          out: store
        """);
  }

  @Test
  void conditionsAndLabels_useFields_andSketchesCrossAsPartialResults() {
    assertPlan(
        perHost(
            minutes().build(),
            AggregateConfig.median("bytes")
                .where("time is not null")
                .top("bytes", 3, "path")
                .withGroupBy("host")
                .build()),
        2,
        """
        stage 0, parallelism 2
          source log: log
            reads (time timestamp_tz, host string, path string, bytes long)
            event time in time, out of order by 5000 ms
          per-host#pre: partial quantile(bytes, 0.5) filter (where time is not null) as median_bytes, top(bytes, 3, path) as top_bytes by host
            → stage 1 per-host, by key host, (host string, $cell0 long, $cell1 long, $object2 bytes, $object3 bytes)
            port 1 → stage 1 per-host input 1, by key host, (time timestamp_tz, host string, path string, bytes long)
        stage 1, parallelism 2
          per-host: tumbling window size 1m: quantile(bytes, 0.5) filter (where time is not null) as median_bytes, top(bytes, 3, path) as top_bytes by host
          out: store
        """);
  }

  @Test
  void windowInProcessingTime_crossesAsRowsAndIsMarked() {
    assertPlan(
        perHost(minutes().withTime(TimeCharacteristic.PROCESSING).build(), traffic()),
        2,
        """
        stage 0, parallelism 2
          source log: log
            reads (time timestamp_tz, host string, bytes long)
            event time in time, out of order by 5000 ms
          per-host#select: select host, bytes
            → stage 1 per-host, by key host, (host string, bytes long)
        stage 1, parallelism 2
          per-host: tumbling window size 1m processing time: count(*) as count, sum(bytes) as \
        sum_bytes by host [not deterministic]
          out: store [not deterministic]
        """);
  }

  @Test
  void earlyFirings_areMarkedAndKeepRowsFromBeingAggregatedBefore() {
    assertPlan(
        perHost(minutes().withTrigger(Trigger.onWatermark().withEarlyAfter(5)).build(), traffic()),
        2,
        """
        stage 0, parallelism 2
          source log: log
            reads (time timestamp_tz, host string, bytes long)
            event time in time, out of order by 5000 ms
          per-host#select: select host, bytes
            → stage 1 per-host, by key host, (host string, bytes long)
        stage 1, parallelism 2
          per-host: tumbling window size 1m (on watermark, early after 5 rows): count(*) as count, \
        sum(bytes) as sum_bytes by host [not deterministic]
          out: store [not deterministic]
        """);
  }

  @Test
  void cumulativeWindows_areAggregatedInTwoPhases() {
    WindowConfig window =
        WindowConfig.cumulative()
            .withDuration(Duration.ofHours(1))
            .withStep(Duration.ofMinutes(1))
            .build();
    assertThat(PlanPrinter.print(Connectors.PLANNER.plan(perHost(window, traffic()), job(2))))
        .contains("per-host#pre: partial");
  }

  @Test
  void windowOverIngestionTime_isMarked() {
    StreamTopology topology =
        StreamTopology.builder()
            .source(
                "log",
                SourceConfig.connector("plain")
                    .withSchema(SCHEMA)
                    .withTime(TimeCharacteristic.INGESTION)
                    .build())
            .window("minutes", minutes().build())
            .aggregate("all", AggregateConfig.count().build())
            .sink("out", STORE)
            .build();
    assertPlan(
        topology,
        1,
        """
        stage 0, parallelism 1
          source log: plain
            reads ()
            ingestion time
          all: tumbling window size 1m: count(*) as count [not deterministic]
          out: store [not deterministic]
        """);
  }

  @Test
  void aggregateOfEverything_hasOneSubtask() {
    assertPlan(
        perHost(minutes().build(), AggregateConfig.max("bytes").build()),
        3,
        """
        stage 0, parallelism 3
          source log: log
            reads (time timestamp_tz, bytes long)
            event time in time, out of order by 5000 ms
          per-host#select: select bytes
          per-host#pre: partial max(bytes) as max_bytes
            → stage 1 per-host, all to one, ($cell0 long, $cell1 long, $cell2 long)
            port 1 → stage 1 per-host input 1, all to one, (bytes long)
        stage 1, parallelism 1
          per-host: tumbling window size 1m: max(bytes) as max_bytes
          out: store
        """);
  }

  @Test
  void filtersBeforeAnEventTimeWindow_stayBehindTheWatermark() {
    StreamTopology topology =
        log()
            .transform("errors", TransformConfig.filter().withExpression("status >= 500").build())
            .window("minutes", minutes().build())
            .aggregate("per-host", AggregateConfig.count().withGroupBy("host").build())
            .sink("out", STORE)
            .build();
    assertPlan(
        topology,
        1,
        """
        stage 0, parallelism 1
          source log: log
            reads (time timestamp_tz, host string, status long)
            event time in time, out of order by 5000 ms
          errors: filter status >= 500
          per-host: tumbling window size 1m: count(*) as count by host
          out: store
        """);
  }

  @Test
  void filtersWithoutAWindow_arePushedIntoTheReaders() {
    StreamTopology topology =
        log()
            .transform("errors", TransformConfig.filter().withExpression("status >= 500").build())
            .transform("big", TransformConfig.filter().withExpression("bytes > 10").build())
            .transform("slim", TransformConfig.project().withFields("host").build())
            .sink("out", STORE)
            .build();
    ExecutionPlan plan = Connectors.PLANNER.plan(topology, job(2));
    assertThat(plan.stages()).hasSize(1);
    ExecutionPlan.PlannedSource source = plan.stages().get(0).source();
    assertThat(source.filter()).isNotNull();
    assertThat(source.filter().get()).isNotSameAs(source.filter().get());
    assertThat(source.schema().fieldNames()).containsExactly("time", "host", "bytes", "status");
    assertThat(PlanPrinter.print(plan))
        .contains("    readers may filter: status >= 500 and bytes > 10\n");
    assertThat(plan.stages().get(0).operators())
        .extracting(ExecutionPlan.PlannedOperator::operatorId)
        .containsExactly("errors", "big", "slim", "out");
  }

  @Test
  void filterOfCode_isNotPushed_andSeesEveryField() {
    StreamTopology topology =
        log()
            .transform("f", TransformConfig.filter().withPredicate(e -> true).build())
            .transform("slim", TransformConfig.project().withFields("host").build())
            .sink("out", STORE)
            .build();
    assertPlan(
        topology,
        1,
        """
        stage 0, parallelism 1
          source log: log
            reads (time timestamp_tz, host string, path string, bytes long, status long)
            event time in time, out of order by 5000 ms
          f: filter λ
          slim: project host
          out: store
        """);
  }

  @Test
  void codeOverAnOpenSource_keepsTheOriginal() {
    StreamTopology topology =
        StreamTopology.builder()
            .source("events", SourceConfig.connector("log").build())
            .transform("f", TransformConfig.filter().withPredicate(e -> true).build())
            .window("minutes", minutes().build())
            .aggregate("count", AggregateConfig.count().withGroupBy("eventType").build())
            .sink("out", STORE)
            .build();
    assertPlan(
        topology,
        1,
        """
        stage 0, parallelism 1
          source events: log
            reads (eventType string) and keeps the original
            event time of the source, out of order by 5000 ms
          f: filter λ
          count: tumbling window size 1m: count(*) as count by eventType
          out: store
        """);
  }

  @Test
  void sourceWithSeveralReaders_isParted() {
    StreamTopology topology =
        log()
            .transform("route", TransformConfig.route().withBranch("bad", "status >= 500").build())
            .sink("rest", STORE)
            .sink("bad", STORE, "route.bad")
            .sink("all", STORE, "log")
            .build();
    assertPlan(
        topology,
        2,
        """
        stage 0, parallelism 2
          source log: log
            reads (time timestamp_tz, host string, path string, bytes long, status long)
            event time in time, out of order by 5000 ms
          log#out: pass
            → route; all
          route: route bad if status >= 500
            port 1 → bad
          rest: store
          bad: store
          all: store
        """);
  }

  @Test
  void keyBeforeCode_bringsRowsTogether() {
    StreamTopology topology =
        log()
            .transform("key", TransformConfig.keyBy("host"))
            .transform("see", TransformConfig.peek().withAction(e -> {}).build())
            .window("minutes", minutes().build())
            .aggregate("per-host", AggregateConfig.count().withGroupBy("host").build())
            .sink("out", STORE)
            .build();
    assertPlan(
        topology,
        2,
        """
        stage 0, parallelism 2
          source log: log
            reads (time timestamp_tz, host string, path string, bytes long, status long)
            event time in time, out of order by 5000 ms
          key: keyBy host
            → stage 1 see#in, by key host, (time timestamp_tz, host string, path string, bytes \
        long, status long)
        stage 1, parallelism 2
          see#in: pass
          see: peek λ
          per-host: tumbling window size 1m: count(*) as count by host
          out: store
        """);
  }

  @Test
  void keyOfTheAggregateThatFollows_isLeftToIt() {
    StreamTopology topology =
        log()
            .transform("key", TransformConfig.keyBy("host"))
            .window("minutes", minutes().build())
            .aggregate("per-host", AggregateConfig.count().withGroupBy("host").build())
            .sink("out", STORE)
            .build();
    assertPlan(
        topology,
        2,
        """
        stage 0, parallelism 2
          source log: log
            reads (time timestamp_tz, host string)
            event time in time, out of order by 5000 ms
          key: keyBy host
          per-host#select: select host
          per-host#pre: partial count(*) as count by host
            → stage 1 per-host, by key host, (host string, $cell0 long)
            port 1 → stage 1 per-host input 1, by key host, (host string)
        stage 1, parallelism 2
          per-host: tumbling window size 1m: count(*) as count by host
          out: store
        """);
  }

  @Test
  void aggregateWithoutGroups_isGroupedByTheKeyAbove() {
    StreamTopology topology =
        log()
            .transform("key", TransformConfig.keyBy("host"))
            .transform("rename", TransformConfig.rename().withField("host", "server").build())
            .window("minutes", minutes().build())
            .aggregate("per-host", AggregateConfig.count().build())
            .sink("out", STORE)
            .build();
    assertPlan(
        topology,
        2,
        """
        stage 0, parallelism 2
          source log: log
            reads (time timestamp_tz, host string)
            event time in time, out of order by 5000 ms
          key: keyBy host
          rename#select: select host
            → stage 1 rename#in, by key host, (host string)
        stage 1, parallelism 2
          rename#in: pass
          rename: rename host to server
          per-host: tumbling window size 1m: count(*) as count by server
          out: store
        """);
  }

  @Test
  void unionOfTwoSources_isAStageOfItsOwn() {
    StreamTopology topology =
        log()
            .source("more", SourceConfig.connector("plain").withSchema(SCHEMA).build())
            .transform("all", TransformConfig.union(), "log", "more")
            .transform("slim", TransformConfig.project().withFields("host", "bytes").build())
            .sink("out", STORE)
            .build();
    assertPlan(
        topology,
        1,
        """
        stage 0, parallelism 1
          source log: log
            reads (time timestamp_tz, host string, bytes long)
            event time in time, out of order by 5000 ms
          all#select: select host, bytes
            → stage 2 all#in, forward, (host string, bytes long)
        stage 1, parallelism 1
          source more: plain
            reads (host string, bytes long)
            event time of the source, out of order by 5000 ms
          more#out: pass
            → stage 2 all#in, forward, (host string, bytes long)
        stage 2, parallelism 1
          all#in: pass
          all: union
          slim: project host, bytes
          out: store
        """);
  }

  @Test
  void sinkThatCannotRunInParallel_getsOneWriter() {
    StreamTopology topology = log().sink("out", SinkConfig.connector("single").build()).build();
    ExecutionPlan plan = Connectors.PLANNER.plan(topology, job(4));
    assertThat(plan.stages())
        .extracting(ExecutionPlan.PlannedStage::parallelism)
        .containsExactly(4, 1);
    assertThat(plan.edges())
        .singleElement()
        .satisfies(
            e ->
                assertThat(e.partitioning())
                    .isInstanceOf(ExecutionPlan.Partitioning.Rebalance.class));
  }

  @Test
  void sinkOfAnotherParallelism_keepsTheOrderOfKeys() {
    StreamTopology topology =
        log()
            .window("minutes", minutes().build())
            .aggregate("per-host", traffic())
            .transform("name", TransformConfig.rename().withField("host", "server").build())
            .sink("out", SinkConfig.connector("store").withParallelism(3).build())
            .build();
    ExecutionPlan plan = Connectors.PLANNER.plan(topology, job(2));
    assertThat(PlanPrinter.print(plan))
        .contains("name: rename host to server\n    → stage 2 out#in, by key server, (server");
    assertThat(plan.stages().get(2).parallelism()).isEqualTo(3);
  }

  @Test
  void lateRows_leaveByTheirPort() {
    StreamTopology topology =
        log()
            .window("minutes", minutes().withLateOutput().build())
            .aggregate("per-host", traffic())
            .sink("out", STORE)
            .sink("late", STORE, "per-host.late")
            .build();
    assertPlan(
        topology,
        2,
        """
        stage 0, parallelism 2
          source log: log
            reads (time timestamp_tz, host string, path string, bytes long, status long)
            event time in time, out of order by 5000 ms
          per-host#pre: partial count(*) as count, sum(bytes) as sum_bytes by host
            → stage 1 per-host, by key host, (host string, $cell0 long, $cell1 long, $cell2 long)
            port 1 → stage 1 per-host input 1, by key host, (time timestamp_tz, host string, path \
        string, bytes long, status long)
        stage 1, parallelism 2
          per-host: tumbling window size 1m: count(*) as count, sum(bytes) as sum_bytes by host
            port 1 → late
          out: store
          late: store
        """);
  }

  @Test
  void secondAggregate_ofTheSameKey_needsNoSecondExchange() {
    StreamTopology topology =
        log()
            .window("minutes", minutes().build())
            .aggregate("per-host", traffic())
            .window("hours", WindowConfig.tumbling().withDuration(Duration.ofHours(1)).build())
            .aggregate("peak", AggregateConfig.max("count").withGroupBy("host").build())
            .sink("out", STORE)
            .build();
    ExecutionPlan plan = Connectors.PLANNER.plan(topology, job(2));
    assertThat(plan.stages()).hasSize(2);
    assertThat(plan.stages().get(1).operators())
        .extracting(ExecutionPlan.PlannedOperator::operatorId)
        .containsExactly("per-host", "peak", "out");
  }

  @Test
  void aggregateOverAChangelog_crossesAsRows() {
    StreamTopology topology =
        log()
            .window("minutes", minutes().withAccumulation(Accumulation.RETRACTING).build())
            .aggregate("per-host", traffic())
            .window("hours", WindowConfig.tumbling().withDuration(Duration.ofHours(1)).build())
            .aggregate("all", AggregateConfig.sum("count").build())
            .sink("out", STORE)
            .build();
    assertThat(PlanPrinter.print(Connectors.PLANNER.plan(topology, job(2))))
        .contains("all#select: select count\n    → stage 2 all, all to one, (count long)");
  }

  @Test
  void policies_comeFromTheNodeOrTheJob() {
    StreamTopology topology =
        log()
            .transform(
                "f",
                TransformConfig.filter()
                    .withExpression("bytes > 1")
                    .withErrorPolicy(ErrorPolicy.FAIL)
                    .build())
            .sink("out", STORE)
            .build();
    ExecutionPlan plan = Connectors.PLANNER.plan(topology, job(1));
    assertThat(plan.stages().get(0).operators())
        .extracting(ExecutionPlan.PlannedOperator::errors)
        .containsExactly(ErrorPolicy.FAIL, ErrorPolicy.DEAD_LETTER);
    assertThat(plan.stages().get(0).source().errors()).isEqualTo(ErrorPolicy.DEAD_LETTER);
  }

  @Test
  void sourceOfItsOwnFields_needsNoDeclaration() {
    StreamTopology topology =
        StreamTopology.builder()
            .source("in", SourceConfig.custom(new Connectors.FakeSource(SCHEMA)).build())
            .transform("f", TransformConfig.filter().withExpression("bytes > 1").build())
            .transform("p", TransformConfig.project().withFields("host").build())
            .sink("out", SinkConfig.custom(new Connectors.FakeSink(null)).build())
            .build();
    assertPlan(
        topology,
        1,
        """
        stage 0, parallelism 1
          source in: custom
            reads (host string, bytes long)
            event time of the source, out of order by 5000 ms
          f: filter bytes > 1
          p: project host
          out: custom
        """);
  }

  @Test
  void everythingWrong_isToldAtOnce() {
    StreamTopology topology =
        StreamTopology.builder()
            .source("a", SourceConfig.connector("lgo").build())
            .source("b", SourceConfig.connector("log").with("paht", "x").build())
            .source("c", SourceConfig.custom(new BoundSource() {}).build())
            .transform("key", TransformConfig.keyBy(), "a", "b", "c")
            .sink("out", SinkConfig.connector("nowhere").build())
            .build();
    assertThatThrownBy(() -> Connectors.PLANNER.plan(topology, job(1)))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e ->
                assertThat(e.diagnostics())
                    .extracting(d -> d.code() + " " + d.place())
                    .containsExactlyInAnyOrder(
                        "FLX-TOPO-0021 node 'key'.fields",
                        "FLX-CONN-0001 node 'a'",
                        "FLX-CONN-0002 node 'b'.paht",
                        "FLX-PLAN-0003 node 'c'",
                        "FLX-CONN-0001 node 'out'"));
    assertThat(Connectors.PLANNER.validate(topology, job(1))).hasSize(5);
  }

  @Test
  void eventTimeWindow_overASourceWithoutTime() {
    StreamTopology topology =
        StreamTopology.builder()
            .source("log", SourceConfig.connector("plain").withSchema(SCHEMA).build())
            .window("minutes", minutes().build())
            .aggregate("per-host", traffic())
            .sink("out", STORE)
            .build();
    assertThat(Connectors.PLANNER.validate(topology, job(1)))
        .extracting(Diagnostic::toString)
        .containsExactly(
            "FLX-PLAN-0001 at node 'log'.timestampField: a window in event time follows, but the"
                + " events of 'log' carry no time (name the field that holds the time, or give the"
                + " source ingestion time)");
  }

  @Test
  void changelogIntoASinkThatCannotWriteIt() {
    StreamTopology topology =
        log()
            .window("minutes", minutes().withAccumulation(Accumulation.RETRACTING).build())
            .aggregate("per-host", traffic())
            .transform("all", TransformConfig.union())
            .sink("out", SinkConfig.connector("single").build())
            .build();
    assertThat(Connectors.PLANNER.validate(topology, job(1)))
        .extracting(Diagnostic::code)
        .containsExactly("FLX-PLAN-0002");
  }

  @Test
  void sinkThatRefusesItsOptions_isToldWithItsNode() {
    StreamTopology topology =
        log().sink("out", SinkConfig.connector("store").with("path", "/refused").build()).build();
    assertThatThrownBy(() -> Connectors.PLANNER.plan(topology, job(1)))
        .hasMessage("FLX-FAKE-0001 at node 'out'.path: refused");
  }

  private static StreamTopology perHostOf(WatermarkStrategy watermarks) {
    return StreamTopology.builder()
        .source(
            "log",
            SourceConfig.connector("log")
                .withSchema(SCHEMA)
                .withTimestampField("time")
                .withWatermarks(watermarks)
                .build())
        .transform("ok", TransformConfig.filter().withExpression("status < 400").build())
        .window("minutes", minutes().build())
        .aggregate("per-host", traffic())
        .sink("out", STORE)
        .build();
  }

  @Test
  void silenceFallback_makesWindowsNondeterministic_butNotWhatNeedsNoWatermark() {
    WatermarkStrategy watermarks =
        SourceConfig.DEFAULT_WATERMARKS
            .withSilenceFallback(Duration.ofSeconds(10))
            .withAlignment(new WatermarkAlignment("logs", Duration.ofMinutes(1)));
    assertPlan(
        perHostOf(watermarks),
        1,
        """
        stage 0, parallelism 1
          source log: log
            reads (time timestamp_tz, host string, bytes long, status long)
            event time in time, out of order by 5000 ms
            silent for 10s: event time goes on with the clock [not deterministic]
            aligned in group logs: at most 1m ahead of the slowest
          ok: filter status < 400
          per-host: tumbling window size 1m: count(*) as count, sum(bytes) as sum_bytes by host \
        [not deterministic]
          out: store [not deterministic]
        """);
  }

  private static JobConfig asking(DeliveryGuarantee guarantee) {
    return job(1).toBuilder().deliveryGuarantee(guarantee).build();
  }

  @Test
  void deliveryThatAPartCannotPromise_namesThePart() {
    StreamTopology topology = perHost(minutes().build(), traffic());
    assertThatThrownBy(
            () -> Connectors.PLANNER.plan(topology, asking(DeliveryGuarantee.EXACTLY_ONCE)))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e ->
                assertThat(e.diagnostics())
                    .filteredOn(Diagnostic::isError)
                    .extracting(Diagnostic::toString)
                    .containsExactly(
                        "FLX-PLAN-0004 at node 'log': the job asks for delivery exactly once, but"
                            + " source 'log' (log) can promise at least once at most (ask for at"
                            + " least once, or use another connector)",
                        "FLX-PLAN-0004 at node 'out': the job asks for delivery exactly once, but"
                            + " sink 'out' (store) can promise at least once at most (ask for at"
                            + " least once, or use another connector)"));
  }

  @ParameterizedTest
  @CsvSource({
    "once, EXACTLY_ONCE, at most once",
    "once, AT_LEAST_ONCE, at most once",
    "again, EXACTLY_ONCE, at least once",
    "again, AT_LEAST_ONCE,",
    "exact, EXACTLY_ONCE,"
  })
  void sourceThatPromisesLessAsItIsConfigured_isNamed(
      String path, DeliveryGuarantee asked, @Nullable String promised) {
    StreamTopology topology =
        StreamTopology.builder()
            .source(
                "in",
                SourceConfig.connector("replayed").with("path", path).withSchema(SCHEMA).build())
            .sink("out", SinkConfig.connector("transactional").build())
            .build();
    JobConfig job = asking(asked).toBuilder().checkpointInterval(Duration.ofSeconds(1)).build();
    assertThat(Connectors.PLANNER.validate(topology, job))
        .extracting(Diagnostic::toString)
        .hasSize(promised == null ? 0 : 1)
        .allSatisfy(
            found ->
                assertThat(found)
                    .startsWith("FLX-PLAN-0004 at node 'in'")
                    .contains("source 'in' (replayed) can promise " + promised + " at most"));
  }

  @Test
  void sinkThatIsToldToPromiseLess_doesNotTakePartInExactlyOnce() {
    Sink modest =
        new Sink() {
          @Override
          public DeliveryGuarantee guarantee() {
            return DeliveryGuarantee.AT_LEAST_ONCE;
          }

          @Override
          public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
            throw new AssertionError("planning writes nothing");
          }
        };
    StreamTopology topology =
        StreamTopology.builder()
            .source("log", SourceConfig.connector("replayed").withSchema(SCHEMA).build())
            .sink("out", SinkConfig.custom(modest).build())
            .build();
    JobConfig exactly =
        asking(DeliveryGuarantee.EXACTLY_ONCE).toBuilder()
            .checkpointInterval(Duration.ofSeconds(1))
            .build();
    assertThat(Connectors.PLANNER.validate(topology, exactly))
        .extracting(Diagnostic::toString)
        .containsExactly(
            "FLX-PLAN-0004 at node 'out': the job asks for delivery exactly once, but sink 'out'"
                + " (custom) can promise at least once at most (ask for at least once, or"
                + " configure the sink for more)");
  }

  @Test
  void deliveryWithoutCheckpoints_isWorthAWarning() {
    StreamTopology topology = perHost(minutes().build(), traffic());
    JobConfig config = asking(DeliveryGuarantee.AT_LEAST_ONCE);
    assertThat(Connectors.PLANNER.validate(topology, config))
        .extracting(Diagnostic::code)
        .containsExactly("FLX-PLAN-0005");
    JobConfig.Builder careful = config.toBuilder().checkpointInterval(Duration.ofSeconds(1));
    assertThat(Connectors.PLANNER.validate(topology, careful.build())).isEmpty();
  }

  @Test
  void exactlyOnce_belowSomethingThatDependsOnTiming_needsTransactions() {
    JobConfig exactly =
        asking(DeliveryGuarantee.EXACTLY_ONCE).toBuilder()
            .checkpointInterval(Duration.ofSeconds(1))
            .build();
    for (TimeCharacteristic time : TimeCharacteristic.values()) {
      StreamTopology.Builder byTime =
          StreamTopology.builder()
              .source("log", SourceConfig.connector("replayed").withSchema(SCHEMA).build())
              .window("minutes", minutes().withTime(time).build())
              .aggregate("per-host", traffic());
      assertThat(
              Connectors.PLANNER.validate(
                  byTime.sink("out", SinkConfig.connector("idempotent").build()).build(), exactly))
          .extracting(d -> d.code() + " " + d.place())
          .isEqualTo(
              time == TimeCharacteristic.PROCESSING
                  ? List.of("FLX-PLAN-0006 node 'out'")
                  : List.of());
    }
    StreamTopology transactional =
        StreamTopology.builder()
            .source("log", SourceConfig.connector("replayed").withSchema(SCHEMA).build())
            .window("minutes", minutes().withTime(TimeCharacteristic.PROCESSING).build())
            .aggregate("per-host", traffic())
            .sink("out", SinkConfig.connector("transactional").build())
            .build();
    assertThat(Connectors.PLANNER.validate(transactional, exactly)).isEmpty();
    assertThat(Connectors.PLANNER.plan(transactional, job(1)).delivery()).isEqualTo("exactly once");
  }

  @Test
  void explain_saysWhatIsDelivered() {
    StreamTopology topology = perHost(minutes().build(), traffic());
    assertThat(Connectors.PLANNER.plan(topology, job(1)).delivery())
        .isEqualTo("at least once, because of source 'log' (log)");
    assertThat(Connectors.PLANNER.plan(topology, asking(DeliveryGuarantee.AT_MOST_ONCE)).delivery())
        .isEqualTo("at most once, as the job asks");
  }

  @Test
  void plan_knowsTheFieldsOfEachNode() {
    ExecutionPlan plan = Connectors.PLANNER.plan(perHost(minutes().build(), traffic()), job(2));
    assertThat(plan.outputs().keySet()).containsExactly("log", "per-host", "out");
    assertThat(plan.outputs().get("out")).isEqualTo(plan.outputs().get("per-host"));
    assertThat(plan.outputs().get("per-host").fieldNames())
        .containsExactly("host", "window_start", "window_end", "count", "sum_bytes");
  }

  private static StreamTopology.Builder sorted(TransformConfig.Sort sort) {
    return log()
        .transform("sorted", sort)
        .sink("out", STORE)
        .sink("late", SinkConfig.connector("store").with("path", "/late").build(), "sorted.late");
  }

  @Test
  void sort_bringsTheRowsOfAKeyTogether() {
    TransformConfig.Sort sort =
        TransformConfig.sort().withKey("host").thenByDescending("bytes").build();
    assertThat(Connectors.PLANNER.plan(sorted(sort).build(), job(1)).stages()).hasSize(1);
    ExecutionPlan plan = Connectors.PLANNER.plan(sorted(sort).build(), job(3));
    assertThat(plan.stages()).hasSize(2);
    assertThat(PlanPrinter.print(plan)).contains("sorted: sort by event time, bytes desc per host");
    assertThat(plan.edges().get(0).partitioning())
        .isInstanceOf(ExecutionPlan.Partitioning.ByKey.class);
    assertThat(plan.stages().get(1).operators()).allMatch(o -> o.deterministic());
  }

  @Test
  void sortWithoutKey_runsOnOneSubtask() {
    ExecutionPlan plan =
        Connectors.PLANNER.plan(sorted(TransformConfig.sort().build()).build(), job(3));
    assertThat(plan.stages().get(0).parallelism()).isEqualTo(3);
    assertThat(plan.stages().get(1).parallelism()).isEqualTo(1);
  }

  @Test
  void aggregateOfTheSortedKey_needsNoExchangeAfterTheSort() {
    StreamTopology topology =
        log()
            .transform("sorted", TransformConfig.sort().withKey("host").build())
            .window("minutes", minutes().build())
            .aggregate("per-host", traffic())
            .sink("out", STORE)
            .build();
    assertThat(Connectors.PLANNER.plan(topology, job(3)).stages()).hasSize(2);
  }

  @Test
  void sort_overASourceWithoutTime() {
    StreamTopology topology =
        StreamTopology.builder()
            .source("log", SourceConfig.connector("plain").withSchema(SCHEMA).build())
            .transform("sorted", TransformConfig.sort().build())
            .sink("out", STORE)
            .build();
    assertThat(Connectors.PLANNER.validate(topology, job(1)))
        .extracting(Diagnostic::toString)
        .containsExactly(
            "FLX-PLAN-0001 at node 'log'.timestampField: a sort in event time follows, but the"
                + " events of 'log' carry no time (name the field that holds the time, or give the"
                + " source ingestion time)");
  }

  private static StreamTopology shedding(String source, String sink) {
    return StreamTopology.builder()
        .source(
            "log",
            SourceConfig.connector(source)
                .withSchema(SCHEMA)
                .withLoadShedding(LoadShedding.lowestPriority("bytes").withMaxRows(50))
                .build())
        .transform("hosts", TransformConfig.project().withFields("host").build())
        .sink("out", SinkConfig.connector(sink).build())
        .build();
  }

  @Test
  void sourceThatSheds_isAStageOfItsOwn_andNothingBelowIsDeterministic() {
    ExecutionPlan plan = Connectors.PLANNER.plan(shedding("replayed", "transactional"), job(2));
    assertThat(plan.stages().get(0).operators())
        .extracting(ExecutionPlan.PlannedOperator::operatorId)
        .containsExactly("log#out");
    assertThat(plan.edges().get(0).partitioning())
        .isInstanceOf(ExecutionPlan.Partitioning.Forward.class);
    assertThat(plan.stages().get(0).source().schema().fieldNames()).contains("bytes");
    assertThat(plan.stages())
        .allMatch(stage -> stage.operators().stream().noneMatch(o -> o.deterministic()));
    assertThat(PlanPrinter.print(plan))
        .contains("    sheds lowest-priority (bytes) beyond 50 rows a reader\n")
        .contains(
            "delivery: at least once, because of source 'log' (replayed); not at all what"
                + " source 'log' sheds under load");
  }

  @Test
  void sourceThatSheds_cannotPromiseExactlyOnce() {
    JobConfig exactly =
        asking(DeliveryGuarantee.EXACTLY_ONCE).toBuilder()
            .checkpointInterval(Duration.ofSeconds(1))
            .build();
    assertThat(Connectors.PLANNER.validate(shedding("replayed", "transactional"), exactly))
        .extracting(Diagnostic::toString)
        .containsExactly(
            "FLX-PLAN-0009 at node 'log'.loadShedding: the job asks for delivery exactly once, but"
                + " source 'log' (replayed) may shed rows under load, which are then not delivered"
                + " at all (leave out the load shedding, or ask for at least once, which then holds"
                + " for the rows that are not shed)");
    JobConfig atLeast =
        exactly.toBuilder().deliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE).build();
    assertThat(Connectors.PLANNER.validate(shedding("replayed", "transactional"), atLeast))
        .isEmpty();
    assertThat(Connectors.PLANNER.plan(shedding("replayed", "transactional"), atLeast).delivery())
        .isEqualTo("at least once, as the job asks; not at all what source 'log' sheds under load");
  }

  /** The sum of the digits of whole numbers. */
  private record DigitSum(String name) implements AggregateFunction<long[]> {
    @Override
    public DataType resultType(DataType input) {
      if (input.kind() != DataType.Kind.LONG) {
        throw new IllegalArgumentException(name + " takes whole numbers, not " + input);
      }
      return DataType.LONG;
    }

    @Override
    public long[] create() {
      return new long[1];
    }

    @Override
    public long[] accumulate(long[] sum, Object value) {
      for (long rest = value == null ? 0 : Math.abs((Long) value); rest > 0; rest /= 10) {
        sum[0] += rest % 10;
      }
      return sum;
    }

    @Override
    public long[] merge(long[] left, long[] right) {
      left[0] += right[0];
      return left;
    }

    @Override
    public Object result(long[] sum) {
      return sum[0];
    }

    @Override
    public StateSerializer<long[]> serializer() {
      return new StateSerializer<>() {
        @Override
        public String id() {
          return "digits";
        }

        @Override
        public int version() {
          return 1;
        }

        @Override
        public void write(long[] sum, DataOutput out) throws IOException {
          out.writeLong(sum[0]);
        }

        @Override
        public long[] read(DataInput in, int version) throws IOException {
          return new long[] {in.readLong()};
        }
      };
    }
  }

  private static Planner planner(AggregateCatalogue aggregates) {
    return Connectors.planner(aggregates);
  }

  @Test
  void aggregateFunction_isFoundByItsName_andTheTopologyIsPortable() {
    StreamTopology topology =
        perHost(minutes().build(), AggregateConfig.custom("digits", "bytes").build());
    assertThat(topology.boundParts()).isEmpty();
    Planner planner = planner(AggregateCatalogue.EMPTY.with(List.of(new DigitSum("digits"))));
    assertThat(planner.validate(topology, job(1))).isEmpty();
    ExecutionPlan plan = planner.plan(topology, job(2));
    assertThat(plan.outputs().get("out").type(plan.outputs().get("out").ordinal("digits_bytes")))
        .isEqualTo(DataType.LONG);
  }

  @Test
  void aggregateFunctionThatIsNotRegistered_isToldWithTheNearestName() {
    StreamTopology topology =
        perHost(minutes().build(), AggregateConfig.custom("digist", "bytes").build());
    assertThat(
            planner(AggregateCatalogue.EMPTY.with(List.of(new DigitSum("digits"))))
                .validate(topology, job(1)))
        .extracting(d -> d.code() + " " + d.message())
        .containsExactly(
            "FLX-AGG-0003 no aggregate function 'digist' is registered; did you mean 'digits'?"
                + " registered functions are digits");
    assertThat(Connectors.PLANNER.validate(topology, job(1)))
        .extracting(d -> d.code() + " " + d.message())
        .containsExactly("FLX-AGG-0003 no aggregate function 'digist' is registered");
  }

  @Test
  void catalogue_refusesNamesThatAreTakenOrNoWords() {
    AggregateCatalogue one = AggregateCatalogue.EMPTY.with(List.of(new DigitSum("digits")));
    assertThatThrownBy(() -> one.with(List.of(new DigitSum("digits"))))
        .hasMessageContaining("FLX-AGG-0008")
        .hasMessageContaining("'digits' is there already");
    assertThatThrownBy(() -> one.with(List.of(new DigitSum("two words"))))
        .hasMessageContaining("'two words' is not a name for a function");
  }

  @Test
  void sortedRows_haveTheSameFieldsAtAnyParallelism() {
    StreamTopology topology =
        log()
            .transform("sorted", TransformConfig.sort().withKey("host").build())
            .transform("hosts", TransformConfig.project().withFields("host").build())
            .sink("out", SinkConfig.connector("store").with("path", "/out").build())
            .build();
    for (int parallelism : new int[] {1, 3}) {
      assertThat(PlanPrinter.print(Connectors.PLANNER.plan(topology, job(parallelism))))
          .contains("sorted#select: select host\n");
    }
  }

  @Test
  void timestampExpression_isCheckedAndItsFieldsAreRead() {
    StreamTopology topology =
        StreamTopology.builder()
            .source(
                "log",
                SourceConfig.connector("log")
                    .withTimestampExpression("from_epoch_millis(bytes)")
                    .build())
            .window("w", WindowConfig.tumbling().withDuration(Duration.ofMinutes(1)).build())
            .aggregate("n", AggregateConfig.count().build())
            .sink("out", SinkConfig.connector("store").with("path", "/out").build())
            .build();
    assertThat(PlanPrinter.print(Connectors.PLANNER.plan(topology, job(1))))
        .contains("reads (bytes long)", "event time by from_epoch_millis(bytes)");
    StreamTopology wrong =
        StreamTopology.builder()
            .source(
                "log",
                SourceConfig.connector("log")
                    .withSchema(Schema.of(new Field("host", DataType.STRING)))
                    .withTimestampExpression("host")
                    .build())
            .sink("out", SinkConfig.connector("store").with("path", "/out").build())
            .build();
    assertThatThrownBy(() -> Connectors.PLANNER.plan(wrong, job(1)))
        .hasMessageContaining("FLX-TOPO-0023")
        .hasMessageContaining("timestampExpression")
        .hasMessageContaining("string, not a time");
  }
}
