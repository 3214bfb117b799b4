package io.fluxcore.domain.state;

import io.fluxcore.domain.harness.StateBackendContract;
import io.fluxcore.domain.key.KeyGroupRange;

class HeapStateBackendTest extends StateBackendContract {
  @Override
  protected StateBackend create(KeyGroupRange range, int maxParallelism) {
    return new HeapStateBackend(range, maxParallelism);
  }
}
