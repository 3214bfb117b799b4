package io.fluxcore.application.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.explain.StateEstimates;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.DeduplicateConfig;
import io.fluxcore.domain.topology.JoinConfig;
import io.fluxcore.domain.topology.OrderConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TopNConfig;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Plans of nodes with state of their own kind, and of changelogs. */
class OperatorPlanTest {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("time", DataType.TIMESTAMP_TZ)
          .field("host", DataType.STRING)
          .field("path", DataType.STRING)
          .field("bytes", DataType.LONG)
          .field("status", DataType.LONG)
          .build();

  private static final SinkConfig STORE = SinkConfig.connector("store").build();

  private static SourceConfig.Builder source() {
    return SourceConfig.connector("log").withSchema(SCHEMA).withTimestampField("time");
  }

  private static StreamTopology.Builder log() {
    return StreamTopology.builder().source("log", source().build());
  }

  private static String plan(StreamTopology topology, int parallelism) {
    JobConfig job = JobConfig.builder().name("test").parallelism(parallelism).build();
    String plan = PlanPrinter.print(Connectors.PLANNER.plan(topology, job));
    return plan.substring(0, plan.indexOf("delivery: "));
  }

  private static TopNConfig top(int rows) {
    return TopNConfig.first(rows).orderByDescending("bytes").withKey("host").build();
  }

  @Test
  void joinOfASourceWithItself_getsItsRowsOnBothSides() {
    String plan =
        plan(
            log()
                .join("pairs", JoinConfig.unbounded().withOn("host", "host").build(), "log", "log")
                .transform("hosts", TransformConfig.project().withFields("host").build(), "pairs")
                .sink("out", STORE)
                .build(),
            2);
    assertThat(plan)
        .containsSubsequence("source log", "log#out: pass", "pairs#select: select host");
  }

  @Test
  void rowsOfAKey_areBroughtTogether_withTheFieldsThatAreUsed() {
    assertThat(
            plan(
                log()
                    .transform("top", top(3))
                    .transform("paths", TransformConfig.project().withFields("path").build())
                    .sink("out", STORE)
                    .build(),
                2))
        .isEqualTo(
            """
            stage 0, parallelism 2
              source log: log
                reads (time timestamp_tz, host string, path string, bytes long)
                event time in time, out of order by 5000 ms
              top#select: select host, path, bytes
                → stage 1 top, by key host, (host string, path string, bytes long)
            stage 1, parallelism 2
              top: top 3 by bytes desc per host [not deterministic]
              paths: project path [not deterministic]
              out: store, changes with their kinds [not deterministic]
            """);
  }

  @Test
  void keyAbove_isThatOfTheNode_andHoldsBehindIt() {
    assertThat(
            plan(
                log()
                    .transform("by-host", TransformConfig.keyBy("host"))
                    .transform("once", DeduplicateConfig.last().build())
                    .aggregate("per-host", AggregateConfig.count().build())
                    .sink("out", STORE)
                    .build(),
                2))
        .isEqualTo(
            """
            stage 0, parallelism 2
              source log: log
                reads (time timestamp_tz, host string)
                event time in time, out of order by 5000 ms
              by-host: keyBy host
              once#select: select host
                → stage 1 once, by key host, (host string)
            stage 1, parallelism 2
              once: last row by host
              per-host: count(*) as count by host
              out: store, changes with their kinds
            """);
  }

  @Test
  void withoutKey_allRowsAreOnOneSubtask() {
    assertThat(
            plan(
                log()
                    .aggregate("all", AggregateConfig.count().sum("bytes").build())
                    .sink("out", STORE)
                    .build(),
                2))
        .contains("stage 1, parallelism 1\n  all: count(*) as count, sum(bytes) as sum_bytes");
  }

  @Test
  void upserts_areMadeRetractions_onceForAllThatNeedThem() {
    assertThat(
            plan(
                StreamTopology.builder()
                    .source("log", source().withPrimaryKey("path").build())
                    .transform(
                        "large", TransformConfig.filter().withExpression("bytes > 9").build())
                    .sink("out", STORE)
                    .aggregate(
                        "per-host", AggregateConfig.max("bytes").withGroupBy("host").build(), "log")
                    .sink("hosts", STORE)
                    .build(),
                1))
        .isEqualTo(
            """
            stage 0, parallelism 1
              source log: log
                reads (time timestamp_tz, host string, path string, bytes long, status long)
                event time in time, out of order by 5000 ms
              log#out: pass
              log#normalize: latest row by path
                → large; per-host
              large: filter bytes > 9
              out: store, changes with their kinds
              per-host: max(bytes) as max_bytes by host
              hosts: store, changes with their kinds
            """);
  }

