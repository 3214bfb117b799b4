package io.fluxcore.infrastructure.embedded;

import static io.fluxcore.infrastructure.embedded.Jobs.LONG_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.checkpoint.JobCheckpoints;
import io.fluxcore.application.deadletter.InMemoryDeadLetters;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.ExecutionPlan.Partitioning;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobStart;
import io.fluxcore.application.runtime.OperatorMetrics;
import io.fluxcore.application.runtime.StateBackends;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.RestartStrategy;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.time.WatermarkStrategy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 2 * LONG_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EmbeddedRuntimeTest {
  private final InMemoryDeadLetters deadLetters = new InMemoryDeadLetters(1_000);
  private final EmbeddedRuntime runtime = new EmbeddedRuntime(deadLetters);
  private final Jobs.Log log = new Jobs.Log();
  private final TransactionalSink sink = new TransactionalSink();

  private EmbeddedJob start(ExecutionPlan plan, JobConfig.Builder config) {
    return runtime.start(plan, Jobs.id(), config.build(), log);
  }

  private EmbeddedJob start(ExecutionPlan plan, JobConfig config, JobSnapshot from) {
    JobId id = Jobs.id();
    JobCheckpoints checkpoints = CheckpointStorage.inMemory(InstantSource.system()).own(id);
    return runtime.start(JobStart.fresh(plan, id, config, log, checkpoints).from(from));
  }

  private static JobEnd.Kind end(EmbeddedJob job) throws Exception {
    JobEnd end = job.end().get(LONG_SECONDS, TimeUnit.SECONDS);
    if (end.failure() != null && end.kind() != JobEnd.Kind.FAILED) {
      throw new AssertionError(end.failure());
    }
    return end.kind();
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(LONG_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  private static void assertBalanced(EmbeddedJob job) {
    for (EmbeddedJob.EdgeReading edge : job.edges()) {
      assertThat(edge.receivedRows()).as(edge.toString()).isEqualTo(edge.sentRows());
    }
    for (OperatorMetrics operator : job.metrics().operators()) {
      Ledger.Counts c = operator.counts();
      assertThat(c.accepted() + c.late() + c.filtered() + c.failed() + c.dropped())
          .as(operator.operatorId())
          .isEqualTo(c.rowsIn());
    }
  }

  private static OperatorMetrics operator(EmbeddedJob job, String id) {
    return job.metrics().operators().stream()
        .filter(o -> o.operatorId().equals(id))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void boundedJob_finishes_withEveryRowCountedOnce(int parallelism) throws Exception {
    ScriptedSource source = new ScriptedSource(3, 10_000, 97);
    EmbeddedJob job =
        start(Jobs.counting(source, sink, parallelism).plan(), Jobs.config(parallelism));
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(sink.rows()).isEqualTo(Jobs.expectedCounts(source));
    assertThat(log.events).containsExactly("running", "ended FINISHED");
    assertBalanced(job);
    assertThat(job.edges().get(0).sentRows()).isEqualTo(30_000);
    assertThat(operator(job, "source").counts().rowsOut()).isEqualTo(30_000);
    assertThat(operator(job, "count-0").counts().rowsIn()).isEqualTo(30_000);
    assertThat(operator(job, "count-0").watermark()).isEqualTo(Long.MAX_VALUE);
    assertThat(operator(job, "count-1").counts().rowsIn()).isEqualTo(97);
    assertThat(job.metrics().endToEndLatency().count()).isEqualTo(97);
  }

  @Test
  void sourceWithoutSplits_andSourceWithoutRows_finish() throws Exception {
    for (ScriptedSource source :
        List.of(new ScriptedSource(0, 0, 1), new ScriptedSource(2, 0, 1))) {
      EmbeddedJob job = start(Jobs.counting(source, sink, 2).plan(), Jobs.config(2));
      assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
      assertThat(sink.rows()).isEmpty();
      assertBalanced(job);
    }
  }

  @Test
  void fullChannels_loseNothing() throws Exception {
    EmbeddedRuntime tight =
        new EmbeddedRuntime(
            deadLetters,
            StateBackends.HEAP_ONLY,
            new EmbeddedSettings(1, Duration.ofSeconds(30)),
            InstantSource.system());
    ScriptedSource source = new ScriptedSource(4, 20_000, 1_000);
    source.batchRows = 7;
    EmbeddedJob job =
        tight.start(
            Jobs.counting(source, sink, 3).plan(),
            Jobs.id(),
            Jobs.config(3).batchRows(16).build(),
            log);
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(sink.rows()).isEqualTo(Jobs.expectedCounts(source));
    assertBalanced(job);
  }

  @Test
  void slowSink_backPressures_andAfterwardsEverythingIsThere() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    sink.gate = gate;
    ScriptedSource source = new ScriptedSource(2, 200_000, 10);
    source.batchRows = 2_000;
    Jobs jobs =
        new Jobs()
            .source("source", source, 2, List.of(Jobs.Pass::new))
            .stage("write", 1, true, List.of(Jobs.sink(sink)))
            .edge(0, 1, new Partitioning.Rebalance());
    EmbeddedJob job = start(jobs.plan(), Jobs.config(2));
    await(sink.blocked);
    while (job.metrics().operators().get(0).backPressuredPerMille() < 500) {
      Thread.onSpinWait();
    }
    long sent = job.edges().get(0).sentRows();
    assertThat(sent).isLessThan(400_000);
    sink.gate = null;
    gate.countDown();
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(sink.rows()).hasSize(400_000);
    assertBalanced(job);
  }

  @Test
  void cancel_endsAJobThatIsBlockedByItsSink() throws Exception {
    sink.gate = new CountDownLatch(1);
    ScriptedSource source = new ScriptedSource(2, 1_000_000, 10);
    Jobs jobs =
        new Jobs()
            .source("source", source, 2, List.of(Jobs.Pass::new))
            .stage("write", 1, true, List.of(Jobs.sink(sink)))
            .edge(0, 1, new Partitioning.Rebalance());
    EmbeddedJob job = start(jobs.plan(), Jobs.config(2));
    await(sink.blocked);
    job.cancel();
    assertThat(end(job)).isEqualTo(JobEnd.Kind.CANCELLED);
    assertThat(log.events).last().isEqualTo("ended CANCELLED");
    job.cancel();
    job.stop(true);
  }

  @Test
  void cancel_endsAPollThatSleeps_andAPollThatWaits() throws Exception {
    for (boolean sleeping : new boolean[] {true, false}) {
      ScriptedSource source = new ScriptedSource(1, 0, 1);
      source.bounded = false;
      source.sleepInPoll = sleeping;
      EmbeddedJob job = start(Jobs.counting(source, sink, 1).plan(), Jobs.config(1));
      await(source.polled);
      job.cancel();
      assertThat(end(job)).isEqualTo(JobEnd.Kind.CANCELLED);
      assertThat(source.wokenUp.availablePermits()).isPositive();
    }
  }

  @Test
  void stopWithDrain_processesWhatWasRead_andClosesWindows() throws Exception {
    ScriptedSource source = new ScriptedSource(2, 10_000, 10);
    source.hold = new CountDownLatch(1);
    source.holdAfter = 5_000;
    source.bounded = false;
    CountDownLatch seen = new CountDownLatch(10_000);
    EmbeddedJob job =
        start(Jobs.counting(source, sink, 2, () -> new CountRows(seen)).plan(), Jobs.config(2));
    await(seen);
    job.stop(true);
    assertThat(end(job)).isEqualTo(JobEnd.Kind.STOPPED);
    ScriptedSource half = new ScriptedSource(2, 5_000, 10);
    assertThat(sink.rows()).isEqualTo(Jobs.expectedCounts(half));
    assertBalanced(job);
  }

  private record CountRows(CountDownLatch seen) implements Operator {
    @Override
    public void open(OperatorContext context) {}

    @Override
    public void process(int input, EventBatch batch, Output out) {
      out.emit(batch);
      for (int i = 0; i < batch.size(); i++) {
        seen.countDown();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void stopWithoutDrain_keepsState_andAnotherParallelismGoesOn(int next) throws Exception {
    ScriptedSource source = new ScriptedSource(3, 10_000, 97);
    source.hold = new CountDownLatch(1);
    source.holdAfter = 4_000;
    CountDownLatch seen = new CountDownLatch(12_000);
    EmbeddedJob job =
        start(Jobs.counting(source, sink, 2, () -> new CountRows(seen)).plan(), Jobs.config(2));
    await(seen);
    job.stop(false);
    assertThat(end(job)).isEqualTo(JobEnd.Kind.STOPPED);
    assertThat(sink.rows()).isEmpty();
    source.hold.countDown();
    JobSnapshot snapshot = job.lastSnapshot().orElseThrow();
    EmbeddedJob second =
        start(Jobs.counting(source, sink, next).plan(), Jobs.config(next).build(), snapshot);
    assertThat(end(second)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(sink.rows()).isEqualTo(Jobs.expectedCounts(source));
    assertThat(operator(second, "source").counts().rowsIn()).isEqualTo(30_000);
    assertThat(operator(second, "count-0").counts().rowsIn()).isEqualTo(30_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void failure_restartsFromTheLastCheckpoint_exactlyOnce(int parallelism) throws Exception {
    ScriptedSource source = new ScriptedSource(3, 10_000, 97);
    source.hold = new CountDownLatch(1);
    source.holdAfter = 2_000;
    CountDownLatch seen = new CountDownLatch(6_000);
    AtomicLong failures = new AtomicLong(2);
    Jobs jobs =
        new Jobs()
            .source("source", source, parallelism, List.of(() -> new CountRows(seen)))
            .stage(
                "middle", parallelism, false, List.of(() -> new Jobs.FailAt(3 * 7_000, failures)))
            .stage("write", parallelism, true, List.of(Jobs.sink(sink)))
            .edge(0, 1, new Partitioning.ByKey(new int[] {1}))
            .edge(1, 2, new Partitioning.Rebalance());
    EmbeddedJob job =
        start(
            jobs.plan(),
            Jobs.config(parallelism)
                .checkpointInterval(Duration.ofMillis(3))
                .restartStrategy(RestartStrategy.fixedDelay(3, Duration.ofMillis(1))));
    await(seen);
    job.triggerCheckpoint().get(LONG_SECONDS, TimeUnit.SECONDS);
    assertThat(source.completed.get()).isNotNegative();
    source.hold.countDown();
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
    List<String> expected = new ArrayList<>();
    for (long id = 0; id < 30_000; id++) {
      expected.add(id + " " + id % 97 + " ");
    }
    assertThat(sink.rows()).isEqualTo(expected.stream().sorted().toList());
    assertThat(job.metrics().restarts()).isEqualTo(2);
    // An attempt that fails before its last task is open was never running.
    assertThat(log.events.stream().filter(e -> !e.startsWith("checkpoint") && !e.equals("running")))
        .containsExactly(
            "failed middle-0",
            "restarting",
            "starting",
            "failed middle-0",
            "restarting",
            "starting",
            "ended FINISHED");
    assertThat(log.events).first().isEqualTo("running");
    assertThat(operator(job, "write-0").counts().rowsIn()).isEqualTo(30_000);
  }

  @Test
  void failureWithoutCheckpoint_restartsFromTheStart() throws Exception {
    ScriptedSource source = new ScriptedSource(2, 10_000, 10);
    AtomicLong failures = new AtomicLong(1);
    EmbeddedJob job =
        start(
            Jobs.counting(source, sink, 2, () -> new Jobs.FailAt(15_000, failures)).plan(),
            Jobs.config(2).restartStrategy(RestartStrategy.fixedDelay(1, Duration.ZERO)));
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(sink.rows()).isEqualTo(Jobs.expectedCounts(source));
  }

  @Test
  void commitThatFails_isRepeatedAfterTheRestart() throws Exception {
    ScriptedSource source = new ScriptedSource(2, 1_000, 10);
    sink.failingCommits.set(2);
    EmbeddedJob job =
        start(
            Jobs.counting(source, sink, 2).plan(),
            Jobs.config(2).restartStrategy(RestartStrategy.fixedDelay(5, Duration.ZERO)));
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(sink.rows()).isEqualTo(Jobs.expectedCounts(source));
    assertThat(job.metrics().restarts()).isEqualTo(2);
  }

  @Test
  void exhaustedRestartStrategy_failsTheJob() throws Exception {
    ScriptedSource source = new ScriptedSource(2, 1_000, 10);
    EmbeddedJob job =
        start(
            Jobs.counting(source, sink, 2, () -> new Jobs.FailAt(5, new AtomicLong(1_000))).plan(),
            Jobs.config(2).restartStrategy(RestartStrategy.fixedDelay(3, Duration.ZERO)));
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FAILED);
    assertThat(job.end().get().failure()).hasMessageContaining("on purpose at 5");
    assertThat(log.events.stream().filter(e -> e.startsWith("failed"))).hasSize(4);
    assertThat(log.events).last().isEqualTo("ended FAILED");
    assertThatThrownBy(() -> job.triggerCheckpoint().get(LONG_SECONDS, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
  }

  @Test
  void cancelDuringTheRestartDelay_isPrompt() throws Exception {
    ScriptedSource source = new ScriptedSource(1, 1_000, 10);
    EmbeddedJob job =
        start(
            Jobs.counting(source, sink, 1, () -> new Jobs.FailAt(5, new AtomicLong(9))).plan(),
            Jobs.config(1).restartStrategy(RestartStrategy.fixedDelay(3, Duration.ofDays(1))));
    while (!log.events.contains("restarting")) {
      Thread.onSpinWait();
    }
    job.cancel();
    assertThat(end(job)).isEqualTo(JobEnd.Kind.CANCELLED);
  }

  @Test
  void badRecords_areCountedAndKept_orFailTheJob() throws Exception {
    for (ErrorPolicy policy :
        List.of(ErrorPolicy.FAIL, ErrorPolicy.SKIP, ErrorPolicy.DEAD_LETTER)) {
      ScriptedSource source = new ScriptedSource(2, 1_000, 10);
      source.badEvery = 100;
      Jobs jobs = new Jobs();
      jobs.errors = policy;
      jobs.source("source", source, 2, List.of(Jobs.Pass::new))
          .stage("write", 1, true, List.of(Jobs.sink(new TransactionalSink())))
          .edge(0, 1, new Partitioning.Rebalance());
      JobId id = Jobs.id();
      EmbeddedJob job = runtime.start(jobs.plan(), id, Jobs.config(2).build(), log);
      if (policy == ErrorPolicy.FAIL) {
        assertThat(end(job)).isEqualTo(JobEnd.Kind.FAILED);
        assertThat(job.end().get().failure()).hasMessageContaining("@99");
        continue;
      }
      assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
      Ledger.Counts counts = operator(job, "source").counts();
      assertThat(counts.rowsIn()).isEqualTo(2_000);
      assertThat(counts.failed()).isEqualTo(20);
      assertThat(counts.rowsOut()).isEqualTo(1_980);
      assertThat(deadLetters.count(id)).isEqualTo(policy == ErrorPolicy.DEAD_LETTER ? 20 : 0);
      assertBalanced(job);
    }
  }

  @Test
  void absurdTimestamps_areDeadLetters_andMoveNoWatermark() throws Exception {
    ScriptedSource source = new ScriptedSource(1, 1_000, 10);
    EmbeddedRuntime early =
        new EmbeddedRuntime(
            deadLetters,
            StateBackends.HEAP_ONLY,
            EmbeddedSettings.DEFAULT,
            InstantSource.fixed(Instant.ofEpochMilli(500)));
    Jobs jobs = new Jobs();
    jobs.errors = ErrorPolicy.DEAD_LETTER;
    jobs.watermarks = WatermarkStrategy.monotonous().withMaxFuture(Duration.ofMillis(99));
    jobs.source("source", source, 1, List.of(Jobs.sink(sink)));
    JobId id = Jobs.id();
    EmbeddedJob job = early.start(jobs.plan(), id, Jobs.config(1).build(), log);
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(sink.rows()).hasSize(600);
    assertThat(deadLetters.count(id)).isEqualTo(400);
    assertThat(deadLetters.of(id).get(0).original().row().fields()).containsValue(600L);
    assertThat(operator(job, "source").counts().failed()).isEqualTo(400);
  }

  @Test
  void idleSplit_andIdleSource_doNotHoldWatermarksBack() throws Exception {
    ScriptedSource lively = new ScriptedSource(2, 1_000, 10);
    lively.bounded = false;
    lively.silentSplit = 1;
    ScriptedSource silent = new ScriptedSource(0, 0, 1);
    silent.bounded = false;
    WatermarkSpy spy = new WatermarkSpy(1_997);
    Jobs jobs = new Jobs();
    jobs.watermarks = jobs.watermarks.withIdleTimeout(Duration.ofMillis(20));
    jobs.source("lively", lively, 2, List.of(Jobs.Pass::new))
        .source("silent", silent, 2, List.of(Jobs.Pass::new))
        .stage("union", 2, true, List.of(() -> spy))
        .edge(0, 2, new Partitioning.ByKey(new int[] {1}))
        .edge(1, 2, new Partitioning.ByKey(new int[] {1}));
    EmbeddedJob job = start(jobs.plan(), Jobs.config(2));
    await(spy.reached);
    job.cancel();
    assertThat(end(job)).isEqualTo(JobEnd.Kind.CANCELLED);
  }

  /** Opens a latch when both subtasks have seen a watermark. */
  private static final class WatermarkSpy implements Operator {
    final CountDownLatch reached = new CountDownLatch(2);
    private final long watermark;

    WatermarkSpy(long watermark) {
      this.watermark = watermark;
    }

    @Override
    public void open(OperatorContext context) {}

    @Override
    public void process(int input, EventBatch batch, Output out) {}

    @Override
    public void watermark(long newWatermark, Output out) {
      if (newWatermark >= watermark) {
        reached.countDown();
      }
    }
  }

  @Test
  void endOfOneInput_doesNotCloseTheWindowsOfAnotherThatIsIdle() throws Exception {
    ScriptedSource ending = new ScriptedSource(1, 100, 10);
    ScriptedSource waiting = new ScriptedSource(1, 100, 10);
    waiting.hold = new CountDownLatch(1);
    waiting.holdAfter = 50;
    List<Long> watermarks = new CopyOnWriteArrayList<>();
    Operator spy =
        new Operator() {
          @Override
          public void open(OperatorContext context) {}

          @Override
          public void process(int input, EventBatch batch, Output out) {}

          @Override
          public void watermark(long watermark, Output out) {
            watermarks.add(watermark);
          }
        };
    Jobs jobs = new Jobs();
    jobs.watermarks = jobs.watermarks.withIdleTimeout(Duration.ofMillis(10));
    jobs.source("ending", ending, 1, List.of(Jobs.Pass::new))
        .source("waiting", waiting, 1, List.of(Jobs.Pass::new))
        .stage("union", 1, true, List.of(() -> spy))
        .edge(0, 2, new Partitioning.Forward())
        .edge(1, 2, new Partitioning.Forward());
    EmbeddedJob job = start(jobs.plan(), Jobs.config(1));
    while (!log.events.contains("running")
        || operator(job, "ending-0").watermark() != Long.MAX_VALUE
        || operator(job, "waiting-0").watermark() != 48
        || job.edges().get(0).receivedRows() != 100) {
      Thread.onSpinWait();
    }
    assertThat(watermarks).doesNotContain(Long.MAX_VALUE);
    waiting.hold.countDown();
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(watermarks).isSorted().endsWith(Long.MAX_VALUE);
    assertThat(watermarks.get(watermarks.size() - 2)).isEqualTo(98);
  }

  @Test
  void processingTimeSource_hasNoWatermarkUntilItsEnd() throws Exception {
    ScriptedSource source = new ScriptedSource(1, 1_000, 10);
    Jobs jobs = new Jobs();
    jobs.time = TimeCharacteristic.PROCESSING;
    List<Long> watermarks = new CopyOnWriteArrayList<>();
    List<Long> ticks = new CopyOnWriteArrayList<>();
    Operator spy =
        new Operator() {
          @Override
          public void open(OperatorContext context) {}

          @Override
          public void process(int input, EventBatch batch, Output out) {
            assertThat(ticks).isNotEmpty();
          }

          @Override
          public void watermark(long watermark, Output out) {
            watermarks.add(watermark);
          }

          @Override
          public void processingTime(long nowMillis, Output out) {
            ticks.add(nowMillis);
          }
        };
    jobs.source("source", source, 1, List.of(Jobs.Pass::new))
        .stage("spy", 1, true, List.of(() -> spy))
        .edge(0, 1, new Partitioning.Forward());
    assertThat(end(start(jobs.plan(), Jobs.config(1)))).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(watermarks).containsExactly(Long.MAX_VALUE);
    assertThat(ticks).isSorted();
  }

  @Test
  void barrierWaitsForTheSlowChannel_andACheckpointThatTakesTooLongIsGivenUp() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    sink.gate = gate;
    ScriptedSource source = new ScriptedSource(2, 1_000, 10);
    source.bounded = false;
    Jobs jobs =
        new Jobs()
            .source("source", source, 2, List.of(Jobs.Pass::new))
            .stage("write", 1, true, List.of(Jobs.sink(sink)))
            .edge(0, 1, new Partitioning.Rebalance());
    JobConfig.Checkpoints patient =
        new JobConfig.Checkpoints(null, Duration.ofMillis(100), Duration.ZERO, 1_000);
    EmbeddedJob job = start(jobs.plan(), Jobs.config(2).checkpoints(patient));
    await(sink.blocked);
    assertThatThrownBy(() -> job.triggerCheckpoint().get(LONG_SECONDS, TimeUnit.SECONDS))
        .hasCauseInstanceOf(FluxCoreException.class)
        .hasMessageContaining("write-0");
    assertThat(log.events).contains("checkpointFailed");
    sink.gate = null;
    gate.countDown();
    while (sink.written.get() < 2_000) {
      Thread.onSpinWait();
    }
    // The barrier of the given-up checkpoint is still in the channels and must not confuse anyone.
    boolean done = false;
    for (int attempts = 0; !done && attempts < 500; attempts++) {
      try {
        job.triggerCheckpoint().get(LONG_SECONDS, TimeUnit.SECONDS);
        done = true;
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(FluxCoreException.class);
      }
    }
    assertThat(sink.rows()).hasSize(2_000);
    job.cancel();
    assertThat(end(job)).isEqualTo(JobEnd.Kind.CANCELLED);
  }

  @Test
  void checkpoints_goOnWhenASourceHasFinished() throws Exception {
    ScriptedSource ending = new ScriptedSource(1, 1_000, 10);
    ScriptedSource lasting = new ScriptedSource(1, 1_000, 10);
    lasting.hold = new CountDownLatch(1);
    lasting.holdAfter = 500;
    AtomicLong failures = new AtomicLong(1);
    Jobs jobs =
        new Jobs()
            .source("ending", ending, 1, List.of(Jobs.Pass::new))
            .source("lasting", lasting, 1, List.of(() -> new Jobs.FailAt(700, failures)))
            .stage("write", 1, true, List.of(Jobs.sink(sink)))
            .edge(0, 2, new Partitioning.Rebalance())
            .edge(1, 2, new Partitioning.Rebalance());
    EmbeddedJob job =
        start(
            jobs.plan(),
            Jobs.config(1).restartStrategy(RestartStrategy.fixedDelay(1, Duration.ZERO)));
    while (sink.written.get() < 1_500) {
      Thread.onSpinWait();
    }
    job.triggerCheckpoint().get(LONG_SECONDS, TimeUnit.SECONDS);
    assertThat(sink.rows()).hasSize(1_500);
    lasting.hold.countDown();
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(sink.rows()).hasSize(2_000);
    assertThat(job.metrics().restarts()).isEqualTo(1);
  }

  @Test
  void twoJobsAtOnce_doNotMix() throws Exception {
    ScriptedSource a = new ScriptedSource(2, 20_000, 31);
    ScriptedSource b = new ScriptedSource(3, 15_000, 17);
    TransactionalSink other = new TransactionalSink();
    EmbeddedJob first = start(Jobs.counting(a, sink, 2).plan(), Jobs.config(2));
    EmbeddedJob second = start(Jobs.counting(b, other, 3).plan(), Jobs.config(3));
    assertThat(end(first)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(end(second)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(sink.rows()).isEqualTo(Jobs.expectedCounts(a));
    assertThat(other.rows()).isEqualTo(Jobs.expectedCounts(b));
  }

  @Test
  void operatorThatNeedsRoom_isResumed() throws Exception {
    EmbeddedRuntime tight =
        new EmbeddedRuntime(
            deadLetters,
            StateBackends.HEAP_ONLY,
            new EmbeddedSettings(1, Duration.ofSeconds(30)),
            InstantSource.system());
    ScriptedSource source = new ScriptedSource(1, 1_000, 10);
    Jobs jobs =
        new Jobs()
            .source("source", source, 1, List.of(Repeat::new))
            .stage("write", 2, true, List.of(Jobs.sink(sink)))
            .edge(0, 1, new Partitioning.ByKey(new int[] {1}));
    EmbeddedJob job =
        tight.start(jobs.plan(), Jobs.id(), Jobs.config(2).batchRows(10).build(), log);
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(sink.rows()).hasSize(20_000);
    assertBalanced(job);
  }

  /** Emits each batch twenty times, as capacity allows. */
  private static final class Repeat implements Operator {
    private EventBatch batch;
    private int left;

    @Override
    public void open(OperatorContext context) {}

    @Override
    public void process(int input, EventBatch newBatch, Output out) {
      assertThat(left).isZero();
      batch = newBatch;
      left = 20;
      resume(out);
    }

    @Override
    public boolean hasMore() {
      return left > 0;
    }

    @Override
    public void resume(Output out) {
      do {
        out.emit(batch);
        left--;
      } while (left > 0 && out.hasCapacity());
    }
  }

  @Test
  void thousandsOfRestarts_leakNoThread() throws Exception {
    int before = Thread.activeCount();
    ScriptedSource source = new ScriptedSource(1, 10, 10);
    int restarts = 10_000;
    EmbeddedJob job =
        start(
            Jobs.counting(source, sink, 1, () -> new Jobs.FailAt(5, new AtomicLong(1))).plan(),
            Jobs.config(1).restartStrategy(RestartStrategy.fixedDelay(restarts, Duration.ZERO)));
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FAILED);
    assertThat(job.metrics().restarts()).isEqualTo(restarts);
    while (Thread.activeCount() > before) {
      Thread.onSpinWait(); // the job's own thread ends a moment after it says so
    }
  }

  @Test
  void planThatCannotRun_isRefused() {
    ExecutionPlan plan = Jobs.counting(new ScriptedSource(1, 1, 1), sink, 4).plan();
    assertThatThrownBy(() -> start(plan, Jobs.config(1).maxParallelism(2)))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("maxParallelism");
    assertThatThrownBy(() -> start(plan, Jobs.config(1).stateBackend("rocksdb")))
        .hasMessageContaining("no state backend 'rocksdb'");
    assertThatThrownBy(() -> start(plan, Jobs.config(4).build(), new JobSnapshot(1, 64, Map.of())))
        .hasMessageContaining("64");
    assertThat(log.events).isEmpty();
  }

  @Test
  void metrics_beforeAndAfter() throws Exception {
    ScriptedSource source = new ScriptedSource(1, 10_000, 10);
    EmbeddedJob job = start(Jobs.counting(source, sink, 1).plan(), Jobs.config(1));
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
    JobMetrics metrics = job.metrics();
    assertThat(metrics.operators())
        .extracting(OperatorMetrics::operatorId)
        .containsExactly("source", "source-0", "count-0", "count-1");
    OperatorMetrics count = operator(job, "count-0");
    assertThat(count.subtasks()).isEqualTo(1);
    assertThat(count.stage()).isEqualTo(1);
    assertThat(count.watermarkLagMillis()).isEqualTo(-1);
    assertThat(count.batchRows().count()).isEqualTo(count.counts().batchesIn());
    assertThat(count.batchRows().max()).isLessThanOrEqualTo(EventBatch.TARGET_ROWS);
    assertThat(count.busyPerMille() + count.idlePerMille() + count.backPressuredPerMille())
        .isEqualTo(1_000);
    assertThat(count.counts().bytesIn()).isPositive();
  }
}
