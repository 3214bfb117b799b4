package io.fluxcore.infrastructure.embedded;

import static io.fluxcore.infrastructure.embedded.Jobs.LONG_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.CheckpointRegistry;
import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.checkpoint.InMemoryCheckpointRegistry;
import io.fluxcore.application.checkpoint.JobCheckpoints;
import io.fluxcore.application.checkpoint.SavepointId;
import io.fluxcore.application.checkpoint.SnapshotRequest;
import io.fluxcore.application.checkpoint.StoredSnapshot;
import io.fluxcore.application.deadletter.InMemoryDeadLetters;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobStart;
import io.fluxcore.application.runtime.StateBackends;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.RestartStrategy;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.domain.state.StateBackendFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots of running jobs: who writes them, what they survive, and who may register them. */
@Timeout(value = 2 * LONG_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CheckpointingTest {
  private final TroubledStore store = new TroubledStore();
  private final CheckpointRegistry registry = new InMemoryCheckpointRegistry();
  private final CheckpointStorage storage =
      new CheckpointStorage(store, registry, InstantSource.system());
  private final JobId id = Jobs.id();
  private final Jobs.Log log = new Jobs.Log();
  private final TransactionalSink sink = new TransactionalSink();
  private final ScriptedSource source = new ScriptedSource(3, 10_000, 97);
  private final EmbeddedRuntime runtime =
      new EmbeddedRuntime(
          new InMemoryDeadLetters(10),
          new StateBackends(
              Map.of(
                  StateBackends.HEAP,
                  StateBackendFactory.HEAP,
                  "files",
                  (operator, range, maxParallelism) -> new FileHeapBackend(range, maxParallelism)),
              Map.of(),
              StateBackends.HEAP),
          EmbeddedSettings.DEFAULT,
          InstantSource.system());

  private EmbeddedJob start(
      JobConfig.Builder config, JobCheckpoints checkpoints, @Nullable JobSnapshot from) {
    JobConfig built = config.build();
    return runtime.start(
        JobStart.fresh(
                Jobs.counting(source, sink, built.parallelism()).plan(),
                checkpoints.job(),
                built,
                log,
                checkpoints)
            .from(from));
  }

  /** A job that has counted the first rows of each split, and waits. */
  private EmbeddedJob held(JobConfig.Builder config, JobCheckpoints checkpoints)
      throws InterruptedException {
    source.hold = new CountDownLatch(1);
    source.holdAfter = 4_000;
    EmbeddedJob job = start(config, checkpoints, null);
    awaitRows(job, 12_000);
    return job;
  }

  private static void awaitRows(EmbeddedJob job, long rows) {
    while (read(job) < rows) {
      Thread.onSpinWait();
    }
  }

  private static long read(EmbeddedJob job) {
    return job.metrics().operators().stream()
        .filter(o -> o.operatorId().equals("count-0"))
        .mapToLong(o -> o.counts().rowsIn())
        .sum();
  }

  private void release() {
    CountDownLatch hold = source.hold;
    if (hold != null) {
      hold.countDown();
    }
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(LONG_SECONDS, TimeUnit.SECONDS);
  }

  private static CheckpointEntry checkpoint(EmbeddedJob job) throws Exception {
    return get(job.snapshot(SnapshotRequest.CHECKPOINT));
  }

  private static JobEnd.Kind end(EmbeddedJob job) throws Exception {
    return get(job.end()).kind();
  }

  @Test
  void checkpoint_isRegistered_withWhatItHolds() throws Exception {
    EmbeddedJob job = held(Jobs.config(2), storage.own(id));
    CheckpointEntry entry = checkpoint(job);
    assertThat(registry.latest(id)).contains(entry);
    assertThat(entry.bytes()).isPositive();
    assertThat(entry.newBytes()).isGreaterThan(entry.bytes());
    assertThat(entry.format()).isEqualTo(SnapshotFormat.NATIVE);
    StoredSnapshot stored = StoredSnapshot.open(store, entry.location());
    stored.verify();
    var state =
        stored.manifest().operators().stream()
            .filter(operator -> operator.operatorId().equals("count-0"))
            .flatMap(operator -> operator.states().stream())
            .filter(one -> one.name().equals("count"))
            .findFirst()
            .orElseThrow();
    assertThat(state.groups().stream().mapToLong(group -> group.entries()).sum()).isEqualTo(97);
    assertThat(state.schema().keyTypes()).containsExactly("long");
    release();
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(sink.rows()).isEqualTo(Jobs.expectedCounts(source));
    assertThat(registry.latest(id).orElseThrow().checkpointId()).isGreaterThan(1);
  }

  @Test
  void writing_doesNotHoldUpTheJob() throws Exception {
    EmbeddedJob job = held(Jobs.config(2), storage.own(id));
    store.gate = new CountDownLatch(1);
    CompletableFuture<CheckpointEntry> pending = job.snapshot(SnapshotRequest.CHECKPOINT);
    assertThat(store.waiting.await(LONG_SECONDS, TimeUnit.SECONDS)).isTrue();
    release();
    awaitRows(job, 30_000);
    assertThat(pending).isNotDone();
    CountDownLatch gate = store.gate;
    store.gate = null;
    gate.countDown();
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(sink.rows()).isEqualTo(Jobs.expectedCounts(source));
  }

  @Test
  void writingThatTakesTooLong_isGivenUp_andLeavesNothing() throws Exception {
    JobConfig.Checkpoints impatient =
        new JobConfig.Checkpoints(null, Duration.ofMillis(100), Duration.ZERO, 1_000);
    EmbeddedJob job = held(Jobs.config(2).checkpoints(impatient), storage.own(id));
    store.gate = new CountDownLatch(1);
    assertThatThrownBy(() -> checkpoint(job))
        .hasMessageContaining("not everything is written")
        .hasMessageContaining("FLX-RUN-0005");
    store.gate = null;
    CheckpointEntry next = null;
    for (int attempts = 0; next == null && attempts < 100; attempts++) {
      try {
        next = checkpoint(job);
      } catch (java.util.concurrent.ExecutionException e) {
        assertThat(e).hasMessageContaining("not complete after");
      }
    }
    assertThat(registry.restartPoints(id)).containsExactly(next);
    assertThat(store.list(id)).containsExactly(next.location());
    job.cancel();
    assertThat(end(job)).isEqualTo(JobEnd.Kind.CANCELLED);
  }

  @Test
  void fullStore_failsTheCheckpoint_withTheReason_andTheJobGoesOn() throws Exception {
    JobConfig.Checkpoints tolerant =
        new JobConfig.Checkpoints(null, Duration.ofMinutes(1), Duration.ZERO, 2);
    EmbeddedJob job = held(Jobs.config(1).checkpoints(tolerant), storage.own(id));
    for (int i = 0; i < 2; i++) {
      store.full.set(1);
      assertThatThrownBy(() -> checkpoint(job))
          .hasMessageContaining("No space left on device")
          .hasMessageContaining("/checkpoints/0.part");
    }
    checkpoint(job);
    assertThat(job.metrics().restarts()).isZero();
    assertThat(store.list(id)).hasSize(1);
    release();
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(sink.rows()).isEqualTo(Jobs.expectedCounts(source));
  }

  @Test
  void tooManyFailedCheckpoints_failTheJob_whichRestarts() throws Exception {
    EmbeddedJob job =
        held(
            Jobs.config(1).restartStrategy(RestartStrategy.fixedDelay(1, Duration.ZERO)),
            storage.own(id));
    checkpoint(job);
    store.full.set(1);
    assertThatThrownBy(() -> checkpoint(job)).hasMessageContaining("No space left");
    release();
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(job.metrics().restarts()).isEqualTo(1);
    assertThat(sink.rows()).isEqualTo(Jobs.expectedCounts(source));
  }

  @Test
  void savepointThatFails_leavesTheJobAsItWas() throws Exception {
    EmbeddedJob job = held(Jobs.config(2), storage.own(id));
    store.full.set(1);
    assertThatThrownBy(
            () -> get(job.snapshot(SnapshotRequest.savepoint(new SavepointId("sp-1"), "", true))))
        .hasMessageContaining("No space left");
    release();
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(job.metrics().restarts()).isZero();
    assertThat(sink.rows()).isEqualTo(Jobs.expectedCounts(source));
    assertThat(registry.savepoints()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void stopWithSavepoint_isGoneOnFromAnywhere(int next) throws Exception {
    JobCheckpoints first = storage.own(id);
    EmbeddedJob job = held(Jobs.config(2), first);
    CheckpointEntry entry =
        get(job.snapshot(SnapshotRequest.savepoint(new SavepointId("sp-1"), "before", true)));
    assertThat(end(job)).isEqualTo(JobEnd.Kind.STOPPED);
    assertThat(entry.isSavepoint()).isTrue();
    assertThat(entry.label()).isEqualTo("before");
    assertThat(registry.savepoints()).containsExactly(entry);
    release();
    StoredSnapshot stored = StoredSnapshot.open(store, entry.location());
    JobCheckpoints second = storage.own(Jobs.id());
    JobConfig.Builder config = Jobs.config(next).stateBackend(next == 3 ? "files" : "heap");
    JobSnapshot from = second.adopt(stored, config.build()).snapshot();
    assertThat(registry.restartPoints(second.job())).hasSize(1);
    assertThat(registry.removeSavepoint(new SavepointId("sp-1"))).isTrue();
    store.delete(entry.location());
    EmbeddedJob resumed = start(config, second, from);
    assertThat(end(resumed)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(sink.rows()).isEqualTo(Jobs.expectedCounts(source));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void nativeCheckpoint_isRestoredAtAnyParallelism_andSharesWhatHasNotChanged(int next)
      throws Exception {
    EmbeddedJob job = held(Jobs.config(2).stateBackend("files"), storage.own(id));
    CheckpointEntry first = checkpoint(job);
    int shared = store.shared.get();
    assertThat(shared).isPositive();
    CheckpointEntry second = checkpoint(job);
    assertThat(store.shared).hasValue(shared);
    assertThat(store.reused).hasValue(shared);
    assertThat(second.newBytes()).isLessThan(first.newBytes());
    assertThat(second.format()).isEqualTo(SnapshotFormat.NATIVE);
    job.cancel();
    end(job);
    release();
    JobCheckpoints owner = storage.own(id);
    JobSnapshot from = owner.latest((entry, why) -> {}).orElseThrow().snapshot();
    assertThat(from.checkpointId()).isEqualTo(second.checkpointId());
    EmbeddedJob resumed = start(Jobs.config(next).stateBackend("files"), owner, from);
    assertThat(end(resumed)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(sink.rows()).isEqualTo(Jobs.expectedCounts(source));
  }

  @Test
  void onlyTheNewestAreKept() throws Exception {
    JobConfig.Checkpoints two =
        new JobConfig.Checkpoints(null, Duration.ofMinutes(1), Duration.ZERO, 0, 2);
    EmbeddedJob job = held(Jobs.config(1).checkpoints(two), storage.own(id));
    CheckpointEntry savepoint =
        get(job.snapshot(SnapshotRequest.savepoint(new SavepointId("sp-1"), "", false)));
    checkpoint(job);
    checkpoint(job);
    CheckpointEntry third = checkpoint(job);
    release();
    assertThat(end(job)).isEqualTo(JobEnd.Kind.FINISHED);
    List<CheckpointEntry> kept = registry.restartPoints(id);
    assertThat(kept).hasSize(3).contains(savepoint, third);
    assertThat(store.list(id)).hasSize(3);
  }

  @Test
  void damagedManifest_isSkipped() throws Exception {
    EmbeddedJob job = held(Jobs.config(1), storage.own(id));
    CheckpointEntry good = checkpoint(job);
    CheckpointEntry bad = checkpoint(job);
    job.cancel();
    end(job);
    store.damagedManifests.add(bad.location());
    JobCheckpoints owner = storage.own(id);
    StringBuilder skipped = new StringBuilder();
    var found =
        owner
            .latest((entry, why) -> skipped.append(entry.checkpointId()).append(": ").append(why))
            .orElseThrow();
    assertThat(found.entry()).isEqualTo(good);
    assertThat(skipped.toString())
        .startsWith(bad.checkpointId() + ": ")
        .contains("checksum does not match");
    store.damagedManifests.add(good.location());
    assertThatThrownBy(() -> owner.latest((entry, why) -> {}))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-CKPT-0002")
        .hasMessageContaining("checksum does not match");
  }

  @Test
  void damagedState_isNoticedWhenItIsRestored_andTheCheckpointBeforeIsUsed() throws Exception {
    EmbeddedJob job = held(Jobs.config(2), storage.own(id));
    checkpoint(job);
    CheckpointEntry bad = checkpoint(job);
    job.cancel();
    end(job);
    log.events.clear();
    release();
    store.damagedParts.add(bad.location());
    JobCheckpoints owner = storage.own(id);
    JobSnapshot newest = owner.latest((entry, why) -> {}).orElseThrow().snapshot();
    assertThat(newest.checkpointId()).isEqualTo(bad.checkpointId());
    EmbeddedJob resumed = start(Jobs.config(2), owner, newest);
    assertThat(end(resumed)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(sink.rows()).isEqualTo(Jobs.expectedCounts(source));
    assertThat(log.events).startsWith("checkpointFailed", "starting").contains("running");
    assertThat(resumed.metrics().restarts()).isZero();
  }

  @Test
  void storeThatDoesNotAnswer_isAskedAgain_andNoOlderCheckpointUsed() throws Exception {
    EmbeddedJob job = held(Jobs.config(2), storage.own(id));
    checkpoint(job);
    CheckpointEntry newest = checkpoint(job);
    job.cancel();
    end(job);
    log.events.clear();
    release();
    JobCheckpoints owner = storage.own(id);
    store.silent.set(1);
    assertThatThrownBy(() -> owner.latest((entry, why) -> fail("skipped " + entry)))
        .hasMessageContaining("FLX-CKPT-0013")
        .hasMessageContaining("cannot be reached");
    JobSnapshot found = owner.latest((entry, why) -> {}).orElseThrow().snapshot();
    assertThat(found.checkpointId()).isEqualTo(newest.checkpointId());
    store.silent.set(1);
    EmbeddedJob resumed =
        start(
            Jobs.config(2).restartStrategy(RestartStrategy.fixedDelay(1, Duration.ZERO)),
            owner,
            found);
    assertThat(end(resumed)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(sink.rows()).isEqualTo(Jobs.expectedCounts(source));
    assertThat(resumed.metrics().restarts()).isEqualTo(1);
    assertThat(log.events).doesNotContain("checkpointFailed");
  }

  @Test
  void damagedState_withNothingBefore_failsTheJob() throws Exception {
    EmbeddedJob job = held(Jobs.config(2), storage.own(id));
    CheckpointEntry bad = checkpoint(job);
    job.cancel();
    end(job);
    release();
    store.damagedParts.add(bad.location());
    JobCheckpoints owner = storage.own(id);
    JobSnapshot only = owner.latest((entry, why) -> {}).orElseThrow().snapshot();
    EmbeddedJob resumed = start(Jobs.config(2), owner, only);
    assertThat(end(resumed)).isEqualTo(JobEnd.Kind.FAILED);
    assertThat(resumed.end().get().failure())
        .hasMessageContaining("FLX-STATE-0001")
        .hasMessageContaining("is damaged");
    assertThat(sink.rows()).isEmpty();
  }

  @Test
  void oldOwner_neitherRegistersNorCommits() throws Exception {
    EmbeddedJob old =
        held(
            Jobs.config(1).restartStrategy(RestartStrategy.fixedDelay(9, Duration.ZERO)),
            storage.own(id));
    CheckpointEntry last = checkpoint(old);
    JobCheckpoints owner = storage.own(id);
    release();
    assertThat(end(old)).isEqualTo(JobEnd.Kind.FAILED);
    assertThat(old.end().get().failure()).hasMessageContaining(CheckpointRegistry.STALE_OWNER);
    assertThat(sink.commits).hasValue(0);
    assertThat(registry.latest(id)).contains(last);
    EmbeddedJob next =
        start(Jobs.config(2), owner, owner.latest((entry, why) -> {}).orElseThrow().snapshot());
    assertThat(end(next)).isEqualTo(JobEnd.Kind.FINISHED);
    assertThat(sink.rows()).isEqualTo(Jobs.expectedCounts(source));
  }

  @Test
  void newOwner_clearsAwayWhatIsIncomplete() throws Exception {
    EmbeddedJob old = held(Jobs.config(1), storage.own(id));
    store.gate = new CountDownLatch(1);
    CompletableFuture<CheckpointEntry> never = old.snapshot(SnapshotRequest.CHECKPOINT);
    assertThat(store.waiting.await(LONG_SECONDS, TimeUnit.SECONDS)).isTrue();
    storage.own(id);
    store.gate.countDown();
    assertThatThrownBy(() -> get(never)).hasMessageContaining("swept away");
    old.cancel();
    end(old);
    assertThat(store.list(id)).isEmpty();
    assertThat(registry.restartPoints(id)).isEmpty();
  }

  @Test
  void ids_riseAcrossOwners() throws Exception {
    AtomicLong last = new AtomicLong();
    for (int owner = 0; owner < 3; owner++) {
      EmbeddedJob job = held(Jobs.config(1), storage.own(id));
      CheckpointEntry entry = checkpoint(job);
      assertThat(entry.checkpointId()).isGreaterThan(last.getAndSet(entry.checkpointId()));
      job.cancel();
      end(job);
    }
    assertThat(registry.restartPoints(id)).hasSize(3);
  }
}