  @Test
  void upserts_areTheTableOfAJoinAsTheyAre() {
    for (JoinConfig.JoinBuilder join : List.of(JoinConfig.table(), JoinConfig.temporal())) {
      assertThat(
              plan(
                  StreamTopology.builder()
                      .source("log", source().build())
                      .source("pages", source().withPrimaryKey("path").build())
                      .join("joined", join.withOn("path").build(), "log", "pages")
                      .sink("out", STORE)
                      .build(),
                  1))
          .contains("joined: ")
          .doesNotContain("normalize");
    }
  }

  @Test
  void upserts_areTakenBackInATableOfAllRows() {
    String plan =
        plan(
            StreamTopology.builder()
                .source("log", source().build())
                .source("pages", source().withPrimaryKey("path").build())
                .join(
                    "joined",
                    JoinConfig.table().withAllRows().withOn("host").build(),
                    "log",
                    "pages")
                .sink("out", STORE)
                .build(),
            1);
    assertThat(plan).contains("joined: ").contains("normalize: latest row by path");
  }

  @Test
  void changes_areRefusedByASinkThatCanOnlyAdd() {
    StreamTopology topology =
        log()
            .aggregate("per-host", AggregateConfig.count().withGroupBy("host").build())
            .sink("out", SinkConfig.connector("single").build())
            .build();
    assertThatThrownBy(() -> plan(topology, 1))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-PLAN-0002")
        .hasMessageContaining("this sink can only add rows");
  }

  @Test
  void ranksPerWindow_onlyAddRows() {
    assertThat(
            plan(
                log()
                    .window(
                        "minutes",
                        WindowConfig.tumbling().withDuration(Duration.ofMinutes(1)).build())
                    .aggregate("hits", AggregateConfig.count().withGroupBy("path").build())
                    .transform(
                        "top",
                        TopNConfig.first(10)
                            .orderByDescending("count")
                            .withRank("rank")
                            .perWindow()
                            .build())
                    .sink("out", SinkConfig.connector("single").build())
                    .build(),
                1))
        .contains("top: top 10 by count desc per window_end with rank as rank\n");
  }

  private static StreamTopology.Builder inOrder() {
    return log()
        .transform("paths", TransformConfig.project().withFields("path", "bytes").build())
        .aggregate("hits", AggregateConfig.count().withGroupBy("path").build())
        .transform("order", OrderConfig.byDescending("count").build());
  }

  @Test
  void allRowsInOrder_areOnOneSubtask_andOnlyAddRows() {
    assertThat(plan(inOrder().sink("out", SinkConfig.connector("single").build()).build(), 2))
        .endsWith(
            """
                → stage 2 order, rebalance, (path string, count long)
            stage 2, parallelism 1
              order: all rows by count desc, at the end [not deterministic]
              out: single [not deterministic]
            """);
  }

  @Test
  void aggregatesThatKeepRows_sayWhatAGroupKeeps() {
    StreamTopology topology =
        log()
            .transform("paths", TransformConfig.project().withFields("path", "bytes").build())
            .aggregate(
                "sizes",
                AggregateConfig.builder()
                    .percentile("bytes", 0.5)
                    .list("path", SortField.descending("bytes"))
                    .build())
            .sink("out", STORE)
            .build();
    PlannedTopology planned =
        Connectors.PLANNER.planned(topology, JobConfig.builder().name("test").build());
    assertThat(StateEstimates.of(planned).warnings())
        .filteredOn(warning -> warning.place().toString().contains("sizes"))
        .extracting(Diagnostic::message)
        .containsExactly(
            "its state grows without bound: one group, with all its rows and its different values");
  }

  @Test
  void allRowsInOrder_ofASourceThatNeverEnds_areWarnedOf() {
    PlannedTopology planned =
        Connectors.PLANNER.planned(
            inOrder().sink("out", STORE).build(), JobConfig.builder().name("test").build());
    assertThat(StateEstimates.of(planned).warnings())
        .filteredOn(warning -> warning.place().toString().contains("order"))
        .extracting(Diagnostic::code)
        .containsExactly("FLX-PLAN-0021", "FLX-PLAN-0020");
    PlannedTopology ending = new PlannedTopology(planned.analysis(), planned.plan(), Set.of("log"));
    assertThat(StateEstimates.of(ending).warnings()).isEmpty();
  }

  @Test
  void allRowsInOrder_withSettingsThatCannotBe_areRefusedAllAtOnce() {
    assertThatThrownBy(
            () ->
                plan(
                    log()
                        .transform(
                            "order",
                            OrderConfig.by("bytes", "bytes", "none").from(0).withMaxRows(0).build())
                        .sink("out", STORE)
                        .build(),
                    1))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e ->
                assertThat(e.diagnostics())
                    .extracting(Diagnostic::code)
                    .contains("FLX-TOPO-0055", "FLX-TOPO-0051", "FLX-TOPO-0020"));
  }
}
