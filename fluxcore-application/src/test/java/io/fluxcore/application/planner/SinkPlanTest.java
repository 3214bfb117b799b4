package io.fluxcore.application.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TopNConfig;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is put before sinks, so that changes are as they take them. */
class SinkPlanTest {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("time", DataType.TIMESTAMP_TZ)
          .field("host", DataType.STRING)
          .field("path", DataType.STRING)
          .field("bytes", DataType.LONG)
          .build();

  private static SourceConfig.Builder source() {
    return SourceConfig.connector("log").withSchema(SCHEMA).withTimestampField("time");
  }

  private static StreamTopology.Builder hits(String... groupBy) {
    return StreamTopology.builder()
        .source("log", source().build())
        .aggregate("hits", AggregateConfig.count().withGroupBy(groupBy).build());
  }

  private static StreamTopology.Builder upserts() {
    return StreamTopology.builder().source("log", source().withPrimaryKey("path").build());
  }

  private static SinkConfig keyedBy(String fields) {
    return SinkConfig.connector("keyed").with("path", fields).build();
  }

  private static JobConfig job(int parallelism) {
    return JobConfig.builder().name("test").parallelism(parallelism).build();
  }

  /** The operators of a plan and how rows get to other stages, line by line. */
  private static List<String> plan(StreamTopology topology, int parallelism) {
    return PlanPrinter.print(Connectors.PLANNER.plan(topology, job(parallelism)))
        .lines()
        .map(line -> line.strip().replaceAll(" \\{path=[^}]*}", ""))
        .filter(
            line ->
                !line.startsWith("source ")
                    && !line.startsWith("reads ")
                    && !line.startsWith("event time ")
                    && !line.startsWith("delivery: ")
                    && !line.contains("#select"))
        .toList();
  }

  private static List<Diagnostic> findings(StreamTopology topology) {
    return Connectors.PLANNER.validate(topology, job(2));
  }

  @Test
  void changesByTheSinksKey_goDirectly() {
    assertThat(plan(hits("host").sink("out", keyedBy("host")).build(), 2))
        .endsWith(
            "hits: count(*) as count by host",
            "out#upserts: former rows left out, the new ones replace them by host",
            "out: keyed, upserts by host");
  }

  @Test
  void changesByAPartOfTheSinksKey_goDirectly_withFormerRowsAsDeletions() {
    assertThat(plan(hits("host").sink("out", keyedBy("host,count")).build(), 2))
        .endsWith(
            "hits: count(*) as count by host",
            "out#upserts: former rows as deletions by host, count",
            "out: keyed, upserts by host, count");
  }

  @Test
  void changesByAnotherKey_areMaterialized_onTheSubtaskOfTheSinksKey() {
    assertThat(plan(hits("host", "path").sink("out", keyedBy("path")).build(), 2))
        .endsWith(
            "hits: count(*) as count by host, path",
            "→ stage 2 out#in, by key path, (host string, path string, count long)",
            "stage 2, parallelism 2",
            "out#in: pass",
            "out#materialize: last row standing by path [not deterministic]",
            "out: keyed, upserts by path [not deterministic]");
  }

  @Test
  void changesByAnotherKey_atParallelism1_areMaterialized() {
    assertThat(plan(hits("host").sink("out", keyedBy("count")).build(), 1))
        .endsWith(
            "hits: count(*) as count by host",
            "out#materialize: last row standing by count [not deterministic]",
            "out: keyed, upserts by count [not deterministic]");
  }

  @Test
  void changesOfSeveralStreams_areMaterialized() {
    StreamTopology topology =
        hits("host")
            .aggregate("more", AggregateConfig.count().withGroupBy("host").build(), "log")
            .sink("out", keyedBy("host"), "hits", "more")
            .build();
    assertThat(plan(topology, 1))
        .contains("out#materialize: last row standing by host [not deterministic]");
  }

  @Test
  void rowsThatMayComeToOtherSubtasks_areMaterialized_thoughTheirKeyIsTheSinks() {
    StreamTopology topology =
        hits("host")
            .transform("by-count", TransformConfig.keyBy("count"))
            .transform("few", TransformConfig.filter().withExpression("count < 9").build())
            .sink("out", keyedBy("host"))
            .build();
    assertThat(plan(topology, 2))
        .contains("out#materialize: last row standing by host [not deterministic]");
  }

