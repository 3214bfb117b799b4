package io.fluxcore.infrastructure.embedded;

import static io.fluxcore.infrastructure.embedded.Jobs.LONG_SECONDS;
import static io.fluxcore.infrastructure.embedded.LiveJobs.T;
import static io.fluxcore.infrastructure.embedded.LiveJobs.await;
import static io.fluxcore.infrastructure.embedded.LiveJobs.fed;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.deadletter.InMemoryDeadLetters;
import io.fluxcore.application.diagnosis.Finding;
import io.fluxcore.application.diagnosis.Finding.Severity;
import io.fluxcore.application.diagnosis.SourceDiagnosis.SplitState;
import io.fluxcore.application.planner.ExecutionPlan.Partitioning;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.StateBackends;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.job.RestartStrategy;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.time.WatermarkAlignment;
import io.fluxcore.domain.time.WatermarkStrategy;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sources that drift apart, on threads. */
@Timeout(value = 2 * LONG_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WatermarkAlignmentTest {
  private static final Duration DRIFT = Duration.ofSeconds(10);

  private final LiveJobs jobs = new LiveJobs();
  private final LiveJobs.Rows sink = new LiveJobs.Rows();
  private final FedSource fast = new FedSource("f").feed("f", T, 1, 1);
  private final FedSource slow = new FedSource("s").feed("s", T, 1, 1);

  @AfterEach
  void endAll() throws InterruptedException {
    for (var job : jobs.service.listJobs()) {
      jobs.end(job.id());
    }
  }

  private static SourceConfig.Builder aligned(FedSource source) {
    return fed(source).withWatermarkAlignment("g", DRIFT, Duration.ZERO);
  }

  private JobId run(SourceConfig.Builder slowSource, JobConfig config) {
    return jobs.run(
        StreamTopology.builder()
            .source("fast", aligned(fast).build())
            .source("slow", slowSource.build())
            .transform("both", TransformConfig.union(), "fast", "slow")
            .window("minutes", WindowConfig.tumbling().withDuration(Duration.ofMinutes(1)).build())
            .aggregate("count", AggregateConfig.count().build())
            .sink("out", SinkConfig.custom(sink).build())
            .build(),
        config);
  }

  /** Both have begun; then the fast one gives a row far ahead. */
  private JobId drift(SourceConfig.Builder slowSource, JobConfig config) {
    JobId id = run(slowSource, config);
    await(() -> read(id, "fast") == 1 && read(id, "slow") == 1);
    fast.feed("f", T + 60_000, 1, 1);
    await(() -> read(id, "fast") == 2);
    await(() -> state(id, "fast") == SplitState.ALIGNING);
    fast.feed("f", T + 120_000, 1, 1);
    return id;
  }

  private JobId drift() {
    return drift(aligned(slow), LiveJobs.config().build());
  }

  private long read(JobId id, String source) {
    return jobs.counts(id, source).rowsIn();
  }

  private SplitState state(JobId id, String source) {
    return jobs.service.diagnose(id).sources().stream()
        .filter(s -> s.operatorId().equals(source))
        .flatMap(s -> s.splits().stream())
        .map(s -> s.state())
        .findFirst()
        .orElse(SplitState.FINISHED);
  }

  @Test
  void sourceThatIsAhead_isNotRead_untilTheSlowOneCatchesUp() {
    JobId id = drift();
    await(() -> jobs.metrics(id, "fast").heldPerMille() > 0);
    assertThat(read(id, "fast")).isEqualTo(2);
    slow.feed("s", T + 49_999, 1, 1); // 1 ms short
    await(() -> read(id, "slow") == 2);
    assertThat(read(id, "fast")).isEqualTo(2);
    slow.feed("s", T + 50_000, 1, 1);
    await(() -> read(id, "fast") == 3);
    await(() -> state(id, "fast") == SplitState.ALIGNING);
    slow.feed("s", T + 300_000, 1, 1);
    await(() -> state(id, "slow") == SplitState.ALIGNING);
    await(() -> state(id, "fast") == SplitState.ACTIVE);
  }

  @Test
  void diagnosis_saysWhoWaitsForWhom() {
    JobId id = drift();
    await(() -> held(id).message().contains("which is at"));
    assertThat(held(id))
        .isEqualTo(
            new Finding(
                "FLX-WHY-0018",
                Severity.INFO,
                "fast",
                "source 'fast' is held back by alignment with source 'slow': at"
                    + " 2026-03-01T12:00:59.999Z, it may be 10 s ahead of split 's', which is at"
                    + " 2026-03-01T11:59:59.999Z",
                "that is as it should be while the slower one catches up"));
    jobs.pass(Duration.ofSeconds(20));
    Finding still = held(id);
    assertThat(still.severity()).isEqualTo(Severity.WARNING);
    assertThat(still.message()).endsWith(", and has been for 20 s");
    assertThat(still.remedy()).contains("idle timeout");
    await(() -> codes(id).contains("FLX-WHY-0010"));
    assertThat(codes(id))
        .as("nobody says that the held one is quiet")
        .doesNotContain("FLX-WHY-0017");
  }

  private List<String> codes(JobId id) {
    return jobs.service.diagnose(id).findings().stream().map(Finding::code).toList();
  }

  private Finding held(JobId id) {
    return jobs.service.diagnose(id).findings().stream()
        .filter(f -> f.code().equals("FLX-WHY-0018"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void idleSource_holdsNobodyBack_andTheHeldOneDoesNotBecomeIdle() {
    JobId id =
        drift(aligned(slow).withIdleTimeout(Duration.ofSeconds(30)), LiveJobs.config().build());
    jobs.pass(Duration.ofSeconds(30));
    await(() -> read(id, "fast") == 3);
    await(() -> state(id, "slow") == SplitState.IDLE);
    slow.feed("s", T + 1, 1, 1); // back, and far behind
    await(() -> state(id, "fast") == SplitState.ALIGNING);
  }

  @Test
  void endedSource_holdsNobodyBack() throws InterruptedException {
    JobId id = drift();
    slow.end();
    await(() -> read(id, "fast") == 3);
    fast.end();
    assertThat(jobs.service.awaitEnd(id, Duration.ofMinutes(1))).isEqualTo(JobStatus.FINISHED);
    assertThat(sink.rows).hasSize(3);
  }

  @Test
  void checkpointsAndStop_areServedWhileHeld() throws InterruptedException {
    JobId id =
        drift(aligned(slow), LiveJobs.config().checkpointInterval(Duration.ofMillis(5)).build());
    long before = jobs.service.getMetrics(id).checkpoints();
    await(() -> jobs.service.getMetrics(id).checkpoints() >= before + 2);
    assertThat(read(id, "fast")).isEqualTo(2);
    assertThat(state(id, "fast")).isEqualTo(SplitState.ALIGNING);
    jobs.service.stopJob(id);
    assertThat(jobs.service.awaitEnd(id, Duration.ofMinutes(1)).isTerminal()).isTrue();
  }

  @Test
  void upgradeWhileHeld_isHeldAgain() {
    JobId id = drift();
    run(aligned(slow), LiveJobs.config().version("2").build());
    await(() -> jobs.service.getJobStatus(id) == JobStatus.RUNNING);
    await(() -> state(id, "fast") == SplitState.ALIGNING);
    assertThat(read(id, "fast")).isEqualTo(2);
    slow.feed("s", T + 50_000, 1, 1);
    await(() -> read(id, "fast") == 3);
  }

  /**
   * Every combination of paces ends with every row counted, and no reader is asked for rows while
   * it is further ahead than it may be.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 1, true, false", "2, 2, true, false", "3, 3, true, false", "4, 1, false, false",
    "5, 2, false, false", "6, 3, false, true", "7, 2, true, true", "8, 3, true, true"
  })
  void randomPaces_keepToTheDrift_andEnd(int seed, int parallelism, boolean holding, boolean fails)
      throws Exception {
    Random random = new Random(seed);
    DriftingSource.Race race = new DriftingSource.Race();
    long rows = 3_000;
    long drift = 500;
    Jobs plan = new Jobs();
    plan.watermarks =
        WatermarkStrategy.monotonous()
            .withMaxFuture(null)
            .withAlignment(new WatermarkAlignment("g", Duration.ofMillis(drift), Duration.ZERO));
    int splits = 0;
    List<Supplier<Operator>> middle = new ArrayList<>();
    AtomicLong failures = new AtomicLong(fails ? 1 : 0);
    middle.add(() -> new Jobs.FailAt(rows / 2, failures));
    for (String name : List.of("a", "b", "c")) {
      long[] paces = new long[1 + random.nextInt(3)];
      for (int i = 0; i < paces.length; i++) {
        paces[i] = 1 + random.nextInt(20);
      }
      splits += paces.length;
      plan.source(
          name, new DriftingSource(name, rows, paces, holding, race, seed), parallelism, middle);
    }
    TransactionalSink counted = new TransactionalSink();
    plan.stage("count", 2, true, List.of(() -> new CountByKey(1), Jobs.sink(counted)));
    for (int from = 0; from < 3; from++) {
      plan.edge(from, 3, new Partitioning.ByKey(new int[] {1}));
    }
    EmbeddedJob job =
        new EmbeddedRuntime(
                new InMemoryDeadLetters(10),
                StateBackends.HEAP_ONLY,
                new EmbeddedSettings(1, Duration.ofSeconds(30)),
                InstantSource.system())
            .start(
                plan.plan(),
                Jobs.id(),
                Jobs.config(parallelism)
                    .checkpointInterval(fails ? Duration.ofMillis(5) : null)
                    .restartStrategy(RestartStrategy.fixedDelay(3, Duration.ZERO))
                    .build(),
                new Jobs.Log());
    JobEnd end = job.end().get(LONG_SECONDS, TimeUnit.SECONDS);
    assertThat(end.kind()).as("seed " + seed).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(failures.get()).isLessThanOrEqualTo(0);
    long total = counted.rows().stream().mapToLong(r -> Long.parseLong(r.split(" ")[1])).sum();
    assertThat(total).isEqualTo(splits * rows);
    assertThat(race.worst.get()).as("seed " + seed).isLessThanOrEqualTo(drift);
  }
}
