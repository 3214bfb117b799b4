package io.fluxcore.infrastructure.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.diagnosis.Finding;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.job.RestartStrategy;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.shedding.LoadShedding;
import io.fluxcore.domain.shedding.SheddingPolicy;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sources that shed, before a sink that is shut for a while. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoadSheddingTest {
  private static final int MAX_ROWS = 300;

  private final LiveJobs jobs = new LiveJobs();
  private final FedSource source = new FedSource("a", "b");
  private final LiveJobs.Rows sink = new LiveJobs.Rows();
  private final CountDownLatch gate = new CountDownLatch(1);
  private long fed;
  private boolean alternating = true;

  private static LoadShedding shedding(SheddingPolicy policy) {
    String field = policy == SheddingPolicy.LOWEST_PRIORITY ? "key" : null;
    return new LoadShedding(policy, MAX_ROWS, field, 0);
  }

  private StreamTopology topology(LoadShedding shedding) {
    return StreamTopology.builder()
        .source("in", LiveJobs.fed(source).withLoadShedding(shedding).build())
        .sink("out", SinkConfig.custom(sink).build())
        .build();
  }

  /** Rows with numbers from 0; the key is 9 for one of ten, else 0. */
  private void feed(int rows) {
    for (int i = 0; i < rows; i++) {
      source.feed(
          alternating && fed % 2 == 0 ? "b" : "a", LiveJobs.T + fed, fed % 10 == 0 ? 9 : 0, fed);
      fed++;
    }
  }

  /** Feeds until rows have been shed, and some more. */
  private JobId overload(StreamTopology topology, JobConfig config) throws InterruptedException {
    sink.gate = gate;
    JobId id = jobs.run(topology, config);
    feed(10);
    assertThat(sink.blocked.await(1, TimeUnit.MINUTES)).isTrue();
    while (jobs.counts(id, "in").dropped() == 0) {
      feed(100);
    }
    feed(2_000);
    LiveJobs.await(() -> isRead(jobs.counts(id, "in")));
    return id;
  }

  /** All rows are in, and those are held that may be. */
  private boolean isRead(Ledger.Counts counts) {
    return counts.rowsIn() == fed && counts.accepted() - counts.rowsOut() == MAX_ROWS;
  }

  private List<Long> numbers() {
    return sink.rows.stream()
        .map(row -> Long.parseLong(row.replaceAll("(?s).*value=(\\d+).*", "$1")))
        .toList();
  }

  private void assertBalanced(JobId id) {
    Ledger.Counts counts = jobs.counts(id, "in");
    assertThat(counts.rowsIn()).isEqualTo(fed);
    assertThat(counts.rowsOut() + counts.dropped()).isEqualTo(fed);
    assertThat(counts.accepted()).isEqualTo(counts.rowsOut());
    assertThat(jobs.counts(id, "out").rowsIn()).isEqualTo(counts.rowsOut());
  }

  @ParameterizedTest
  @EnumSource(SheddingPolicy.class)
  void blockedSink_costsTheRowsOfThePolicy_andEachIsCounted(SheddingPolicy policy)
      throws Exception {
    alternating = false; // the order of reading is that of the numbers
    JobId id = overload(topology(shedding(policy)), LiveJobs.config().build());
    Ledger.Counts before = jobs.counts(id, "in");
    assertThat(before.droppedBy().of(policy)).isEqualTo(before.dropped()).isPositive();
    assertThat(jobs.service.diagnose(id).findings())
        .extracting(Finding::message)
        .anyMatch(message -> message.contains("dropped by load shedding (" + policy.word() + ")"));
    gate.countDown();
    source.end();
    assertThat(jobs.service.awaitEnd(id, Duration.ofMinutes(1))).isEqualTo(JobStatus.FINISHED);
    assertBalanced(id);
    assertThat(jobs.counts(id, "in").droppedBy()).isEqualTo(before.droppedBy());
    List<Long> left = numbers();
    assertThat(left).doesNotHaveDuplicates().hasSize((int) before.accepted());
    switch (policy) {
      case OLDEST ->
          assertThat(left).containsAll(LongStream.range(fed - MAX_ROWS, fed).boxed().toList());
      case LOWEST_PRIORITY ->
          assertThat(left)
              .containsAll(
                  LongStream.range(fed - 2_000, fed).filter(n -> n % 10 == 0).boxed().toList());
      case SAMPLE -> {
        long late = left.stream().filter(n -> n >= fed - 1_000).count();
        assertThat(late).isBetween(10L, (long) MAX_ROWS - 10);
      }
    }
  }

  @Test
  void sinkThatTakesAll_costsNothing() throws Exception {
    JobId id = jobs.run(topology(shedding(SheddingPolicy.OLDEST)));
    for (int round = 0; round < 20; round++) {
      feed(MAX_ROWS / 2);
      LiveJobs.await(() -> sink.rows.size() == fed);
    }
    source.end();
    assertThat(jobs.service.awaitEnd(id, Duration.ofMinutes(1))).isEqualTo(JobStatus.FINISHED);
    assertBalanced(id);
    assertThat(jobs.counts(id, "in").dropped()).isZero();
    assertThat(numbers())
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, fed).boxed().toList());
  }

  /** What is held when the first version stops is read again by the second. */
  @ParameterizedTest
  @EnumSource(SheddingPolicy.class)
  void upgradeUnderLoad_losesAndDoublesNothingThatWasNotShed(SheddingPolicy policy)
      throws Exception {
    overload(topology(shedding(policy)), LiveJobs.config().version("1").build());
    Thread opener = new Thread(gate::countDown);
    opener.start();
    JobId second =
        jobs.service.submitJob(topology(shedding(policy)), LiveJobs.config().version("2").build());
    opener.join();
    source.end();
    assertThat(jobs.service.awaitEnd(second, Duration.ofMinutes(1))).isEqualTo(JobStatus.FINISHED);
    Ledger.Counts counts = jobs.counts(second, "in");
    assertThat(counts.rowsIn()).isEqualTo(fed);
    assertThat(counts.rowsOut() + counts.dropped()).isEqualTo(fed);
    assertThat(numbers()).doesNotHaveDuplicates().hasSize((int) counts.rowsOut());
  }

  /** After a failure rows are read again from the last checkpoint, shed or not. */
  @Test
  void failureUnderLoad_keepsTheAccountsExact() throws Exception {
    AtomicBoolean fails = new AtomicBoolean();
    StreamTopology topology =
        StreamTopology.builder()
            .source(
                "in",
                LiveJobs.fed(source).withLoadShedding(shedding(SheddingPolicy.SAMPLE)).build())
            .transform(
                "fragile",
                TransformConfig.filter()
                    .withPredicate(
                        event -> {
                          if (fails.compareAndSet(true, false)) {
                            throw new IllegalStateException("on purpose");
                          }
                          return true;
                        })
                    .withErrorPolicy(ErrorPolicy.FAIL)
                    .build())
            .sink("out", SinkConfig.custom(sink).build())
            .build();
    JobConfig config =
        LiveJobs.config()
            .checkpointInterval(Duration.ofMillis(5))
            .restartStrategy(RestartStrategy.fixedDelay(5, Duration.ZERO))
            .build();
    JobId id = overload(topology, config);
    fails.set(true);
    gate.countDown();
    LiveJobs.await(() -> jobs.service.getMetrics(id).restarts() > 0);
    feed(500);
    source.end();
    assertThat(jobs.service.awaitEnd(id, Duration.ofMinutes(1))).isEqualTo(JobStatus.FINISHED);
    Ledger.Counts counts = jobs.counts(id, "in");
    assertThat(counts.rowsIn()).isEqualTo(fed);
    assertThat(counts.accepted() + counts.dropped()).isEqualTo(fed);
    assertThat(new HashSet<>(numbers()).size()).isGreaterThanOrEqualTo((int) counts.accepted());
  }
}
