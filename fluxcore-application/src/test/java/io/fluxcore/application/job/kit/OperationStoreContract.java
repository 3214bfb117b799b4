package io.fluxcore.application.job.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.operation.Operation;
import io.fluxcore.application.operation.OperationError;
import io.fluxcore.application.operation.OperationId;
import io.fluxcore.application.operation.OperationProgress;
import io.fluxcore.application.operation.OperationStatus;
import io.fluxcore.application.operation.OperationStore;
import io.fluxcore.application.operation.OperationType;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.job.JobId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an {@link OperationStore} does. */
public abstract class OperationStoreContract {
  private static final Instant T = Instant.parse("2026-01-01T00:00:00.123456789Z");

  /** A store of the same operations as the others of this test. */
  protected abstract OperationStore store();

  private static Operation operation(
      String id, OperationStatus status, Map<String, String> result, Instant changed) {
    @Nullable OperationError error =
        status == OperationStatus.FAILED
            ? new OperationError("FLX-X-1", ErrorCategory.EXTERNAL, "no \"ä\"", "")
            : null;
    return new Operation(
        new OperationId(id),
        OperationType.RESCALE,
        JobId.of(1, 2),
        status,
        new OperationProgress(40, "stopping"),
        result,
        error,
        T,
        changed);
  }

  @Test
  void operation_isReadBackEqual_asItIsSavedLast() {
    OperationStore store = store();
    Operation failed = operation("op_1", OperationStatus.FAILED, Map.of(), T);
    Operation running = operation("op_2", OperationStatus.RUNNING, Map.of(), T);
    Operation done =
        operation("op_2", OperationStatus.SUCCEEDED, Map.of("a", "1", "b", "ä\n"), T.plusNanos(1));
    store.save(running);
    store.save(failed);
    store.save(done);
    assertThat(store().find(failed.id())).contains(failed);
    assertThat(store().find(done.id())).contains(done);
    assertThat(store().find(new OperationId("op_3"))).isEmpty();
    assertThat(store().all()).as("newest first").containsExactly(failed, done);
  }

  @Test
  void endedOperations_areRemoved_runningOnesStay() {
    OperationStore store = store();
    Operation running = operation("op_1", OperationStatus.RUNNING, Map.of(), T);
    Operation old = operation("op_2", OperationStatus.SUCCEEDED, Map.of(), T);
    Operation later = operation("op_3", OperationStatus.CANCELLED, Map.of(), T.plusMillis(2));
    store.save(running);
    store.save(old);
    store.save(later);
    store.removeEndedBefore(T.plusMillis(1));
    assertThat(store.all()).containsExactly(later, running);
  }
}
