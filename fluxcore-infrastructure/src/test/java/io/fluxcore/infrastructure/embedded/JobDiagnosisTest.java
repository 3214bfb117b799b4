package io.fluxcore.infrastructure.embedded;

import static io.fluxcore.infrastructure.embedded.Jobs.LONG_SECONDS;
import static io.fluxcore.infrastructure.embedded.LiveJobs.START;
import static io.fluxcore.infrastructure.embedded.LiveJobs.T;
import static io.fluxcore.infrastructure.embedded.LiveJobs.await;
import static io.fluxcore.infrastructure.embedded.LiveJobs.fed;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.diagnosis.Finding;
import io.fluxcore.application.diagnosis.Finding.Severity;
import io.fluxcore.application.diagnosis.JobDiagnosis;
import io.fluxcore.application.diagnosis.SourceDiagnosis.SplitDiagnosis;
import io.fluxcore.application.diagnosis.SourceDiagnosis.SplitState;
import io.fluxcore.application.diagnosis.WindowDiagnosis;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.job.RestartStrategy;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each finding on a real job for which it is true. */
@Timeout(value = 2 * LONG_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JobDiagnosisTest {
  private final LiveJobs jobs = new LiveJobs();
  private final LiveJobs.Rows sink = new LiveJobs.Rows();

  @AfterEach
  void endAll() throws InterruptedException {
    for (var job : jobs.service.listJobs()) {
      jobs.end(job.id());
    }
  }

  private StreamTopology.Builder counting(SourceConfig source) {
    return StreamTopology.builder()
        .source("in", source)
        .window("minutes", WindowConfig.tumbling().withDuration(Duration.ofMinutes(1)).build())
        .aggregate("count", AggregateConfig.count().withGroupBy("key").build())
        .sink("out", SinkConfig.custom(sink).build());
  }

  private JobId run(SourceConfig source) {
    return jobs.run(counting(source).build());
  }

  private List<Finding> findings(JobId id) {
    return jobs.service.diagnose(id).findings();
  }

  private WindowDiagnosis window(JobId id) {
    await(() -> jobs.service.diagnose(id).windows().size() == 1);
    return jobs.service.diagnose(id).windows().get(0);
  }

  private SplitDiagnosis split(JobId id, String split) {
    await(() -> splits(id).anyMatch(s -> s.split().equals(split)));
    return splits(id).filter(s -> s.split().equals(split)).findFirst().orElseThrow();
  }

  private Stream<SplitDiagnosis> splits(JobId id) {
    return jobs.service.diagnose(id).sources().stream().flatMap(source -> source.splits().stream());
  }

  private Finding only(JobId id, String code) {
    List<Finding> found = findings(id).stream().filter(f -> f.code().equals(code)).toList();
    assertThat(found).as(() -> findings(id).toString()).hasSize(1);
    return found.get(0);
  }

  private void awaitFinding(JobId id, String code) {
    await(() -> findings(id).stream().anyMatch(f -> f.code().equals(code)));
  }

  private void awaitRows(JobId id, String operator, long rows) {
    await(() -> jobs.counts(id, operator).rowsIn() >= rows);
  }

  @Test
  void sourceWithoutRows() {
    JobId id = run(fed(new FedSource("a", "b")).build());
    await(() -> jobs.service.diagnose(id).sources().get(0).splits().size() == 2);
    assertThat(findings(id))
        .containsExactly(
            new Finding(
                "FLX-WHY-0002",
                Severity.WARNING,
                "in",
                "no rows have been read from source 'in': none of its 2 splits has given one",
                "check that there is data where the source reads, and that it starts at the right"
                    + " place (custom timestamp time)"));
    assertThat(split(id, "a"))
        .isEqualTo(new SplitDiagnosis("a", null, SplitState.ACTIVE, 0, null, START, null));
  }

  @Test
  void sourceWithoutSplits() {
    JobId id = run(fed(new FedSource()).build());
    awaitFinding(id, "FLX-WHY-0002");
    assertThat(only(id, "FLX-WHY-0002").message()).endsWith(": it has no split to read");
  }

  @Test
  void recordsThatAreAllBad() {
    FedSource source = new FedSource("a");
    JobId id = run(fed(source).withErrorPolicy(ErrorPolicy.SKIP).build());
    source.feedBad("a");
    source.feedBad("a");
    await(() -> jobs.counts(id, "in").failed() == 2);
    Finding bad = only(id, "FLX-WHY-0003");
    assertThat(bad.severity()).isEqualTo(Severity.ERROR);
    assertThat(bad.message())
        .isEqualTo(
            "all 2 rows of source 'in' could not be processed; the last error, at"
                + " 2026-03-01T12:00:00Z, is TEST-1: bad on purpose (a@1)");
  }

  @Test
  void filterThatKeepsEverythingOut() {
    FedSource source = new FedSource("a").feed("a", T, 1, 1).feed("a", T, 2, 1);
    JobId id =
        jobs.run(
            StreamTopology.builder()
                .source("in", fed(source).build())
                .transform("big", TransformConfig.filter().withExpression("value > 5").build())
                .sink("out", SinkConfig.custom(sink).build())
                .build());
    await(() -> jobs.counts(id, "big").filtered() == 2);
    assertThat(findings(id))
        .extracting(Finding::code, Finding::operatorId, Finding::message)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "FLX-WHY-0004",
                "big",
                "all 2 rows into 'big' are kept out by it (filter value > 5)"));
  }

  @Test
  void transformThatFailsForEveryRow() {
    FedSource source = new FedSource("a").feed("a", T, 0, 1).feed("a", T, 0, 2);
    JobId id =
        jobs.run(
            StreamTopology.builder()
                .source("in", fed(source).build())
                .transform(
                    "share",
                    TransformConfig.map()
                        .withFunction(
                            e -> {
                              throw new IllegalStateException("no share");
                            },
                            FedSource.SCHEMA)
                        .build())
                .sink("out", SinkConfig.custom(sink).build())
                .build());
    await(() -> jobs.counts(id, "share").failed() == 2);
    assertThat(only(id, "FLX-WHY-0005").message())
        .startsWith("all 2 rows into 'share' could not be processed; the last error")
        .contains("no share");
  }

  @Test
  void rowsThatAreAllLate() {
    FedSource source = new FedSource("a");
    FedSource late = new FedSource("b");
    JobId id =
        jobs.run(
            StreamTopology.builder()
                .source("in", fed(source).build())
                .source("more", fed(late).withIdleTimeout(Duration.ofSeconds(1)).build())
                .transform(
                    "none", TransformConfig.filter().withExpression("value > 5").build(), "in")
                .transform("both", TransformConfig.union(), "none", "more")
                .window(
                    "minutes", WindowConfig.tumbling().withDuration(Duration.ofMinutes(1)).build())
                .aggregate("count", AggregateConfig.count().withGroupBy("key").build())
                .sink("out", SinkConfig.custom(sink).build())
                .build());
    jobs.pass(Duration.ofSeconds(2)); // 'more' is idle
    source.feed("a", T, 1, 1);
    await(() -> Long.valueOf(T - 1).equals(window(id).watermark()));
    late.feed("b", T - 600_000, 1, 1);
    await(() -> jobs.counts(id, "count").late() == 1 && split(id, "b").watermark() != null);
    Finding finding = only(id, "FLX-WHY-0006");
    assertThat(finding.message())
        .isEqualTo(
            "the 1 row into 'count' came too late, by about 10 min: their windows were closed,"
                + " event time has reached 2026-03-01T11:59:59.999Z");
    WindowDiagnosis window = window(id);
    assertThat(window.rowsIn()).isEqualTo(1);
    assertThat(window.late()).isEqualTo(1);
  }

  @Test
  void timestampsThatAreAbsent() {
    FedSource source = new FedSource("a").feed("a", T, 1, 1);
    JobId id = run(SourceConfig.custom(source).build());
    awaitRows(id, "count", 1);
    assertThat(findings(id))
        .filteredOn(f -> f.code().equals("FLX-WHY-0008"))
        .extracting(Finding::message)
        .containsExactly(
            "of source 'in' 1 row was read, but none carries a time, so event time does not begin");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void splitThatHasNeverGivenARow(int parallelism) {
    FedSource source = new FedSource("a", "b").feed("a", T, 1, 1);
    JobId id =
        jobs.run(
            counting(fed(source).build()).build(),
            LiveJobs.config().parallelism(parallelism).build());
    await(() -> split(id, "a").watermark() != null);
    jobs.pass(Duration.ofSeconds(30));
    awaitFinding(id, "FLX-WHY-0009");
    assertThat(only(id, "FLX-WHY-0009").message())
        .isEqualTo(
            "split 'b' of source 'in' has never given a row since it is read"
                + " (2026-03-01T12:00:00Z), so 'count' has no watermark; others are at"
                + " 2026-03-01T11:59:59.999Z");
    assertThat(window(id).heldBackBy())
        .isEqualTo(new WindowDiagnosis.Holder("in", "b", null, START));
    assertThat(window(id).watermark()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void splitThatHoldsTheWatermarkBack_untilItIsIdle(int parallelism) {
    FedSource source = new FedSource("a", "b").feed("a", T, 1, 1).feed("b", T, 1, 1);
    JobId id =
        jobs.run(
            counting(fed(source).withIdleTimeout(Duration.ofMinutes(5)).build()).build(),
            LiveJobs.config().parallelism(parallelism).build());
    await(() -> Long.valueOf(T - 1).equals(window(id).watermark()));
    jobs.pass(Duration.ofSeconds(11));
    source.feed("a", T + 90_000, 1, 1);
    await(() -> Long.valueOf(T + 89_999).equals(split(id, "a").watermark()));
    jobs.pass(Duration.ofMinutes(3));
    Finding held = only(id, "FLX-WHY-0010");
    assertThat(held.message())
        .isEqualTo(
            "the watermark of 'count' is held back by split 'b' of source 'in' since"
                + " 2026-03-01T12:00:00Z, for 3 min: it is at 2026-03-01T11:59:59.999Z, the"
                + " furthest at 2026-03-01T12:01:29.999Z; no rows have come since");
    assertThat(held.remedy()).contains("set an idle timeout");
    WindowDiagnosis window = window(id);
    assertThat(window.heldBackBy()).isEqualTo(new WindowDiagnosis.Holder("in", "b", T - 1, START));
    assertThat(window.nextFiring()).isEqualTo(T + 59_999);
    assertThat(window.pendingWindows()).isPositive();
    assertThat(split(id, "a").lastRowAt()).isEqualTo(START.plusSeconds(11));
    jobs.pass(Duration.ofMinutes(2));
    source.feed("a", T + 90_000, 1, 1);
    await(
        () ->
            split(id, "a").state() == SplitState.ACTIVE
                && split(id, "a").rows() == 3
                && split(id, "b").state() == SplitState.IDLE);
    await(() -> sink.rows.size() == 1);
    assertThat(window(id).heldBackBy().split()).isEqualTo("a");
  }

  @Test
  void eventTimeThatStandsStill_andTheNextFiring() {
    FedSource source = new FedSource("a").feed("a", T, 1, 1);
    JobId id = run(fed(source).build());
    await(() -> window(id).pendingWindows() == 1);
    jobs.pass(Duration.ofSeconds(10));
    assertThat(only(id, "FLX-WHY-0011").message())
        .isEqualTo(
            "event time stands still at 2026-03-01T11:59:59.999Z since 2026-03-01T12:00:00Z, for"
                + " 10 s, and the windows of 'count' wait for it; of split 'a' of source 'in', no"
                + " rows have come since");
    assertThat(only(id, "FLX-WHY-0015").message())
        .isEqualTo(
            "'count' has 1 window open; the next gives its result when the watermark reaches"
                + " 2026-03-01T12:00:59.999Z, 60 s after 2026-03-01T11:59:59.999Z");
  }

  @Test
  void nextFiring_atThePresentPace() {
    FedSource source = new FedSource("a").feed("a", T, 1, 1);
    JobId id = run(fed(source).build());
    await(() -> window(id).pendingWindows() == 1);
    jobs.pass(Duration.ofSeconds(2));
    await(() -> jobs.service.getMetrics(id).uptime().equals(Duration.ofSeconds(2)));
    source.feed("a", T + 20_000, 1, 1);
    await(() -> Long.valueOf(T + 19_999).equals(window(id).watermark()));
    jobs.pass(Duration.ofSeconds(2));
    source.feed("a", T + 40_000, 1, 1);
    await(() -> Long.valueOf(T + 39_999).equals(window(id).watermark()));
    // Samples were taken at 0 (perhaps before the first watermark), 2 and 4 s.
    assertThat(only(id, "FLX-WHY-0015").message()).contains("20 s after", "in about ");
  }

  @Test
  void eventTimeAheadOfTheClock() {
    FedSource source = new FedSource("a").feed("a", T + 7_200_000, 1, 1);
    JobId id = run(fed(source).build());
    await(() -> window(id).watermark() != null);
    assertThat(only(id, "FLX-WHY-0012").message())
        .isEqualTo(
            "event time in 'count' is 2026-03-01T13:59:59.999Z, 120 min ahead of the clock: rows"
                + " with the present time are late");
  }

  @Test
  void eventTimeInSeconds_isFarBehindTheClock() {
    FedSource source = new FedSource("a").feed("a", T / 1000, 1, 1);
    JobId id = run(fed(source).build());
    await(() -> window(id).watermark() != null);
    Finding finding = only(id, "FLX-WHY-0013");
    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
    assertThat(finding.message())
        .startsWith("event time in 'count' is 1970-01-21T")
        .contains("days");
    assertThat(finding.remedy()).contains("milliseconds since 1970, not seconds");
  }

  @Test
  void sinkThatIsTooSlow() {
    FedSource source = new FedSource("a");
    CountDownLatch gate = new CountDownLatch(1);
    sink.gate = gate;
    JobId id =
        jobs.run(
            StreamTopology.builder()
                .source("in", fed(source).build())
                .sink("out", SinkConfig.custom(sink).withParallelism(2).build())
                .build());
    for (int i = 0; i < 2_000; i++) {
      source.feed("a", T + i, 1, 1);
    }
    int[] fed = {2_000};
    await(
        () -> {
          source.feed("a", T + fed[0]++, 1, 1);
          return jobs.metrics(id, "in").backPressuredPerMille() >= 900;
        });
    assertThat(only(id, "FLX-WHY-0014").message()).startsWith("rows wait for sink 'out': ");
    sink.gate = null;
    gate.countDown();
  }

  @Test
  void rowsLostOnTheWay_areTold() {
    FedSource source =
        new FedSource("a").feed("a", T, 1, 1).feed("a", T + 120_000, 1, 1).feed("a", T + 10, 1, 1);
    JobId id = run(fed(source).build());
    await(() -> window(id).rowsIn() == 3);
    await(() -> window(id).watermark() != null);
    source.feed("a", T + 5, 1, 1);
    source.feed("a", Long.MIN_VALUE + 1, 1, 1);
    await(() -> window(id).rowsIn() == 5 && window(id).late() + window(id).failed() == 2);
    WindowDiagnosis window = window(id);
    assertThat(window.late()).isEqualTo(1);
    assertThat(window.failed()).isEqualTo(1);
    jobs.pass(Duration.ofSeconds(10));
    assertThat(jobs.service.getMetrics(id).uptime()).isEqualTo(Duration.ofSeconds(10));
    jobs.pass(Duration.ofSeconds(10)); // the rate is that of the last ten
    assertThat(only(id, "FLX-WHY-0016").message())
        .startsWith("of 5 rows into 'count': 1 late, 1 failed; the last error")
        .contains("FLX-WINDOW-0001");
  }

  @Test
  void sourceThatHasGoneQuiet() {
    FedSource source = new FedSource("a").feed("a", T, 1, 1);
    JobId id =
        jobs.run(
            StreamTopology.builder()
                .source("in", fed(source).build())
                .sink("out", SinkConfig.custom(sink).build())
                .build());
    await(() -> sink.rows.size() == 1);
    jobs.pass(Duration.ofSeconds(20));
    assertThat(jobs.service.getMetrics(id).uptime()).isEqualTo(Duration.ofSeconds(20));
    jobs.pass(Duration.ofSeconds(10));
    assertThat(findings(id))
        .extracting(Finding::message)
        .containsExactly("source 'in' has given no row since 2026-03-01T12:00:00Z, for 30 s");
  }

  @Test
  void resultsThatFlow_needNoFinding() {
    FedSource source = new FedSource("a");
    JobId id = run(fed(source).build());
    jobs.pass(Duration.ofSeconds(2));
    await(() -> !jobs.service.getMetrics(id).uptime().isZero());
    source.feed("a", T - 3_600_000, 1, 1).feed("a", T, 1, 1);
    await(() -> sink.rows.size() == 1);
    await(() -> jobs.metrics(id, "out").rowsInPerSecond() > 0);
    assertThat(findings(id)).isEmpty();
  }

  @Test
  void windowsByTheClock_waitForTheClock() {
    FedSource source = new FedSource("a").feed("a", T, 1, 1);
    JobId id =
        jobs.run(
            StreamTopology.builder()
                .source("in", fed(source).withTime(TimeCharacteristic.PROCESSING).build())
                .window(
                    "minutes",
                    WindowConfig.tumbling()
                        .withDuration(Duration.ofMinutes(1))
                        .withTime(TimeCharacteristic.PROCESSING)
                        .build())
                .aggregate("count", AggregateConfig.count().withGroupBy("key").build())
                .sink("out", SinkConfig.custom(sink).build())
                .build());
    await(() -> window(id).pendingWindows() == 1);
    assertThat(findings(id)).extracting(Finding::code).containsExactly("FLX-WHY-0015");
    assertThat(only(id, "FLX-WHY-0015").message())
        .contains("when the clock reaches 2026-03-01T12:00:59.999Z");
    assertThat(window(id).heldBackBy()).isNull();
    jobs.pass(Duration.ofMinutes(1));
    await(() -> sink.rows.size() == 1);
  }

  @Test
  void finishedAndFailedJobs_sayTheirEnd() throws InterruptedException {
    FedSource source = new FedSource("a").feed("a", T, 1, 1);
    source.end();
    JobId id = run(fed(source).build());
    assertThat(jobs.service.awaitEnd(id, Duration.ofMinutes(1))).isEqualTo(JobStatus.FINISHED);
    assertThat(findings(id)).extracting(Finding::code).containsExactly("FLX-WHY-0001");
    JobDiagnosis over = jobs.service.diagnose(id);
    assertThat(over.sources().get(0).splits().get(0).state()).isEqualTo(SplitState.FINISHED);

    FedSource broken = new FedSource("a");
    broken.feedBad("a");
    JobId failing =
        jobs.run(
            counting(fed(broken).withErrorPolicy(ErrorPolicy.FAIL).build()).build(),
            LiveJobs.config()
                .name("failing")
                .restartStrategy(RestartStrategy.fixedDelay(9, Duration.ofHours(1)))
                .build());
    await(() -> jobs.service.getJobStatus(failing) == JobStatus.RESTARTING);
    assertThat(findings(failing).get(0).message())
        .startsWith("the job is restarting because it failed")
        .contains("bad on purpose");
  }
}
