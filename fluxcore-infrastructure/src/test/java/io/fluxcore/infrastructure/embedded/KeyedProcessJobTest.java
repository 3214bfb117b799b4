package io.fluxcore.infrastructure.embedded;

import static io.fluxcore.infrastructure.embedded.Jobs.LONG_SECONDS;
import static io.fluxcore.infrastructure.embedded.LiveJobs.T;
import static io.fluxcore.infrastructure.embedded.LiveJobs.await;
import static io.fluxcore.infrastructure.embedded.LiveJobs.fed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.application.runtime.OperatorMetrics;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.operator.KeyState;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keyed process functions in real jobs, and questions for the state of their keys. */
@Timeout(value = 2 * LONG_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeyedProcessJobTest {
  private static final Schema NEWS =
      Schema.builder().field("key", DataType.LONG).field("value", DataType.LONG).build();
  private static final Schema SILENT = Schema.builder().field("key", DataType.LONG).build();
  private static final long MINUTE = 60_000;

  private final LiveJobs jobs = new LiveJobs();
  private final LiveJobs.Rows news = new LiveJobs.Rows();
  private final LiveJobs.Rows silent = new LiveJobs.Rows();
  private final FedSource source = new FedSource("a");

  @AfterEach
  void endAll() throws InterruptedException {
    for (var job : jobs.service.listJobs()) {
      jobs.end(job.id());
    }
  }

  private StreamTopology topology() {
    return StreamTopology.builder()
        .source("in", fed(source).build())
        .transform(
            "watch",
            TransformConfig.process()
                .withKeyBy("key")
                .withFunction(new SilenceWatch())
                .withSchema(NEWS)
                .withSideOutput("silent", SILENT)
                .build())
        .sink("news", SinkConfig.custom(news).build(), "watch")
        .sink("silences", SinkConfig.custom(silent).build(), "watch.silent")
        .build();
  }

  @Test
  void page_showsTheLinesOfTheExample() throws IOException {
    List<String> example =
        Files.readAllLines(
            Path.of("src/test/java/io/fluxcore/infrastructure/embedded/SilenceWatch.java"));
    List<String> page = Files.readAllLines(Path.of("../docs/process-functions.md"));
    int start = page.indexOf("```java");
    List<String> shown =
        page.subList(start + 1, start + 1 + page.subList(start + 1, page.size()).indexOf("```"));
    assertThat(shown)
        .isEqualTo(example.subList(example.indexOf("// page") + 1, example.indexOf("// end")));
  }

  @Test
  void stateOfAKey_isReadWhileTheJobRuns() {
    JobConfig config = LiveJobs.config().parallelism(2).build();
    JobId id = jobs.run(topology(), config);
    for (long key = 0; key < 20; key++) {
      source.feed("a", T, key, 5).feed("a", T + 1, key, 5).feed("a", T + 2, key, key);
    }
    source.feed("a", T + 11 * MINUTE, 99, 0); // ten minutes of silence for all others
    await(() -> silent.rows.size() == 20);
    await(() -> news.rows.size() == 40); // one value of key 5 is the same; 99 has one of its own
    LiveState state = jobs.service.queryState(id, "watch", 7L);
    assertThat(state.restoring()).isFalse();
    assertThat(state.key()).containsExactly("7");
    assertThat(state.states())
        .containsExactly(
            new KeyState("last", "value", null),
            new KeyState("seen", "map", Map.of("5", 2L, "7", 1L)));
    assertThat(jobs.service.queryState(id, "watch", "99").states())
        .contains(new KeyState("last", "value", T + 11 * MINUTE));
    assertThat(jobs.service.queryState(id, "watch", 1_000L).states())
        .contains(new KeyState("seen", "map", Map.of()));

    await(() -> jobs.metrics(id, "watch").state().firedTimers() == 20);
    OperatorMetrics metrics = jobs.metrics(id, "watch");
    assertThat(metrics.state().pendingTimers()).isEqualTo(1);
    assertThat(metrics.state().states()).hasSize(2);
    assertThat(metrics.state().states().get(0).entries()).isEqualTo(1);
    assertThat(metrics.state().states().get(1).entries()).isEqualTo(40);
    assertThat(metrics.state().largestKeys()).isNotEmpty();
    assertThat(metrics.stateBytes()).isPositive();
  }

  @Test
  void questions_thatCannotBeAnswered_sayWhy() {
    JobId id = jobs.run(topology());
    await(() -> !jobs.service.queryState(id, "watch", 1L).restoring());
    assertThatThrownBy(() -> jobs.service.queryState(id, "wach", 1L))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-QUERY-0001")
        .hasMessageContaining("watch");
    assertThatThrownBy(() -> jobs.service.queryState(id, "news", 1L))
        .hasMessageContaining("FLX-QUERY-0002");
    assertThatThrownBy(() -> jobs.service.queryState(id, "watch", "x"))
        .hasMessageContaining("FLX-QUERY-0003");
    assertThatThrownBy(() -> jobs.service.queryState(id, "watch", 1L, 2L))
        .hasMessageContaining("FLX-QUERY-0003");
  }

  @Test
  void openWindows_areReadByGroup() {
    StreamTopology topology =
        StreamTopology.builder()
            .source("in", fed(source).build())
            .window("minute", WindowConfig.tumbling().withDuration(Duration.ofMinutes(1)).build())
            .aggregate("count", AggregateConfig.count().withGroupBy("key").build())
            .sink("out", SinkConfig.custom(news).build())
            .build();
    JobId id = jobs.run(topology);
    source.feed("a", T, 3, 1).feed("a", T + 1, 3, 1).feed("a", T + 2, 4, 1);
    await(() -> jobs.counts(id, "in").rowsOut() == 3 && jobs.counts(id, "count").rowsIn() > 0);
    String start = Instant.ofEpochMilli(T).toString();
    await(
        () ->
            jobs.service
                .queryState(id, "count", 3L)
                .states()
                .equals(
                    List.of(
                        new KeyState("windows", "window", Map.of(start, Map.of("count", 2L))))));
  }

  @Test
  void declarations_thatCannotRun_areTold() {
    StreamTopology topology =
        StreamTopology.builder()
            .source("in", fed(source).build())
            .transform(
                "lost", TransformConfig.process().withFunction("nobody").withSchema(NEWS).build())
            .sink("out", SinkConfig.custom(news).build())
            .build();
    assertThat(jobs.service.validate(topology, LiveJobs.config().build()))
        .extracting(finding -> finding.code())
        .contains("FLX-TOPO-0046", "FLX-TOPO-0048");
  }
}
