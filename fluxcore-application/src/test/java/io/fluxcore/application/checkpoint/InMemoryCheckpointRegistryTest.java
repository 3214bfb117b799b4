package io.fluxcore.application.checkpoint;

import io.fluxcore.application.checkpoint.kit.CheckpointRegistryContract;

class InMemoryCheckpointRegistryTest extends CheckpointRegistryContract {
  private final CheckpointRegistry registry = new InMemoryCheckpointRegistry();

  @Override
  protected CheckpointRegistry registry() {
    return registry;
  }
}
