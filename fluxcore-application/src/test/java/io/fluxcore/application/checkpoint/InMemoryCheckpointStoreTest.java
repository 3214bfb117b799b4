package io.fluxcore.application.checkpoint;

import io.fluxcore.application.checkpoint.kit.CheckpointStoreContract;

class InMemoryCheckpointStoreTest extends CheckpointStoreContract {
  private final CheckpointStore store = new InMemoryCheckpointStore();

  @Override
  protected CheckpointStore store() {
    return store;
  }
}
