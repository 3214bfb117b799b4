package io.fluxcore.application.job;

import io.fluxcore.application.job.kit.OperationStoreContract;
import io.fluxcore.application.operation.InMemoryOperationStore;
import io.fluxcore.application.operation.OperationStore;
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
}
