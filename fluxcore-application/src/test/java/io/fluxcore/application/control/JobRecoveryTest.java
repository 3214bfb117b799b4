package io.fluxcore.application.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.checkpoint.CheckpointRegistry;
import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.checkpoint.JobCheckpoints;
import io.fluxcore.application.checkpoint.SnapshotRequest;
import io.fluxcore.application.checkpoint.SnapshotWriter;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.job.InMemoryJobStore;
import io.fluxcore.application.job.InMemoryJobText;
import io.fluxcore.application.job.JobEntry;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.job.StoredJob;
import io.fluxcore.application.job.StoredTopology;
import io.fluxcore.application.operation.InMemoryOperationStore;
import io.fluxcore.application.operation.Operation;
import io.fluxcore.application.operation.OperationError;
import io.fluxcore.application.operation.OperationId;
import io.fluxcore.application.operation.OperationStatus;
import io.fluxcore.application.operation.Operations;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.RegexCompiler;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What becomes of jobs when servers end, die, lose them and come back. */
class JobRecoveryTest {
  private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final RegexCompiler NO_REGEX =
      pattern -> {
        throw new AssertionError("no regular expressions here");
      };
  private static final JobConfig CONFIG = JobConfig.builder().name("numbers").build();

  private Instant now = T;
  private final AtomicLong ids = new AtomicLong();
  private final InMemoryJobStore kept = new InMemoryJobStore(() -> now, LEASE);
  private final BrokenStore store = new BrokenStore(kept);
  private final CheckpointStorage checkpoints = CheckpointStorage.inMemory(() -> now);
  private final InMemoryJobText text = new InMemoryJobText();
  private final InMemoryOperationStore operations = new InMemoryOperationStore();
  private final Server first = new Server("first");
  private final Server second = new Server("second");

  /** A process with its own runtime, over the store of all. */
  private final class Server {
    final FakeRuntime runtime = new FakeRuntime();
    final JobControl jobs;

    Server(String name) {
      jobs =
          new JobControl(
              new JobServices(
                  new Planner(
                      ConnectorRegistry.of(List.of(new Numbers()), List.of(new Nowhere())),
                      new ConnectorServices(NO_REGEX),
                      ExpressionContext.of(NO_REGEX)),
                  runtime,
                  store,
                  text,
                  checkpoints,
                  new Operations(
                      operations, () -> now, () -> new OperationId("op_" + ids.incrementAndGet())),
                  () -> now,
                  () -> Duration.between(T, now).toNanos(),
                  () -> JobId.of(0, ids.incrementAndGet()),
                  name,
                  LEASE));
    }

    JobId run(StreamTopology topology) {
      JobId id = jobs.submitJob(topology, CONFIG);
      runtime.job(runtime.jobs.size() - 1).listener.running();
      return id;
    }
  }

  private static StreamTopology portable(String expression) {
    return StreamTopology.builder()
        .source("in", SourceConfig.connector("numbers").build())
        .transform("big", TransformConfig.filter().withExpression(expression).build())
        .sink("out", SinkConfig.connector("nowhere").build())
        .build();
  }

  private static StreamTopology bound() {
    return StreamTopology.builder()
        .source("in", SourceConfig.custom(new FakeRuntime.NumberSource()).build())
        .sink("out", SinkConfig.custom(new FakeRuntime.NoSink()).build())
        .build();
  }

  private void leasesRunOut() {
    now = now.plus(LEASE);
  }

  private static List<String> history(Server server, JobId id) {
    return server.jobs.getJob(id).history().stream().map(JobEvent::describe).toList();
  }

