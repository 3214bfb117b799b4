package io.fluxcore.adapters.out.store;

import io.fluxcore.application.checkpoint.CheckpointRegistry;
import io.fluxcore.application.checkpoint.kit.CheckpointRegistryContract;
import io.fluxcore.application.deadletter.DeadLetterRetention;
import io.fluxcore.application.deadletter.DeadLetters;
import io.fluxcore.application.deadletter.kit.DeadLettersContract;
import io.fluxcore.application.job.InMemoryJobText;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.job.kit.JobStoreContract;
import io.fluxcore.application.job.kit.OperationStoreContract;
import io.fluxcore.application.operation.OperationStore;
import java.time.Duration;
import java.time.InstantSource;
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
  class Checkpoints extends CheckpointRegistryContract {
    @Override
    protected CheckpointRegistry registry() {
      return JdbcStoreContracts.this.store().checkpoints();
    }
  }

  @Nested
  class Letters extends DeadLettersContract {
    @Override
    protected DeadLetters open(DeadLetterRetention retention, InstantSource time) {
      return JdbcStoreContracts.this.store().deadLetters(retention, time);
    }
  }
}
