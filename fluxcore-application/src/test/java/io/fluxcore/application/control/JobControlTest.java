package io.fluxcore.application.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.JobDetail;
import io.fluxcore.application.JobSummary;
import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.diagnosis.Finding;
import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.job.InMemoryJobStore;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.application.results.SubscribeOptions;
import io.fluxcore.application.runtime.CheckpointSummary;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.RegexCompiler;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.operator.BatchTap;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class JobControlTest {
  private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");
  private static final RegexCompiler NO_REGEX =
      pattern -> {
        throw new AssertionError("no regular expressions here");
      };

  private final FakeRuntime runtime = new FakeRuntime();
  private final InMemoryJobStore store = new InMemoryJobStore();
  private final FluxCoreService service = service(store);

  private JobControl service(InMemoryJobStore jobStore) {
    AtomicLong ids = new AtomicLong();
    return new JobControl(
        new Planner(
            ConnectorRegistry.of(List.of(), List.of()),
            new ConnectorServices(NO_REGEX),
            ExpressionContext.of(NO_REGEX)),
        runtime,
        jobStore,
        CheckpointStorage.inMemory(() -> T),
        () -> T,
        () -> JobId.of(0, ids.incrementAndGet()));
  }

  private static StreamTopology topology(String expression) {
    return StreamTopology.builder()
        .source("in", SourceConfig.custom(new FakeRuntime.NumberSource()).build())
        .transform("big", TransformConfig.filter().withExpression(expression).build())
        .sink("out", SinkConfig.custom(new FakeRuntime.NoSink()).build())
        .build();
  }

  private static JobConfig job(String name, String version) {
    return JobConfig.builder().name(name).version(version).build();
  }

  private JobId submit() {
    return service.submitJob(topology("x > 1"), job("numbers", "1"));
  }

  private void assertCode(ErrorCategory category, String code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> {
              assertThat(e.category()).isEqualTo(category);
              assertThat(e.code()).isEqualTo(code);
            });
  }

  @Test
  void submittedJob_isStartedAndFollowed() {
    JobId id = submit();
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.STARTING);
    runtime.job(0).listener.running();
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
    runtime.job(0).listener.checkpointed(new CheckpointSummary(1, 10, Duration.ofMillis(3)));
    runtime.job(0).listener.checkpointFailed(2, "too slow");
    runtime.job(0).listener.failed("big", new IllegalStateException("oops"));
    runtime.job(0).listener.restarting(Duration.ofSeconds(1));
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.RESTARTING);
    runtime.job(0).listener.starting();
    runtime.job(0).listener.running();
    runtime.job(0).listener.ended(JobEnd.FINISHED);
    JobDetail detail = service.getJob(id);
    assertThat(detail.status()).isEqualTo(JobStatus.FINISHED);
    assertThat(detail.history())
        .extracting(JobEvent::describe)
        .containsExactly(
            "submitted 'numbers' version 1 at parallelism 1",
            "starting",
            "running",
            "checkpoint 1 of 10 bytes in 3 ms",
            "checkpoint 2 failed: too slow",
            "failed in 'big': java.lang.IllegalStateException: oops",
            "restarting after 1000 ms",
            "starting",
            "running",
            "ended: FINISHED");
    assertThat(detail.failure()).isNotNull();
    assertThat(detail.metrics().restarts()).isEqualTo(7);
    assertThat(detail.plan()).startsWith("stage 0, parallelism 1\n  source in: custom\n");
  }

  @Test
  void wrongTopology_leavesNoJob() {
    assertCode(
        ErrorCategory.USER,
        "FLX-TOPO-0001",
        () -> service.submitJob(StreamTopology.builder().build(), job("none", "1")));
    assertThat(service.listJobs()).isEmpty();
    assertThat(runtime.jobs).isEmpty();
  }

  private static StreamTopology writing(FluxCoreException... wrong) {
    StreamTopology.Builder builder =
        StreamTopology.builder()
            .source("in", SourceConfig.custom(new FakeRuntime.NumberSource()).build());
    for (int i = 0; i < wrong.length; i++) {
      builder.sink("out" + i, SinkConfig.custom(new FakeRuntime.WrongSink(wrong[i])).build());
    }
    return builder.build();
  }

  @Test
  void sinksThatCouldNeverWrite_areToldAtOnce_andLeaveNoJob() {
    FluxCoreException noTable =
        FluxCoreException.user("FLX-FAKE-0001", Place.of("table"), "no table", "");
    assertThatThrownBy(() -> service.submitJob(writing(noTable, noTable), job("none", "1")))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e ->
                assertThat(e.diagnostics())
                    .extracting(d -> d.place().toString())
                    .containsExactly("node 'out0'.table", "node 'out1'.table"));
    assertThat(service.listJobs()).isEmpty();
  }

  @Test
  void sinkWhoseOutsideDoesNotAnswer_isNoReasonToRefuseAJob() {
    FluxCoreException noAnswer =
        new FluxCoreException(
            ErrorCategory.EXTERNAL,
            Diagnostic.error("FLX-FAKE-0002", Place.of("url"), "no answer", ""));
    JobId id = service.submitJob(writing(noAnswer), job("patient", "1"));
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.STARTING);
  }

  @Test
  void sameNameAndVersion_attachesToTheRunningJob() {
    JobId id = submit();
    assertThat(submit()).isEqualTo(id);
    assertThat(runtime.jobs).hasSize(1);
  }

  @Test
  void sameNameAndVersion_afterTheEnd_isANewJob() {
    JobId id = submit();
    runtime.job(0).listener.running();
    runtime.job(0).listener.ended(JobEnd.FINISHED);
    assertThat(submit()).isNotEqualTo(id);
    assertThat(service.listJobs())
        .extracting(JobSummary::status)
        .containsExactly(JobStatus.FINISHED, JobStatus.STARTING);
  }

  @Test
  void otherTopologyOfTheSameVersion_isAConflict() {
    submit();
    assertCode(
        ErrorCategory.STATE_CONFLICT,
        "FLX-JOB-0005",
        () -> service.submitJob(topology("x > 2"), job("numbers", "1")));
  }

  @Test
  void cancel_isPassedOnOnce() {
    JobId id = submit();
    runtime.job(0).listener.running();
    service.cancelJob(id);
    service.cancelJob(id);
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.CANCELLING);
    assertThat(runtime.job(0).calls).containsExactly("cancel");
    runtime.job(0).listener.restarting(Duration.ZERO); // too late: is left out
    runtime.job(0).listener.ended(JobEnd.CANCELLED);
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.CANCELLED);
    service.cancelJob(id);
    service.stopJob(id);
    assertThat(runtime.job(0).calls).containsExactly("cancel");
  }

  @Test
  void stop_drains_andMayTurnIntoACancel() {
    JobId id = submit();
    runtime.job(0).listener.running();
    service.stopJob(id);
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.STOPPING);
    service.cancelJob(id);
    assertThat(runtime.job(0).calls).containsExactly("stop drain=true", "cancel");
    runtime.job(0).listener.ended(JobEnd.STOPPED);
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.STOPPED);
  }

  @Test
  void cancelDuringTheStart_isPassedOnAfterIt() {
    runtime.whileStarting = id -> service.cancelJob(id);
    JobId id = submit();
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.CANCELLING);
    assertThat(runtime.job(0).calls).containsExactly("cancel");
  }

  @Test
  void runtimeThatRefuses_leavesAFailedJob() throws InterruptedException {
    runtime.whileStarting =
        id -> {
          throw new IllegalStateException("no");
        };
    assertThatThrownBy(this::submit).hasMessage("no");
    assertThat(service.listJobs()).extracting(JobSummary::status).containsExactly(JobStatus.FAILED);
    JobId id = service.listJobs().get(0).id();
    assertThat(service.awaitEnd(id, Duration.ofDays(1))).isEqualTo(JobStatus.FAILED);
  }

  @Test
  void awaitEnd_returnsTheStatusWhenTheTimeRunsOut() throws InterruptedException {
    JobId id = submit();
    runtime.job(0).listener.running();
    assertThat(service.awaitEnd(id, Duration.ZERO)).isEqualTo(JobStatus.RUNNING);
    runtime.job(0).listener.ended(JobEnd.failed(new IllegalStateException("x")));
    assertThat(service.awaitEnd(id, Duration.ofSeconds(Long.MAX_VALUE)))
        .isEqualTo(JobStatus.FAILED);
  }

  @Test
  void unknownJob_isNotFound() {
    JobId id = JobId.of(9, 9);
    assertCode(ErrorCategory.NOT_FOUND, "FLX-JOB-0003", () -> service.getJobStatus(id));
    assertCode(ErrorCategory.NOT_FOUND, "FLX-JOB-0003", () -> service.getJob(id));
    assertCode(ErrorCategory.NOT_FOUND, "FLX-JOB-0003", () -> service.cancelJob(id));
    assertCode(ErrorCategory.NOT_FOUND, "FLX-JOB-0003", () -> service.stopJob(id));
  }

  @Test
  void jobOfAnEarlierLife_isListedButNotControlled() {
    JobId id = submit();
    runtime.job(0).listener.running();
    FluxCoreService later = service(store);
    assertThat(later.listJobs()).extracting(JobSummary::id).containsExactly(id);
    assertThat(later.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
    assertThat(later.getJob(id).metrics()).isEqualTo(JobMetrics.EMPTY);
    assertCode(ErrorCategory.STATE_CONFLICT, "FLX-JOB-0006", () -> later.stopJob(id));
    assertCode(ErrorCategory.STATE_CONFLICT, "FLX-JOB-0006", () -> later.suspendJob(id));
  }

  @Test
  void explain_startsNothing() {
    assertThat(service.explain(topology("x > 1"), job("numbers", "1"))).contains("filter x > 1");
    assertThat(runtime.jobs).isEmpty();
    assertThat(service.listJobs()).isEmpty();
  }

  // Upgrades

  /** Submits another version on a thread of its own, since that waits for the outcome. */
  private CompletableFuture<JobId> upgrade(StreamTopology topology, JobConfig config) {
    CompletableFuture<JobId> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(service.submitJob(topology, config));
              } catch (RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  private FakeRuntime.FakeJob awaitJob(int number) {
    while (runtime.jobs.size() <= number) {
      Thread.onSpinWait();
    }
    return runtime.job(number);
  }

  private FakeRuntime.FakeJob awaitCall(int number, String call) {
    FakeRuntime.FakeJob job = awaitJob(number);
    while (!job.calls.contains(call)) {
      Thread.onSpinWait();
    }
    return job;
  }

  private static JobSnapshot state(String... operators) {
    List<OperatorSnapshot> parts =
        Arrays.stream(operators)
            .map(id -> OperatorSnapshot.builder(id).entry("split", new byte[1]).build())
            .toList();
    return JobSnapshot.of(3, JobConfig.DEFAULT_MAX_PARALLELISM, parts);
  }

  private JobId running() {
    JobId id = submit();
    runtime.job(0).listener.running();
    return id;
  }

  private void assertRefused(CompletableFuture<JobId> upgrade, String code) {
    assertThatThrownBy(() -> upgrade.get(1, TimeUnit.MINUTES))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> {
              assertThat(e.category()).isEqualTo(ErrorCategory.STATE_CONFLICT);
              assertThat(e.code()).isEqualTo(code);
            });
  }

  private List<String> history(JobId id) {
    return service.getJob(id).history().stream().map(JobEvent::describe).toList();
  }

  @Test
  void otherVersion_goesOnWithTheStateOfTheOneBefore() throws Exception {
    JobId id = running();
    CompletableFuture<JobId> upgrade = upgrade(topology("x > 2"), job("numbers", "2"));
    FakeRuntime.FakeJob old = awaitCall(0, "stop drain=false");
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.RESTARTING);
    old.snapshot = state("in");
    old.end(JobEnd.STOPPED);
    FakeRuntime.FakeJob next = awaitJob(1);
    assertThat(next.start.from()).isSameAs(old.snapshot);
    assertThat(next.start.config().version()).isEqualTo("2");
    assertThat(service.getJob(id).config().version()).isEqualTo("1"); // on trial
    next.listener.running();
    assertThat(upgrade.get(1, TimeUnit.MINUTES)).isEqualTo(id);
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
    assertThat(history(id))
        .containsExactly(
            "submitted 'numbers' version 1 at parallelism 1",
            "starting",
            "running",
            "upgrading from version 1 to version 2",
            "starting",
            "upgraded to version 2 at parallelism 1",
            "running");
    assertThat(service.getJob(id).config().version()).isEqualTo("2");
    assertThat(service.getJob(id).plan()).contains("filter x > 2");
    assertThat(service.listJobs()).extracting(JobSummary::version).containsExactly("2");
    assertThat(service.getMetrics(id).checkpoints()).isEqualTo(10);
    assertThat(service.submitJob(topology("x > 2"), job("numbers", "2"))).isEqualTo(id);
    next.end(JobEnd.FINISHED);
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.FINISHED);
    assertThat(store.find(id).orElseThrow().topology().declaration()).contains("x > 2");
  }

  @Test
  void versionThatTheRuntimeRefuses_leavesTheOldOneRunning() {
    JobId id = running();
    runtime.refused.add("2");
    CompletableFuture<JobId> upgrade = upgrade(topology("x > 2"), job("numbers", "2"));
    FakeRuntime.FakeJob old = awaitCall(0, "stop drain=false");
    old.snapshot = state("in");
    old.end(JobEnd.STOPPED);
    assertRefused(upgrade, "FLX-JOB-0011");
    FakeRuntime.FakeJob again = awaitJob(1);
    assertThat(again.start.config().version()).isEqualTo("1");
    assertThat(again.start.from()).isSameAs(old.snapshot);
    again.listener.running();
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
    assertThat(service.getJob(id).config().version()).isEqualTo("1");
    assertThat(history(id)).anyMatch(e -> e.startsWith("upgrade to version 2 failed: FLX-FAKE"));
  }

  @Test
  void versionThatFailsBeforeItRuns_leavesTheOldOneRunning() {
    JobId id = running();
    CompletableFuture<JobId> upgrade = upgrade(topology("x > 2"), job("numbers", "2"));
    FakeRuntime.FakeJob old = awaitCall(0, "stop drain=false");
    old.end(JobEnd.STOPPED);
    FakeRuntime.FakeJob next = awaitJob(1);
    next.listener.failed("big", new IllegalStateException("cannot restore"));
    awaitCall(1, "cancel");
    next.listener.restarting(Duration.ZERO);
    next.listener.starting();
    next.listener.running(); // too late
    next.end(JobEnd.CANCELLED);
    assertRefused(upgrade, "FLX-JOB-0011");
    awaitJob(2).listener.running();
    assertThat(runtime.job(2).start.config().version()).isEqualTo("1");
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void neitherVersionCanGoOn_failsTheJobWithWhatToDo() {
    JobId id = running();
    runtime.refused.addAll(Set.of("1", "2"));
    CompletableFuture<JobId> upgrade = upgrade(topology("x > 2"), job("numbers", "2"));
    awaitCall(0, "stop drain=false").end(JobEnd.STOPPED);
    assertRefused(upgrade, "FLX-JOB-0012");
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.FAILED);
    assertThat(service.getJob(id).failure().message())
        .contains("version 2 cannot start", "version 1 cannot go on", "submit the job again");
  }

  @Test
  void stopThatFails_leavesTheOldVersionRunning() {
    JobId id = running();
    CompletableFuture<JobId> upgrade = upgrade(topology("x > 2"), job("numbers", "2"));
    FakeRuntime.FakeJob old = awaitCall(0, "stop drain=false");
    old.listener.failed("", new IllegalStateException("no checkpoint"));
    old.end(JobEnd.failed(new IllegalStateException("no checkpoint")));
    assertRefused(upgrade, "FLX-JOB-0011");
    assertThat(awaitJob(1).start.config().version()).isEqualTo("1");
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.STARTING);
  }

  @Test
  void stateOfANodeThatIsGone_isRefused_unlessAllowed() throws Exception {
    JobId id = running();
    StreamTopology renamed =
        StreamTopology.builder()
            .source("other", SourceConfig.custom(new FakeRuntime.NumberSource()).build())
            .sink("out", SinkConfig.custom(new FakeRuntime.NoSink()).build())
            .build();
    assertCode(
        ErrorCategory.STATE_CONFLICT,
        "FLX-JOB-0010",
        () -> service.submitJob(renamed, job("numbers", "2")));
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
    assertThat(runtime.job(0).calls).isEmpty();
    CompletableFuture<JobId> upgrade =
        upgrade(renamed, job("numbers", "3").toBuilder().allowNonRestoredState(true).build());
    FakeRuntime.FakeJob old = awaitCall(0, "stop drain=false");
    old.snapshot = state("in");
    old.end(JobEnd.STOPPED);
    awaitJob(1).listener.running();
    assertThat(upgrade.get(1, TimeUnit.MINUTES)).isEqualTo(id);
  }

  @Test
  void stateThatOnlyTheSnapshotKnows_isRefusedToo_andTheOldVersionGoesOn() {
    JobId id = running();
    StreamTopology withoutFilter =
        StreamTopology.builder()
            .source("in", SourceConfig.custom(new FakeRuntime.NumberSource()).build())
            .sink("out", SinkConfig.custom(new FakeRuntime.NoSink()).build())
            .build();
    CompletableFuture<JobId> upgrade = upgrade(withoutFilter, job("numbers", "2"));
    FakeRuntime.FakeJob old = awaitCall(0, "stop drain=false");
    old.snapshot = state("in", "in#out", "big#2");
    old.end(JobEnd.STOPPED);
    assertRefused(upgrade, "FLX-JOB-0011");
    awaitJob(1).listener.running();
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
    assertThat(history(id)).anyMatch(e -> e.contains("FLX-JOB-0010") && e.contains("[big]"));
  }

  @Test
  void otherMaxParallelism_isAConflict() {
    running();
    assertCode(
        ErrorCategory.STATE_CONFLICT,
        "FLX-JOB-0009",
        () ->
            service.submitJob(
                topology("x > 1"), job("numbers", "2").toBuilder().maxParallelism(64).build()));
    assertThat(runtime.job(0).calls).isEmpty();
  }

  @Test
  void cancelDuringAnUpgrade_endsTheJob() throws Exception {
    for (boolean onTrial : new boolean[] {false, true}) {
      int first = runtime.jobs.size();
      JobId id = submit();
      runtime.job(first).listener.running();
      CompletableFuture<JobId> upgrade = upgrade(topology("x > 2"), job("numbers", "2"));
      FakeRuntime.FakeJob target = awaitCall(first, "stop drain=false");
      if (onTrial) {
        target.end(JobEnd.STOPPED);
        target = awaitJob(first + 1);
      }
      service.cancelJob(id);
      awaitCall(runtime.jobs.indexOf(target), "cancel").end(JobEnd.CANCELLED);
      assertRefused(upgrade, "FLX-JOB-0011");
      assertThat(service.awaitEnd(id, Duration.ofMinutes(1))).isEqualTo(JobStatus.CANCELLED);
    }
  }

  @Test
  void stopDuringAnUpgrade_stopsTheNewVersion() throws Exception {
    JobId id = running();
    CompletableFuture<JobId> upgrade = upgrade(topology("x > 2"), job("numbers", "2"));
    FakeRuntime.FakeJob old = awaitCall(0, "stop drain=false");
    service.stopJob(id);
    assertThat(old.calls).containsExactly("stop drain=false");
    old.end(JobEnd.STOPPED);
    FakeRuntime.FakeJob next = awaitCall(1, "stop drain=true");
    next.listener.running();
    upgrade.get(1, TimeUnit.MINUTES);
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.STOPPING);
    next.end(JobEnd.STOPPED);
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.STOPPED);
  }

  @Test
  void submittedAgainDuringAnUpgrade() throws Exception {
    JobId id = running();
    CompletableFuture<JobId> upgrade = upgrade(topology("x > 2"), job("numbers", "2"));
    FakeRuntime.FakeJob old = awaitCall(0, "stop drain=false");
    assertCode(
        ErrorCategory.STATE_CONFLICT,
        "FLX-JOB-0008",
        () -> service.submitJob(topology("x > 3"), job("numbers", "3")));
    assertCode(
        ErrorCategory.STATE_CONFLICT,
        "FLX-JOB-0005",
        () -> service.submitJob(topology("x > 3"), job("numbers", "2")));
    CompletableFuture<JobId> same = upgrade(topology("x > 2"), job("numbers", "2"));
    old.end(JobEnd.STOPPED);
    awaitJob(1).listener.running();
    assertThat(upgrade.get(1, TimeUnit.MINUTES)).isEqualTo(id);
    assertThat(same.get(1, TimeUnit.MINUTES)).isEqualTo(id);
    assertThat(runtime.jobs).hasSize(2);
  }

  @Test
  void jobThatIsBeingEnded_isAConflict() {
    JobId id = running();
    service.stopJob(id);
    for (String version : List.of("1", "2")) {
      assertCode(
          ErrorCategory.STATE_CONFLICT,
          "FLX-JOB-0008",
          () -> service.submitJob(topology("x > 1"), job("numbers", version)));
    }
  }

  // Readings

  @Test
  void findJob_givesTheOneThatIsNotOver_orTheLast() {
    assertThat(service.findJob("numbers")).isEmpty();
    JobId first = running();
    assertThat(service.findJob("numbers")).contains(first);
    runtime.job(0).end(JobEnd.FINISHED);
    assertThat(service.findJob("numbers")).contains(first);
    JobId second = submit();
    assertThat(service.findJob("numbers")).contains(second);
    assertThat(service.findJob("letters")).isEmpty();
  }

  @Test
  void metricsGraphAndDiagnosis_areThoseOfTheRunningJob() {
    JobId id = running();
    assertThat(service.getMetrics(id).restarts()).isEqualTo(7);
    assertThat(service.getGraph(id).nodes())
        .extracting(JobGraph.Node::id)
        .containsExactly("in", "big", "out");
    assertThat(service.diagnose(id).status()).isEqualTo(JobStatus.RUNNING);
    assertThat(service.diagnose(id).findings())
        .extracting(Finding::code)
        .containsExactly("FLX-WHY-0002");
    JobId unknown = JobId.of(9, 9);
    assertCode(ErrorCategory.NOT_FOUND, "FLX-JOB-0003", () -> service.getMetrics(unknown));
    assertCode(ErrorCategory.NOT_FOUND, "FLX-JOB-0003", () -> service.getGraph(unknown));
    assertCode(ErrorCategory.NOT_FOUND, "FLX-JOB-0003", () -> service.diagnose(unknown));
    FluxCoreService later = service(store);
    assertCode(ErrorCategory.STATE_CONFLICT, "FLX-JOB-0020", () -> later.getGraph(id));
    assertCode(ErrorCategory.STATE_CONFLICT, "FLX-JOB-0020", () -> later.diagnose(id));
  }

  @Test
  void restartingJob_saysWhy() {
    JobId id = running();
    runtime.job(0).listener.failed("big", new IllegalStateException("oops"));
    runtime.job(0).listener.restarting(Duration.ofSeconds(1));
    assertThat(service.diagnose(id).findings().get(0))
        .isEqualTo(
            new Finding(
                "FLX-WHY-0001",
                Finding.Severity.ERROR,
                "big",
                "the job is restarting because it failed in 'big': java.lang.IllegalStateException:"
                    + " oops (7 restarts so far)",
                "remove the cause; the job goes on by itself from its last checkpoint"));
    runtime.job(0).end(JobEnd.failed(new IllegalStateException("oops")));
    assertThat(service.diagnose(id).findings().get(0).message()).startsWith("the job has failed");
  }

  @Test
  void subscriptions_areOfNodesOfJobsThatAreNotOver() throws InterruptedException {
    JobId id = running();
    ResultSubscription sink = service.subscribe(id, SubscribeOptions.of(""));
    assertThat(sink.operatorId()).isEqualTo("out");
    assertThat(sink.schema().fieldNames()).containsExactly("x");
    BatchTap tap = runtime.job(0).start.taps().received("out");
    tap.see(
        EventBatch.of(
            sink.schema(), new Column[] {new LongColumn(1, new long[] {4})}, new long[1], 1));
    assertThat(sink.poll(5, Duration.ZERO))
        .extracting(r -> r.row().getLong("x"))
        .containsExactly(4L);
    assertCode(
        ErrorCategory.USER,
        "FLX-RESULT-0001",
        () -> service.subscribe(id, SubscribeOptions.of("nowhere")));
    runtime.job(0).end(JobEnd.FINISHED);
    assertThat(sink.isEnded()).isTrue();
    assertCode(
        ErrorCategory.STATE_CONFLICT,
        "FLX-JOB-0013",
        () -> service.subscribe(id, SubscribeOptions.of("out")));
  }

  @Test
  void validate_startsNothing() {
    assertThat(service.validate(topology("x >"), job("numbers", "1"))).hasSize(1);
    assertThat(service.validate(topology("x > 1"), job("numbers", "1"))).isEmpty();
    assertThat(service.listJobs()).isEmpty();
  }
}