  private static void assertCode(String code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(FluxCoreException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  // Servers that die

  @Test
  void jobOfAServerThatDied_goesOnByItself() throws Exception {
    JobId id = first.run(portable("x > 1"));
    leasesRunOut();
    assertThat(second.jobs.isRecovered()).isFalse();
    second.jobs.recover();

    assertThat(second.runtime.jobs).hasSize(1);
    assertThat(second.jobs.getJobStatus(id)).isEqualTo(JobStatus.STARTING);
    assertThat(second.jobs.awaitRecovery(Duration.ZERO)).isFalse();
    second.runtime.job(0).listener.running();
    assertThat(second.jobs.awaitRecovery(Duration.ofMinutes(1))).isTrue();
    assertThat(second.jobs.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
    assertThat(history(second, id))
        .endsWith(
            "running",
            "taken on by server second, from its beginning, since it has no checkpoint",
            "restarting after 0 ms",
            "starting",
            "running");
    assertThat(second.jobs.submitJob(portable("x > 1"), CONFIG)).isEqualTo(id);
    assertThat(second.runtime.jobs).hasSize(1);
  }

  @Test
  void jobOfAServerThatDied_goesOnFromItsNewestCheckpoint_andTheOldOwnerMakesNone()
      throws Exception {
    first.run(portable("x > 1"));
    JobCheckpoints old = first.runtime.job(0).start.checkpoints();
    assertThat(first.runtime.job(0).start.from()).isNull();
    checkpoint(old);
    long newest = checkpoint(old);
    leasesRunOut();
    second.jobs.recover();
    JobSnapshot from = second.runtime.job(0).start.from();
    assertThat(from).isNotNull();
    assertThat(from.checkpointId()).isEqualTo(newest);
    assertCode(CheckpointRegistry.STALE_OWNER, () -> checkpoint(old));
    assertThat(old.isOwner()).isFalse();
    assertThat(checkpoint(second.runtime.job(0).start.checkpoints())).isGreaterThan(newest);
  }

  private static long checkpoint(JobCheckpoints owner) {
    try (SnapshotWriter writer = owner.begin(SnapshotRequest.CHECKPOINT, owner.nextId())) {
      writer.write(List.of());
      return owner.complete(writer, CONFIG, Duration.ZERO).entry().checkpointId();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void jobThatAnotherServerHas_isLeftAlone() {
    JobId id = first.run(portable("x > 1"));
    second.jobs.recover();
    second.jobs.keepUp();
    assertThat(second.jobs.isRecovered()).isTrue();
    assertThat(second.runtime.jobs).isEmpty();
    assertThat(second.jobs.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
    assertThat(second.jobs.submitJob(portable("x > 1"), CONFIG)).isEqualTo(id);
    assertCode("FLX-JOB-0006", () -> second.jobs.cancelJob(id));
    assertCode("FLX-JOB-0006", () -> second.jobs.rescaleJob(id, 2));
    assertCode(
        "FLX-JOB-0015",
        () -> second.jobs.submitJob(portable("x > 2"), CONFIG.toBuilder().version("2").build()));
    assertCode("FLX-JOB-0005", () -> second.jobs.submitJob(portable("x > 2"), CONFIG));
    assertThat(second.runtime.jobs).isEmpty();
  }

  @Test
  void serverThatDoesNotAnswer_losesItsJobsToAnother_andEndsThemWhenItWakes() {
    JobId id = first.run(portable("x > 1"));
    second.jobs.recover();
    leasesRunOut();
    second.jobs.keepUp();
    assertThat(second.runtime.jobs).hasSize(1);
    second.runtime.job(0).listener.running();

    // The first one wakes up: what it says of the job is not heard, and its run is ended.
    FakeRuntime.FakeJob old = first.runtime.job(0);
    old.listener.failed("big", new IllegalStateException("too late"));
    first.jobs.keepUp();
    assertThat(old.calls).containsExactly("cancel");
    old.end(JobEnd.CANCELLED);
    first.jobs.keepUp();
    assertThat(first.runtime.jobs).hasSize(1);
    assertThat(first.jobs.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
    assertThat(history(second, id)).noneMatch(e -> e.contains("too late") || e.contains("ended"));
    assertThat(kept.entries()).extracting(JobEntry::server).containsExactly("second");
  }

  @Test
  void leasesThatAreRenewed_keepJobs() {
    first.run(portable("x > 1"));
    second.jobs.recover();
    for (int i = 0; i < 5; i++) {
      now = now.plus(LEASE.dividedBy(2));
      first.jobs.keepUp();
      second.jobs.keepUp();
    }
    assertThat(second.runtime.jobs).isEmpty();
    assertThat(first.runtime.job(0).calls).isEmpty();
  }

  @Test
  void jobsThatWereBeingEnded_areEnded() {
    JobId cancelled = first.run(portable("x > 1"));
    first.jobs.cancelJob(cancelled);
    leasesRunOut();
    second.jobs.recover();
    assertThat(second.runtime.jobs).isEmpty();
    assertThat(second.jobs.getJobStatus(cancelled)).isEqualTo(JobStatus.CANCELLED);

    JobId stopped = second.run(portable("x > 1"));
    second.jobs.stopJob(stopped);
    leasesRunOut();
    Server third = new Server("third");
    third.jobs.recover();
    // What was read since the last checkpoint is still to be processed.
    assertThat(third.runtime.job(0).calls).containsExactly("stop drain=true");
    third.runtime.job(0).listener.running();
    third.runtime.job(0).end(JobEnd.STOPPED);
    assertThat(third.jobs.getJobStatus(stopped)).isEqualTo(JobStatus.STOPPED);
  }

  @Test
  void jobsThatAreOver_stayOver() {
    JobId id = first.run(portable("x > 1"));
    first.runtime.job(0).end(JobEnd.FINISHED);
    leasesRunOut();
    second.jobs.recover();
    second.jobs.keepUp();
    assertThat(second.runtime.jobs).isEmpty();
    assertThat(second.jobs.isRecovered()).isTrue();
    assertThat(second.jobs.getJobStatus(id)).isEqualTo(JobStatus.FINISHED);
    assertThat(second.jobs.getGraph(id).nodes()).hasSize(3);
  }

  @Test
  void jobThatCannotBeGoneOnWith_saysWhy_andKeepsNobodyElseFromStarting() {
    JobId broken = JobId.of(7, 7);
    io.fluxcore.domain.job.Job job = io.fluxcore.domain.job.Job.submit(broken, CONFIG, T);
    kept.add(
        new StoredJob(
            broken, CONFIG, new StoredTopology("never written", List.of(), "x"), job.history()),
        "gone");
    JobId other =
        first.jobs.submitJob(portable("x > 1"), JobConfig.builder().name("other").build());
    leasesRunOut();
    second.jobs.recover();
    second.jobs.keepUp();
    assertThat(second.runtime.jobs).hasSize(1);
    second.runtime.job(0).listener.running();
    assertThat(second.jobs.isRecovered()).isTrue();
    assertThat(second.jobs.getJobStatus(other)).isEqualTo(JobStatus.RUNNING);
    assertThat(second.jobs.getJob(broken).failure().code()).isEqualTo("FLX-STORE-0009");
    assertThat(second.jobs.getJob(broken).history()).hasSize(2);
    second.jobs.cancelJob(broken);
    assertThat(second.jobs.getJobStatus(broken)).isEqualTo(JobStatus.CANCELLED);
  }

  @Test
  void failureOfARecoveredJob_settlesTheRecovery() {
    JobId id = first.run(portable("x > 1"));
    leasesRunOut();
    second.jobs.recover();
    second.runtime.job(0).listener.failed("in", new IllegalStateException("no broker"));
    second.runtime.job(0).listener.restarting(Duration.ofSeconds(1));
    assertThat(second.jobs.isRecovered()).isTrue();
    assertThat(second.jobs.getJobStatus(id)).isEqualTo(JobStatus.RESTARTING);
  }

  // Code

  @Test
  void boundJob_waitsForItsCode_andGoesOnWithIt() {
    JobId id = first.run(bound());
    leasesRunOut();
    second.jobs.recover();
    assertThat(second.jobs.isRecovered()).isTrue();
    assertThat(second.jobs.getJobStatus(id)).isEqualTo(JobStatus.WAITING_FOR_CODE);
    assertThat(second.runtime.jobs).isEmpty();

    assertThat(second.jobs.submitJob(bound(), CONFIG)).isEqualTo(id);
    second.runtime.job(0).listener.running();
    assertThat(second.jobs.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
    assertThat(history(second, id))
        .endsWith(
            "waiting for the application to submit its code",
            "submitted again",
            "taken on by server second, from its beginning, since it has no checkpoint",
            "starting",
            "running");
  }

  @Test
  void boundJob_mayBeTakenOnInAnotherVersion() {
    JobId id = first.run(bound());
    leasesRunOut();
    second.jobs.recover();
    JobConfig next = CONFIG.toBuilder().version("2").build();
    assertCode(
        "FLX-JOB-0009",
        () -> second.jobs.submitJob(bound(), next.toBuilder().maxParallelism(5).build()));
    assertThat(second.jobs.submitJob(bound(), next)).isEqualTo(id);
    second.runtime.job(0).listener.running();
    assertThat(second.runtime.job(0).start.config().version()).isEqualTo("2");
    assertThat(second.jobs.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
    assertThat(kept.entries()).extracting(JobEntry::version).containsExactly("2");
  }

  @Test
  void boundJob_isTakenOverOnlyByServersWithItsCode() {
    JobId id = first.run(bound());
    second.jobs.recover();
    assertThat(second.jobs.submitJob(bound(), CONFIG)).isEqualTo(id);
    assertThat(second.runtime.jobs).isEmpty();
    leasesRunOut();
    Server third = new Server("third");
    third.jobs.recover();
    assertThat(third.jobs.getJobStatus(id)).isEqualTo(JobStatus.WAITING_FOR_CODE);
    second.jobs.keepUp();
    assertThat(second.runtime.jobs).hasSize(1);
    second.runtime.job(0).listener.running();
    assertThat(third.jobs.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void waitingJob_canBeCancelled_butNotStopped() {
    JobId id = first.run(bound());
    leasesRunOut();
    second.jobs.recover();
    assertCode("FLX-JOB-0006", () -> second.jobs.stopJob(id));
    second.jobs.cancelJob(id);
    assertThat(second.jobs.getJobStatus(id)).isEqualTo(JobStatus.CANCELLED);
    assertThat(second.jobs.submitJob(bound(), CONFIG)).isNotEqualTo(id);
  }

  // The end of a server

  @Test
  void serverThatEnds_letsItsJobsGo_withTheirState() throws Exception {
    JobId id = first.run(portable("x > 1"));
    FakeRuntime.FakeJob run = first.runtime.job(0);
    run.whenStopped = () -> run.end(JobEnd.STOPPED);
    assertThat(first.jobs.release(Duration.ofMinutes(1))).isEmpty();
    assertThat(run.calls).containsExactly("stop drain=false");
    assertThat(kept.entries().get(0).server()).isNull();

    second.jobs.recover(); // at once: nobody has it
    second.runtime.job(0).listener.running();
    assertThat(history(second, id))
        .endsWith(
            "running",
            "let go by server first, which ends",
            "taken on by server second, from its beginning, since it has no checkpoint",
            "starting",
            "running");
  }

  @Test
  void jobThatDoesNotEndInTime_isCutOff_andGoesOnAllTheSame() throws Exception {
    JobId id = first.run(portable("x > 1"));
    FakeRuntime.FakeJob run = first.runtime.job(0);
    run.whenCancelled = () -> run.end(JobEnd.CANCELLED);
    assertThat(first.jobs.release(Duration.ZERO)).containsExactly("numbers");
    assertThat(run.calls).containsExactly("stop drain=false", "cancel");
    second.jobs.recover();
    assertThat(second.runtime.jobs).hasSize(1);
    assertThat(second.jobs.getJobStatus(id)).isEqualTo(JobStatus.STARTING);
  }

  // A store that does not answer

  @Test
  void whileTheStoreDoesNotAnswer_jobsGoOn_andTheirHistoryIsWrittenLater() {
    JobId id = first.run(portable("x > 1"));
    store.broken = true;
    FakeRuntime.FakeJob run = first.runtime.job(0);
    run.listener.failed("big", new IllegalStateException("oops"));
    run.listener.restarting(Duration.ofSeconds(1));
    now = now.plus(LEASE.dividedBy(2));
    first.jobs.keepUp();
    assertThat(run.calls).isEmpty();
    store.broken = false;
    first.jobs.keepUp();
    assertThat(kept.find(id).orElseThrow().history())
        .extracting(JobEvent::describe)
        .endsWith(
            "failed in 'big': java.lang.IllegalStateException: oops", "restarting after 1000 ms");
    assertThat(kept.entries().get(0).status()).isEqualTo(JobStatus.RESTARTING);
  }

  @Test
  void jobThatCannotBeReadAtTheStart_isGoneOnWithLater() {
    JobId id = first.run(portable("x > 1"));
    leasesRunOut();
    store.unread = 2;
    second.jobs.recover();
    assertThat(second.runtime.jobs).isEmpty();
    assertThat(kept.entries().get(0).status()).isEqualTo(JobStatus.RUNNING);
    second.jobs.keepUp();
    assertThat(second.jobs.isRecovered()).isFalse();
    second.jobs.keepUp();
    assertThat(second.runtime.jobs).hasSize(1);
    second.runtime.job(0).listener.running();
    assertThat(second.jobs.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
    assertThat(second.jobs.isRecovered()).isTrue();
  }

  @Test
  void jobThatAnotherServerTakes_isNotWaitedForAnyMore() {
    first.run(portable("x > 1"));
    leasesRunOut();
    store.unread = 1;
    second.jobs.recover();
    assertThat(second.jobs.isRecovered()).isFalse();
    new Server("third").jobs.recover();
    second.jobs.keepUp();
    assertThat(second.jobs.isRecovered()).isTrue();
    assertThat(second.runtime.jobs).isEmpty();
  }

  @Test
  void whenTheStoreDoesNotAnswerForALease_jobsAreEnded_andTakenOnAgainLater() {
    first.jobs.recover();
    JobId id = first.run(portable("x > 1"));
    FakeRuntime.FakeJob run = first.runtime.job(0);
    first.jobs.keepUp();
    store.broken = true;
    leasesRunOut();
    first.jobs.keepUp();
    assertThat(run.calls).containsExactly("cancel");
    store.broken = false;
    first.jobs.keepUp();
    assertThat(first.runtime.jobs).as("while the old run is ending").hasSize(1);
    run.end(JobEnd.CANCELLED);
    first.jobs.keepUp();
    assertThat(first.runtime.jobs).hasSize(2);
    first.runtime.job(1).listener.running();
    assertThat(first.jobs.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
  }

  // Operations

  private Operation ended(Operation operation) throws InterruptedException {
    return first.jobs.awaitOperation(operation.id(), Duration.ofMinutes(1));
  }

  @Test
  void suspendedJob_isResumedFromItsState_byWhomeverIsAsked() throws Exception {
    JobId id = first.run(portable("x > 1"));
    FakeRuntime.FakeJob run = first.runtime.job(0);
    Operation suspend = first.jobs.suspendJob(id);
    assertThat(first.jobs.getJobStatus(id)).isEqualTo(JobStatus.SUSPENDING);
    assertCode("FLX-JOB-0008", () -> first.jobs.suspendJob(id));
    run.end(JobEnd.STOPPED);
    assertThat(ended(suspend).status()).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(first.jobs.getJobStatus(id)).isEqualTo(JobStatus.SUSPENDED);
    second.jobs.recover();
    second.jobs.keepUp();
    assertThat(second.runtime.jobs).isEmpty();
    assertThat(second.jobs.submitJob(portable("x > 1"), CONFIG)).isEqualTo(id);
    assertThat(second.runtime.jobs).as("it stays suspended").isEmpty();
    assertCode("FLX-JOB-0006", () -> second.jobs.stopJob(id));
    assertCode(
        "FLX-JOB-0015",
        () -> first.jobs.submitJob(portable("x > 2"), CONFIG.toBuilder().version("2").build()));

    Operation resume = second.jobs.resumeJob(id);
    assertCode("FLX-JOB-0017", () -> first.jobs.resumeJob(id));
    second.runtime.job(0).listener.running();
    assertThat(second.jobs.awaitOperation(resume.id(), Duration.ofMinutes(1)).status())
        .isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(history(second, id))
        .endsWith("suspend requested", "suspended", "resuming", "running");
    assertThat(first.jobs.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void boundJob_isResumedWhereItsCodeIs() throws Exception {
    JobId id = first.run(bound());
    Operation suspend = first.jobs.suspendJob(id);
    first.runtime.job(0).end(JobEnd.STOPPED);
    assertThat(ended(suspend).status()).isEqualTo(OperationStatus.SUCCEEDED);
    assertCode("FLX-JOB-0020", () -> second.jobs.resumeJob(id));
    first.jobs.resumeJob(id);
    assertThat(first.runtime.jobs).hasSize(2);
  }

  @Test
  void jobWhoseStateCannotBeHad_isNotSuspended_andGoesOn() throws Exception {
    JobId id = first.run(portable("x > 1"));
    FakeRuntime.FakeJob run = first.runtime.job(0);
    Operation suspend = first.jobs.suspendJob(id);
    run.end(JobEnd.failed(new IllegalStateException("disk full")));
    Operation failed = ended(suspend);
    assertThat(failed.error())
        .extracting(OperationError::code, OperationError::message)
        .containsExactly(
            "FLX-JOB-0016", "job 'numbers' cannot be stopped with its state: disk full");
    first.runtime.job(1).listener.running();
    assertThat(first.jobs.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void cancelledJob_endsItsOperation() throws Exception {
    JobId id = first.run(portable("x > 1"));
    Operation suspend = first.jobs.suspendJob(id);
    first.jobs.cancelJob(id);
    first.runtime.job(0).end(JobEnd.CANCELLED);
    assertThat(ended(suspend).status()).isEqualTo(OperationStatus.CANCELLED);
    assertThat(first.jobs.getJobStatus(id)).isEqualTo(JobStatus.CANCELLED);
    assertCode("FLX-JOB-0014", () -> first.jobs.restartJob(id, true));
    assertCode("FLX-JOB-0017", () -> first.jobs.resumeJob(id));
  }

  @Test
  void suspendedJob_canBeCancelled() throws Exception {
    JobId id = first.run(portable("x > 1"));
    Operation suspend = first.jobs.suspendJob(id);
    first.runtime.job(0).end(JobEnd.STOPPED);
    ended(suspend);
    second.jobs.cancelJob(id);
    assertThat(first.jobs.getJobStatus(id)).isEqualTo(JobStatus.CANCELLED);
  }

  @Test
  void rescaledJob_goesOnAtTheOtherParallelism_orAsBefore() throws Exception {
    JobId id = first.run(portable("x > 1"));
    assertCode("FLX-JOB-0019", () -> first.jobs.rescaleJob(id, 129));
    Operation rescale = first.jobs.rescaleJob(id, 3);
    first.runtime.job(0).end(JobEnd.STOPPED);
    assertThat(first.jobs.getOperation(rescale.id()).progress().step()).isEqualTo("starting");
    first.runtime.job(1).listener.running();
    assertThat(ended(rescale).result()).containsEntry("parallelism", "3");
    assertThat(first.jobs.getJob(id).config().parallelism()).isEqualTo(3);
    assertThat(kept.find(id).orElseThrow().config().parallelism()).isEqualTo(3);
    assertThat(history(first, id))
        .endsWith(
            "changing from parallelism 1 to 3", "starting", "changed to parallelism 3", "running");

    Operation failing = first.jobs.rescaleJob(id, 5);
    first.runtime.job(1).end(JobEnd.STOPPED);
    first.runtime.job(2).listener.failed("in", new IllegalStateException("no"));
    first.runtime.job(2).end(JobEnd.CANCELLED);
    assertThat(ended(failing).error().message())
        .contains("job 'numbers' at parallelism 5 cannot start ('in')");
    first.runtime.job(3).listener.running();
    assertThat(first.runtime.job(3).start.config().parallelism()).isEqualTo(3);
    assertThat(first.jobs.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
    assertThat(history(first, id)).anyMatch(e -> e.startsWith("change to parallelism 5 failed"));
  }

  @Test
  void restartedJob_startsAgain() throws Exception {
    JobId id = first.run(portable("x > 1"));
    Operation restart = first.jobs.restartJob(id, false);
    first.runtime.job(0).end(JobEnd.STOPPED);
    first.runtime.job(1).listener.running();
    assertThat(ended(restart).status()).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(history(first, id))
        .endsWith("restart requested, without its state", "starting", "running");
    assertThat(first.jobs.listOperations()).containsExactly(ended(restart));
  }

  @Test
  void operationOfAServerThatDied_hasFailed() {
    JobId id = first.run(portable("x > 1"));
    Operation rescale = first.jobs.rescaleJob(id, 3);
    leasesRunOut();
    second.jobs.recover();
    assertThat(second.jobs.getOperation(rescale.id()).error())
        .extracting(OperationError::code)
        .isEqualTo("FLX-OP-0004");
    second.runtime.job(0).listener.running();
    assertThat(second.runtime.job(0).start.config().parallelism()).isEqualTo(1);
  }

  /** A store that can stop answering. */
  private static final class BrokenStore implements JobStore {
    final JobStore store;
    boolean broken;

    /** How many of the next jobs cannot be read. */
    int unread;

    BrokenStore(JobStore store) {
      this.store = store;
    }

    private JobStore store() {
      if (broken) {
        throw silence();
      }
      return store;
    }

    private static FluxCoreException silence() {
      return new FluxCoreException(
          ErrorCategory.EXTERNAL,
          Diagnostic.error("FLX-STORE-0002", Place.WHOLE, "it does not answer", ""));
    }

    @Override
    public long add(StoredJob job, String server) {
      return store().add(job, server);
    }

    @Override
    public void append(JobId id, long token, JobEvent event, JobStatus status) {
      store().append(id, token, event, status);
    }

    @Override
    public void change(
        JobId id,
        long token,
        JobConfig config,
        StoredTopology topology,
        JobEvent event,
        JobStatus status) {
      store().change(id, token, config, topology, event, status);
    }

    @Override
    public Optional<StoredJob> find(JobId id) {
      if (unread > 0) {
        unread--;
        throw silence();
      }
      return store().find(id);
    }

    @Override
    public List<JobEntry> entries() {
      return store().entries();
    }

    @Override
    public OptionalLong acquire(JobId id, String server) {
      return store().acquire(id, server);
    }

    @Override
    public Set<JobId> renew(Map<JobId, Long> tokens) {
      return store().renew(tokens);
    }

    @Override
    public boolean isHeld(JobId id, long token) {
      return store().isHeld(id, token);
    }

    @Override
    public void release(JobId id, long token) {
      store().release(id, token);
    }
  }

  private record Numbers() implements SourceConnector {
    @Override
    public ConnectorDescriptor descriptor() {
      return JobRecoveryTest.descriptor("numbers");
    }

    @Override
    public Source create(ConnectorOptions options, ConnectorServices services) {
      return new FakeRuntime.NumberSource();
    }
  }

  private record Nowhere() implements SinkConnector {
    @Override
    public ConnectorDescriptor descriptor() {
      return JobRecoveryTest.descriptor("nowhere");
    }

    @Override
    public Sink create(ConnectorOptions options, Schema schema) {
      return new FakeRuntime.NoSink();
    }
  }

  private static ConnectorDescriptor descriptor(String name) {
    return new ConnectorDescriptor(
        name, "Is never run.", List.of(), Set.of(), DeliveryGuarantee.AT_LEAST_ONCE);
  }
}
