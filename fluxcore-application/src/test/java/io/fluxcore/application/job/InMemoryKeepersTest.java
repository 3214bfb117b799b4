package io.fluxcore.application.job;

import io.fluxcore.application.job.kit.DeadLettersContract;
import io.fluxcore.application.job.kit.OperationStoreContract;
import io.fluxcore.application.operation.InMemoryOperationStore;
import io.fluxcore.application.operation.OperationStore;
import io.fluxcore.application.runtime.DeadLetters;
import io.fluxcore.application.runtime.InMemoryDeadLetters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;

class InMemoryKeepersTest {
  @Nested
  class Operations extends OperationStoreContract {
    private final InMemoryOperationStore operations = new InMemoryOperationStore();

    @Override
    protected OperationStore store() {
      return operations;
    }
  }

  @Nested
  class Letters extends DeadLettersContract {
    private @Nullable DeadLetters kept;

    @Override
    protected DeadLetters letters(int limit) {
      if (kept == null) {
        kept = new InMemoryDeadLetters(limit);
      }
      return kept;
    }
  }
}
