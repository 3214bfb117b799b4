package io.fluxcore.infrastructure.embedded;

import static io.fluxcore.infrastructure.embedded.Jobs.LONG_SECONDS;
import static io.fluxcore.infrastructure.embedded.LiveJobs.T;
import static io.fluxcore.infrastructure.embedded.LiveJobs.await;
import static io.fluxcore.infrastructure.embedded.LiveJobs.fed;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.diagnosis.Finding;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows of sources that have fallen silent, at a clock that the test sets. */
@Timeout(value = 2 * LONG_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SilenceFallbackTest {
  private static final Duration FALLBACK = Duration.ofSeconds(10);

  private final LiveJobs jobs = new LiveJobs();
  private final LiveJobs.Rows sink = new LiveJobs.Rows();

  @AfterEach
  void endAll() throws InterruptedException {
    for (var job : jobs.service.listJobs()) {
      jobs.end(job.id());
    }
  }

  private StreamTopology counting(SourceConfig source) {
    return StreamTopology.builder()
        .source("in", source)
        .window("minutes", WindowConfig.tumbling().withDuration(Duration.ofMinutes(1)).build())
        .aggregate("count", AggregateConfig.count().build())
        .sink("out", SinkConfig.custom(sink).build())
        .build();
  }

  private List<String> codes(JobId id) {
    return jobs.service.diagnose(id).findings().stream().map(Finding::code).toList();
  }

  private Long watermark(JobId id) {
    return jobs.service.diagnose(id).windows().stream()
        .map(w -> w.watermark() == null ? Long.valueOf(Long.MIN_VALUE) : w.watermark())
        .findFirst()
        .orElse(Long.MIN_VALUE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void windowsClose_withoutAFurtherEvent_andRowsBehindAreLate(int parallelism) {
    FedSource source = new FedSource("a", "b").feed("a", T, 1, 1);
    JobId id =
        jobs.run(
            counting(fed(source).withSilenceFallback(FALLBACK).build()),
            LiveJobs.config().parallelism(parallelism).build());
    await(() -> jobs.counts(id, "in").rowsIn() == 1);
    jobs.pass(Duration.ofSeconds(9));
    source.feed("b", T + 9_000, 1, 1);
    await(() -> jobs.counts(id, "in").rowsIn() == 2);
    jobs.pass(Duration.ofSeconds(30));
    await(() -> watermark(id) == T + 9_000 - 1 + 30_000);
    assertThat(sink.rows).isEmpty();
    await(() -> List.of("FLX-WHY-0019", "FLX-WHY-0015").containsAll(codes(id)));
    assertThat(jobs.service.diagnose(id).findings())
        .filteredOn(f -> f.code().equals("FLX-WHY-0019"))
        .extracting(Finding::message)
        .containsExactly(
            "source 'in' has given no row since 2026-03-01T12:00:09Z, for 30 s; its event time"
                + " goes on with the clock, since it is silent for longer than 10 s");
    jobs.pass(Duration.ofSeconds(21));
    await(() -> sink.rows.size() == 1);
    assertThat(sink.rows.get(0)).contains("count=2");
    source.feed("a", T + 30_000, 1, 1);
    await(() -> jobs.counts(id, "count").late() == 1);
  }

  @ParameterizedTest
  @CsvSource({"5, 10", "10, 5"})
  void idleAndSilent_inEitherOrder_closeTheWindowsOfASilentJob(int idle, int fallback) {
    FedSource one = new FedSource("a").feed("a", T, 1, 1);
    FedSource other = new FedSource("b").feed("b", T, 1, 1);
    JobId id =
        jobs.run(
            StreamTopology.builder()
                .source(
                    "one",
                    fed(one)
                        .withIdleTimeout(Duration.ofSeconds(idle))
                        .withSilenceFallback(Duration.ofSeconds(fallback))
                        .build())
                .source("other", fed(other).withIdleTimeout(Duration.ofSeconds(5)).build())
                .transform("both", TransformConfig.union(), "one", "other")
                .window(
                    "minutes", WindowConfig.tumbling().withDuration(Duration.ofMinutes(1)).build())
                .aggregate("count", AggregateConfig.count().build())
                .sink("out", SinkConfig.custom(sink).build())
                .build());
    await(() -> jobs.counts(id, "both").rowsIn() == 2);
    jobs.pass(Duration.ofSeconds(61));
    await(() -> sink.rows.size() == 1);
    assertThat(sink.rows.get(0)).contains("count=2");
  }

  @Test
  void sourceThatSpeaks_isNotOvertakenByASilentOne() {
    FedSource silent = new FedSource("a").feed("a", T, 1, 1);
    FedSource speaking = new FedSource("b").feed("b", T, 1, 1);
    JobId id =
        jobs.run(
            StreamTopology.builder()
                .source("silent", fed(silent).withSilenceFallback(FALLBACK).build())
                .source("speaking", fed(speaking).build())
                .transform("both", TransformConfig.union(), "silent", "speaking")
                .window(
                    "minutes", WindowConfig.tumbling().withDuration(Duration.ofMinutes(1)).build())
                .aggregate("count", AggregateConfig.count().build())
                .sink("out", SinkConfig.custom(sink).build())
                .build());
    await(() -> jobs.counts(id, "both").rowsIn() == 2);
    jobs.pass(Duration.ofSeconds(90));
    speaking.feed("b", T + 30_000, 1, 1);
    await(() -> watermark(id) == T + 30_000 - 1);
    assertThat(sink.rows).isEmpty();
    speaking.feed("b", T + 70_000, 1, 1);
    await(() -> sink.rows.size() == 1);
    assertThat(sink.rows.get(0)).contains("count=3");
  }

  @Test
  void upgrade_keepsWhatTheClockHasReached() {
    FedSource source = new FedSource("a").feed("a", T, 1, 1);
    StreamTopology topology = counting(fed(source).withSilenceFallback(FALLBACK).build());
    JobId id = jobs.run(topology);
    await(() -> jobs.counts(id, "in").rowsIn() == 1);
    jobs.pass(Duration.ofSeconds(40));
    await(() -> watermark(id) == T - 1 + 40_000);
    jobs.run(topology, LiveJobs.config().version("2").build());
    await(() -> jobs.service.getJobStatus(id) == JobStatus.RUNNING);
    await(() -> watermark(id) >= T - 1 + 40_000);
    jobs.pass(Duration.ofSeconds(21));
    await(() -> sink.rows.size() == 1);
  }
}
