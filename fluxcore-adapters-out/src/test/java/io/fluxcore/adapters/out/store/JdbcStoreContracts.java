package io.fluxcore.adapters.out.store;

import io.fluxcore.application.job.InMemoryJobText;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.job.kit.DeadLettersContract;
import io.fluxcore.application.job.kit.JobStoreContract;
import io.fluxcore.application.job.kit.OperationStoreContract;
import io.fluxcore.application.operation.OperationStore;
import io.fluxcore.application.runtime.DeadLetters;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

/** The kits, over a database that has been emptied. */
abstract class JdbcStoreContracts {
  abstract JdbcStore store();

  @Nested
  class Jobs extends JobStoreContract {
    private final InMemoryJobText text = new InMemoryJobText();

    @Override
    protected JobStore store(Duration lease) {
      return JdbcStoreContracts.this.store().jobs(text, lease);
    }
  }

  @Nested
  class Operations extends OperationStoreContract {
    @Override
    protected OperationStore store() {
      return JdbcStoreContracts.this.store().operations();
    }
  }

  @Nested
  class Letters extends DeadLettersContract {
    @Override
    protected DeadLetters letters(int limit) {
      return JdbcStoreContracts.this.store().deadLetters(limit);
    }
  }
}
