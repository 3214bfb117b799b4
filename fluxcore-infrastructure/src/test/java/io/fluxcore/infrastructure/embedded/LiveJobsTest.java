package io.fluxcore.infrastructure.embedded;

import static io.fluxcore.infrastructure.embedded.Jobs.LONG_SECONDS;
import static io.fluxcore.infrastructure.embedded.LiveJobs.T;
import static io.fluxcore.infrastructure.embedded.LiveJobs.await;
import static io.fluxcore.infrastructure.embedded.LiveJobs.fed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.results.ResultRow;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.application.results.SubscribeOptions;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.job.RestartStrategy;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readings of results, upgrades and rates of real jobs. */
@Timeout(value = 2 * LONG_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LiveJobsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(LONG_SECONDS);

  private final LiveJobs jobs = new LiveJobs();
  private final LiveJobs.Rows sink = new LiveJobs.Rows();

  @AfterEach
  void endAll() throws InterruptedException {
    for (var job : jobs.service.listJobs()) {
      jobs.end(job.id());
    }
  }

  // Results

  private StreamTopology passing(FedSource source, int sinks) {
    return StreamTopology.builder()
        .source("in", fed(source).build())
        .transform("small", TransformConfig.filter().withExpression("value < 1000000").build())
        .sink("out", SinkConfig.custom(sink).withParallelism(sinks).build())
        .build();
  }

  private static List<Long> values(List<ResultRow> rows) {
    return rows.stream().map(row -> row.row().getLong("value")).toList();
  }

  private static List<ResultRow> read(ResultSubscription reading, int count)
      throws InterruptedException {
    List<ResultRow> rows = new ArrayList<>();
    while (rows.size() < count) {
      rows.addAll(reading.poll(count - rows.size(), PATIENCE));
    }
    return rows;
  }

  private static List<Long> numbers(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void latestRowsOfASink_andTheNext_alsoWhenBatchesAreLent(boolean lending) throws Exception {
    FedSource source = new FedSource("a");
    source.lending = lending;
    JobId id = jobs.run(passing(source, 1));
    for (long i = 0; i < 250; i++) {
      source.feed("a", T + i, 1, i);
    }
    await(() -> sink.rows.size() == 250);
    SubscribeOptions latest = SubscribeOptions.of("").withLatest(100);
    try (ResultSubscription reading = jobs.service.subscribe(id, latest);
        ResultSubscription second = jobs.service.subscribe(id, SubscribeOptions.of("out"));
        ResultSubscription filter = jobs.service.subscribe(id, SubscribeOptions.of("small"));
        ResultSubscription in = jobs.service.subscribe(id, SubscribeOptions.of("in"))) {
      List<ResultRow> rows = read(reading, 100);
      assertThat(values(rows)).isEqualTo(numbers(150, 250));
      assertThat(rows).extracting(ResultRow::sequence).isEqualTo(numbers(150, 250));
      assertThat(rows.get(0).row().timestamp()).isEqualTo(T + 150);
      for (long i = 250; i < 300; i++) {
        source.feed("a", T + i, 1, i);
      }
      assertThat(values(read(reading, 50))).isEqualTo(numbers(250, 300));
      assertThat(values(read(second, 50))).isEqualTo(numbers(250, 300));
      assertThat(values(read(filter, 50))).isEqualTo(numbers(250, 300));
      assertThat(values(read(in, 50))).isEqualTo(numbers(250, 300));
      assertThat(reading.missed()).isZero();
      assertThat(reading.poll(10, Duration.ZERO)).isEmpty();
      source.end();
      assertThat(jobs.service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
      assertThat(reading.poll(10, PATIENCE)).isEmpty();
      assertThat(reading.isEnded()).isTrue();
    }
  }

  @Test
  void rowsThatReadersOfASinkMissed_areItsLostRecords() throws Exception {
    LiveJobs.Rows missed = new LiveJobs.Rows();
    JobId id =
        jobs.run(
            StreamTopology.builder()
                .source("in", LiveJobs.fed(new FedSource("a")).build())
                .sink("out", SinkConfig.custom(missed).build())
                .build());
    assertThat(jobs.metrics(id, "out").lostRecords()).isEqualTo(-1);
    missed.lost = 3;
    assertThat(jobs.metrics(id, "out").lostRecords()).isEqualTo(3);
    jobs.end(id);
  }

  @Test
  void slowReader_missesTheOldest_andTheJobGoesOn() throws Exception {
    FedSource source = new FedSource("a");
    JobId id = jobs.run(passing(source, 1));
    ResultSubscription reading = jobs.service.subscribe(id, new SubscribeOptions("out", 0, 30));
    for (long i = 0; i < 500; i++) {
      source.feed("a", T + i, 1, i);
    }
    await(() -> sink.rows.size() == 500);
    assertThat(reading.missed()).isEqualTo(470);
    List<ResultRow> rows = reading.poll(100, PATIENCE);
    assertThat(values(rows)).isEqualTo(numbers(470, 500));
    assertThat(rows.get(0).sequence()).isEqualTo(470);
    reading.close();
    assertThat(reading.isEnded()).isTrue();
    assertThat(reading.poll(1, PATIENCE)).isEmpty();
  }

  @Test
  void parallelSinks_areReadAsOne() throws Exception {
    FedSource source = new FedSource("a", "b", "c");
    JobConfig config = LiveJobs.config().parallelism(3).build();
    JobId id = jobs.run(passing(source, 3), config);
    try (ResultSubscription reading = jobs.service.subscribe(id, SubscribeOptions.of("out"))) {
      for (long i = 0; i < 300; i++) {
        source.feed(i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "c", T + i, 1, i);
      }
      List<ResultRow> rows = read(reading, 300);
      assertThat(values(rows).stream().sorted().toList()).isEqualTo(numbers(0, 300));
      assertThat(rows).extracting(ResultRow::sequence).isEqualTo(numbers(0, 300));
    }
  }

  @Test
  void restart_keepsReadingsAndShowsNoMetricGoingBack() throws Exception {
    FedSource source = new FedSource("a");
    AtomicInteger failures = new AtomicInteger(1);
    StreamTopology topology =
        StreamTopology.builder()
            .source("in", fed(source).build())
            .transform(
                "fragile",
                TransformConfig.filter()
                    .withPredicate(
                        e -> {
                          if (e.getLong("value") == 10 && failures.getAndDecrement() > 0) {
                            throw new AssertionError("failure on purpose");
                          }
                          return true;
                        })
                    .build())
            .sink("out", SinkConfig.custom(sink).build())
            .build();
    JobConfig config =
        LiveJobs.config().restartStrategy(RestartStrategy.fixedDelay(3, Duration.ZERO)).build();
    JobId id = jobs.run(topology, config);
    ResultSubscription reading = jobs.service.subscribe(id, SubscribeOptions.of("out"));
    for (long i = 0; i < 10; i++) {
      source.feed("a", T + i, 1, i);
    }
    await(() -> sink.rows.size() == 10);
    source.feed("a", T + 10, 1, 10);
    await(() -> jobs.service.getMetrics(id).restarts() == 1);
    while (sink.rows.size() < 21) {
      assertThat(jobs.counts(id, "in").rowsIn()).isGreaterThanOrEqualTo(10);
      assertThat(jobs.counts(id, "out").rowsIn()).isGreaterThanOrEqualTo(10);
    }
    assertThat(values(read(reading, 21))).startsWith(0L, 1L).endsWith(9L, 10L); // replayed
  }

  // Rates

  @Test
  void rates_areThoseOfTheLastSeconds() {
    FedSource source = new FedSource("a");
    JobId id = jobs.run(passing(source, 1));
    JobMetrics first = jobs.service.getMetrics(id);
    assertThat(first.rowsInPerSecond()).isZero();
    assertThat(first.runningSince()).isEqualTo(LiveJobs.START);
    for (long i = 0; i < 100; i++) {
      source.feed("a", T + i, 1, i);
    }
    await(() -> jobs.counts(id, "out").rowsIn() == 100);
    assertThat(jobs.metrics(id, "in").rowsInPerSecond()).isZero(); // no time has passed
    jobs.pass(Duration.ofSeconds(4));
    JobMetrics then = jobs.service.getMetrics(id);
    assertThat(then.rowsInPerSecond()).isEqualTo(25);
    assertThat(then.uptime()).isEqualTo(Duration.ofSeconds(4));
    assertThat(jobs.metrics(id, "small").rowsOutPerSecond()).isEqualTo(25);
    assertThat(jobs.metrics(id, "out").rowsOutPerSecond()).isZero();
    jobs.pass(Duration.ofSeconds(6));
    assertThat(jobs.service.getMetrics(id).rowsInPerSecond()).isZero();
  }

  // Upgrades

  private StreamTopology counting(FedSource source, String condition) {
    return StreamTopology.builder()
        .source("in", fed(source).build())
        .transform("some", TransformConfig.filter().withExpression(condition).build())
        .window("minutes", WindowConfig.tumbling().withDuration(Duration.ofMinutes(1)).build())
        .aggregate("count", AggregateConfig.count().withGroupBy("key").build())
        .transform("slim", TransformConfig.project().withFields("key", "count").build())
        .sink("out", SinkConfig.custom(sink).build())
        .build();
  }

  private List<String> results() {
    return sink.rows.stream().map(row -> row.substring(0, row.indexOf('@'))).sorted().toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void upgrade_takesOpenWindowsAlong(int parallelism) throws Exception {
    FedSource source = new FedSource("a", "b");
    JobId id = jobs.run(counting(source, "value >= 0"), LiveJobs.config().parallelism(2).build());
    for (long i = 0; i < 20; i++) {
      source.feed(i % 2 == 0 ? "a" : "b", T + i, i % 4, i);
    }
    await(() -> jobs.counts(id, "some").rowsIn() == 20);
    JobConfig next = LiveJobs.config().version("2").parallelism(parallelism).build();
    assertThat(jobs.service.submitJob(counting(source, "value < 30"), next)).isEqualTo(id);
    assertThat(jobs.service.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
    assertThat(jobs.service.getJob(id).config().version()).isEqualTo("2");
    assertThat(jobs.counts(id, "some").rowsIn()).isEqualTo(20);
    for (long i = 20; i < 40; i++) {
      source.feed(i % 2 == 0 ? "a" : "b", T + i, i % 4, i);
    }
    await(() -> jobs.counts(id, "some").rowsIn() == 40);
    assertThat(sink.rows).isEmpty();
    source.end();
    assertThat(jobs.service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
    assertThat(results())
        .containsExactly(
            "+I{key=0, count=8}", "+I{key=1, count=8}", "+I{key=2, count=7}", "+I{key=3, count=7}");
  }

  @Test
  void upgradeThatCannotStart_leavesTheOldVersionWithItsWindows() throws Exception {
    FedSource source = new FedSource("a");
    JobId id = jobs.run(counting(source, "value >= 0"));
    source.feed("a", T, 1, 1).feed("a", T, 1, 1);
    await(() -> jobs.counts(id, "some").rowsIn() == 2);
    StreamTopology broken =
        StreamTopology.builder()
            .source("in", fed(source).build())
            .window("minutes", WindowConfig.tumbling().withDuration(Duration.ofMinutes(1)).build())
            .aggregate("count", AggregateConfig.count().withGroupBy("key").build())
            .sink(
                "out",
                SinkConfig.custom(
                        (io.fluxcore.application.connector.Sink)
                            (operator, subtask, parallelism) -> {
                              throw new IllegalStateException("no connection");
                            })
                    .build())
            .build();
    JobConfig next =
        LiveJobs.config()
            .version("2")
            .restartStrategy(RestartStrategy.fixedDelay(99, Duration.ofMillis(1)))
            .build();
    assertThatThrownBy(() -> jobs.service.submitJob(broken, next))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("no connection")
        .hasMessageContaining("version 1 goes on with its state");
    await(() -> jobs.service.getJobStatus(id) == JobStatus.RUNNING);
    assertThat(jobs.service.getJob(id).config().version()).isEqualTo("1");
    assertThat(jobs.service.getJob(id).history())
        .anyMatch(JobEvent.UpgradeFailed.class::isInstance);
    source.feed("a", T, 1, 1);
    source.end();
    assertThat(jobs.service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
    assertThat(results()).containsExactly("+I{key=1, count=3}");
  }

  @Test
  void upgrade_keepsReadingsOfNodesThatStay() throws Exception {
    FedSource source = new FedSource("a");
    JobId id = jobs.run(counting(source, "value >= 0"));
    ResultSubscription stays = jobs.service.subscribe(id, SubscribeOptions.of("out"));
    ResultSubscription goes = jobs.service.subscribe(id, SubscribeOptions.of("slim"));
    StreamTopology without =
        StreamTopology.builder()
            .source("in", fed(source).build())
            .window("minutes", WindowConfig.tumbling().withDuration(Duration.ofMinutes(1)).build())
            .aggregate("count", AggregateConfig.count().withGroupBy("key").build())
            .transform("thin", TransformConfig.project().withFields("key", "count").build())
            .sink("out", SinkConfig.custom(sink).build())
            .build();
    jobs.service.submitJob(without, LiveJobs.config().version("2").build());
    assertThat(goes.isEnded()).isTrue();
    source.feed("a", T, 5, 1).end();
    assertThat(stays.poll(10, PATIENCE))
        .extracting(r -> r.row().getLong("key"))
        .containsExactly(5L);
  }
}
