package io.fluxcore.application.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OperationsTest {
  private static final JobId JOB = JobId.of(0, 1);

  private Instant now = Instant.EPOCH;
  private final AtomicInteger ids = new AtomicInteger();
  private final InMemoryOperationStore store = new InMemoryOperationStore();
  private final Operations operations =
      new Operations(store, () -> now, () -> new OperationId("op_" + ids.incrementAndGet()));

  @Test
  void work_isFollowedToItsEnd() throws Exception {
    CompletableFuture<Map<String, String>> work = new CompletableFuture<>();
    List<Operations.Steps> steps = new ArrayList<>();

    Operation started =
        operations.start(
            OperationType.RESCALE,
            JOB,
            s -> {
              steps.add(s);
              return work;
            });
    assertThat(started.status()).isEqualTo(OperationStatus.PENDING);

    steps.get(0).at(40, "stopping");
    steps.get(0).at(20, "too late");
    assertThat(operations.get(started.id()).status()).isEqualTo(OperationStatus.RUNNING);
    assertThat(operations.get(started.id()).progress())
        .isEqualTo(new OperationProgress(40, "stopping"));
    assertThat(operations.await(started.id(), Duration.ZERO).status())
        .isEqualTo(OperationStatus.RUNNING);

    now = now.plusSeconds(5);
    work.complete(Map.of("parallelism", "8"));
    Operation ended = operations.await(started.id(), Duration.ofSeconds(10));
    assertThat(ended.status()).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(ended.result()).containsEntry("parallelism", "8");
    assertThat(ended.progress().percent()).isEqualTo(100);
    assertThat(ended.changed()).isEqualTo(now);
    steps.get(0).at(100, "after the end");
    assertThat(operations.get(started.id())).isEqualTo(ended);
  }

  @Test
  void failure_saysWhy() {
    Operation known =
        operations.start(
            OperationType.RESUME,
            JOB,
            s ->
                CompletableFuture.failedFuture(
                    FluxCoreException.user("FLX-X-1", Place.WHOLE, "no", "yes")));
    assertThat(operations.get(known.id()).status()).isEqualTo(OperationStatus.FAILED);
    assertThat(operations.get(known.id()).error())
        .extracting(OperationError::code, OperationError::remedy)
        .containsExactly("FLX-X-1", "yes");

    Operation defect =
        operations.start(
            OperationType.RESUME,
            JOB,
            s -> CompletableFuture.failedFuture(new IllegalStateException("oops")));
    assertThat(operations.get(defect.id()).error())
        .extracting(OperationError::code, OperationError::message)
        .containsExactly("FLX-OP-0003", "java.lang.IllegalStateException: oops");

    Operation cancelled =
        operations.start(
            OperationType.RESUME,
            JOB,
            s -> CompletableFuture.failedFuture(new CancellationException()));
    assertThat(operations.get(cancelled.id()).status()).isEqualTo(OperationStatus.CANCELLED);
    assertThat(operations.all())
        .extracting(Operation::id)
        .containsExactly(cancelled.id(), defect.id(), known.id());
  }

  @Test
  void refusal_leavesNothingBehind() {
    assertThatThrownBy(
            () ->
                operations.start(
                    OperationType.SUSPEND,
                    JOB,
                    s -> {
                      throw FluxCoreException.user("FLX-X-1", Place.WHOLE, "no", "");
                    }))
        .isInstanceOf(FluxCoreException.class);
    assertThat(operations.all()).isEmpty();
    assertThatThrownBy(() -> operations.get(new OperationId("op_1")))
        .hasMessageContaining("FLX-OP-0002");
  }

  @Test
  void endedOperations_areKeptForADay() {
    Operation old =
        operations.start(
            OperationType.SUSPEND, JOB, s -> CompletableFuture.completedFuture(Map.of()));
    Operation running = operations.start(OperationType.RESUME, JOB, s -> new CompletableFuture<>());
    now = now.plus(Operations.KEPT);
    Operation later =
        operations.start(
            OperationType.SUSPEND, JOB, s -> CompletableFuture.completedFuture(Map.of()));
    assertThat(operations.all()).hasSize(3);
    now = now.plus(Duration.ofHours(2));
    Operation last =
        operations.start(
            OperationType.SUSPEND, JOB, s -> CompletableFuture.completedFuture(Map.of()));
    assertThat(operations.all())
        .extracting(Operation::id)
        .containsExactly(last.id(), later.id(), running.id())
        .doesNotContain(old.id());
  }

  @Test
  void operationsOfAServerThatIsGone_haveFailed() {
    Operation ours = operations.start(OperationType.RESUME, JOB, s -> new CompletableFuture<>());
    Operation theirs = Operation.pending(new OperationId("op_x"), OperationType.RESCALE, JOB, now);
    Operation another =
        Operation.pending(new OperationId("op_y"), OperationType.RESCALE, JobId.of(0, 2), now);
    store.save(theirs);
    store.save(another);

    operations.interrupted(JOB);

    assertThat(operations.get(ours.id()).status()).isEqualTo(OperationStatus.PENDING);
    assertThat(operations.get(another.id()).status()).isEqualTo(OperationStatus.PENDING);
    assertThat(operations.get(theirs.id()).error())
        .extracting(OperationError::code)
        .isEqualTo("FLX-OP-0004");
  }
}