  @Test
  void topOfRanks_isNamedByKeyAndRank() {
    StreamTopology topology =
        hits("host", "path")
            .transform(
                "top",
                TopNConfig.first(3)
                    .orderByDescending("count")
                    .withKey("host")
                    .withRank("rank")
                    .build())
            .sink("out", keyedBy("host,rank"))
            .build();
    assertThat(plan(topology, 2))
        .endsWith(
            "out#upserts: former rows left out, the new ones replace them by host, rank [not"
                + " deterministic]",
            "out: keyed, upserts by host, rank [not deterministic]");
  }

  @Test
  void upserts_bySinksKey_goDirectly() {
    assertThat(plan(upserts().sink("out", keyedBy("path")).build(), 2))
        .endsWith(
            "out#upserts: former rows left out, the new ones replace them by path",
            "out: keyed, upserts by path");
  }

  @Test
  void upserts_byAPartOfTheSinksKey_areNormalised_sinceTheOtherPartMayChange() {
    assertThat(plan(upserts().sink("out", keyedBy("host,path")).build(), 1))
        .endsWith(
            "log#normalize: latest row by path",
            "out#upserts: former rows as deletions by host, path",
            "out: keyed, upserts by host, path");
  }

  @Test
  void upserts_byAnotherKey_areNormalised_andMaterialized() {
    assertThat(plan(upserts().sink("out", keyedBy("host")).build(), 1))
        .endsWith(
            "log#normalize: latest row by path",
            "out#materialize: last row standing by host [not deterministic]",
            "out: keyed, upserts by host [not deterministic]");
  }

  @Test
  void upserts_areNormalised_forASinkThatWritesKinds() {
    assertThat(plan(upserts().sink("out", SinkConfig.connector("store").build()).build(), 1))
        .endsWith("log#normalize: latest row by path", "out: store, changes with their kinds");
  }

  @Test
  void otherParallelismOfTheSink_keepsTheRowsOfAKeyTogether() {
    SinkConfig single =
        SinkConfig.connector("keyed").with("path", "path").withParallelism(3).build();
    assertThat(plan(upserts().sink("out", single).build(), 2))
        .contains("→ stage 1 out#in, by key path, " + SCHEMA);
  }

  @Test
  void rowsThatOnlyAdd_goDirectly() {
    StreamTopology topology =
        StreamTopology.builder()
            .source("log", source().build())
            .sink("out", keyedBy("host"))
            .build();
    assertThat(plan(topology, 2)).endsWith("out: keyed, upserts by host");
    assertThat(plan(topology, 2).toString()).doesNotContain("#");
  }

  @Test
  void keyOfTheRows_isHandedOver_whereTheSinkNamesNone() {
    SinkConfig keyed = SinkConfig.connector("keyed").build();
    assertThat(plan(hits("host").sink("out", keyed).build(), 1))
        .endsWith("out: keyed, upserts by host");
    StreamTopology windowed =
        StreamTopology.builder()
            .source("log", source().build())
            .window("minutes", WindowConfig.tumbling().withDuration(Duration.ofMinutes(1)).build())
            .aggregate("hits", AggregateConfig.count().withGroupBy("host").build())
            .sink("out", keyed)
            .build();
    assertThat(plan(windowed, 1)).endsWith("out: keyed, upserts by host, window_start, window_end");
  }

  @Test
  void sinkThatOnlyAdds_asItIsConfigured_isToldTheKey() {
    StreamTopology topology =
        hits("host")
            .transform("count", TransformConfig.project().withFields("count").build())
            .sink("out", SinkConfig.connector("keyed").build())
            .build();
    assertThat(findings(topology))
        .extracting(Diagnostic::toString)
        .containsExactly(
            "FLX-PLAN-0002 at node 'out': rows are changed and taken back above, and as it is"
                + " configured, this sink can only add rows (configure it, as the page of its"
                + " connector says, or use a sink that writes changes, by a key or with their kinds"
                + " (nothing is known to name a row: where fields do, write by these as key); or"
                + " give it a stream that only adds rows: of a window, one without 'retracting')");
    assertThat(findings(hits("host").sink("out", SinkConfig.connector("single").build()).build()))
        .extracting(Diagnostic::message)
        .containsExactly("rows are changed and taken back above, and this sink can only add rows");
  }
}
